// A program as logical lines of tokens. Comments and blanks are in none of them; what stands in the braces of an f-string
// is tokens of its own. Whatever the text is, this takes as long as it is long, and gives something.

const STRING = String.raw`(?<prefix>[rbuftRBUFT]{0,2})(?<quote>"""|'''|"|')`;
const NAME = String.raw`(?<name>[\p{ID_Start}_]\p{ID_Continue}*)`;
const NUMBER = String.raw`(?<number>0[xX][\da-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][-+]?\d[\d_]*)?[jJ]?)`;
const OPERATOR = String.raw`(?<op>->|:=|\.\.\.|(?:\*\*|//|<<|>>|[-+*/%@&|^=!<>])=|\*\*|//|<<|>>|[^])`;
const TOKEN = new RegExp(String.raw`(?<blank>[ \t\f]+|\\\n|#[^\n]*)|${STRING}|${NAME}|${NUMBER}|${OPERATOR}`, "uy");
const WHOLE = /^(?:[\d_]+|0[xXoObB].*)$/; // a number
const DEEP = 20; // f-strings in f-strings

class Tokens {
  constructor(text, line) {
    this.text = text;
    this.at = 0;
    this.line = line;
    this.deep = 0;
  }

  // The next token behind blanks; what ends a line is one. Null at the end.
  next() {
    while (this.at < this.text.length) {
      TOKEN.lastIndex = this.at;
      const { groups, 0: text } = TOKEN.exec(this.text), line = this.line;
      this.at += text.length;
      if (text.includes("\n")) this.line += 1;
      if (groups.blank !== undefined) continue;
      const token = { kind: "op", text, line, end: this.at };
      if (groups.name !== undefined) Object.assign(token, { kind: "name", text: text.normalize("NFKC") });
      else if (groups.number !== undefined) Object.assign(token, { kind: "number", whole: WHOLE.test(text) });
      else if (groups.quote !== undefined) Object.assign(token, { kind: "text", fields: this.string(groups) });
      return token;
    }
    return null;
  }

  // Goes behind the string that has begun; gives the tokens in each pair of its braces.
  string({ prefix, quote }) {
    const formatted = /[ft]/i.test(prefix) && this.deep < DEEP, raw = /r/i.test(prefix), fields = [];
    const stops = new RegExp(`${quote}|\\\\|\n${formatted ? "|[{}]" : ""}`, "g");
    for (;;) {
      stops.lastIndex = this.at;
      const stop = stops.exec(this.text)?.[0];
      this.at = stop === undefined ? this.text.length : stops.lastIndex;
      const after = this.text[this.at];
      if (stop === undefined || stop === quote) return fields;
      if (stop === "\n") {
        if (quote.length === 1) return this.back(fields); // never closed
        this.line += 1;
      } else if (stop === "\\") this.escape(after, formatted, raw);
      else if (after === stop) this.at += 1; // doubled: a brace
      else if (stop === "{") this.field(fields);
    }
  }

  back(fields) {
    this.at -= 1;
    return fields;
  }

  escape(after, formatted, raw) {
    if (formatted && (after === "{" || after === "}")) return;
    if (formatted && !raw && after === "N" && this.text[this.at + 1] === "{") {
      const end = this.text.slice(this.at, this.at + 200).indexOf("}"); // of a letter's name
      this.at += end < 0 ? 2 : end + 1;
      return;
    }
    if (after === "\n") this.line += 1;
    this.at += 1;
  }

  // Takes a field of an f-string: its tokens, and those of the fields in its format.
  field(fields) {
    const tokens = [];
    let depth = 0;
    this.deep += 1;
    for (let token = this.next(); token; token = this.next()) {
      if (token.text === "\n" && token.kind === "op") continue;
      const { text, kind } = token;
      if (kind === "op" && !depth && (text === "}" || text === ":" || text === ":=" || text === "!")) {
        if (text === ":=") this.at -= 1;
        if (text !== "}") this.format(fields);
        break;
      }
      if (kind === "op" && "([{".includes(text)) depth += 1;
      if (kind === "op" && ")]}".includes(text)) depth -= 1;
      tokens.push(token);
    }
    this.deep -= 1;
    if (tokens.at(-1)?.text === "=") tokens.pop(); // it shows the expression too
    fields.push(matched(tokens));
  }

  // Goes behind the brace that closes a field, from its conversion or its format on.
  format(fields) {
    const stops = /[{}\n]/g;
    for (;;) {
      stops.lastIndex = this.at;
      const stop = stops.exec(this.text)?.[0];
      this.at = stop === undefined ? this.text.length : stops.lastIndex;
      if (stop === undefined || stop === "}") return;
      if (stop === "\n") this.line += 1;
      else if (this.deep < DEEP) this.field(fields);
    }
  }
}

// Tokens of which each bracket that opens knows where it closes, as a place among them.
const matched = (tokens) => {
  const open = [];
  tokens.forEach((token, at) => {
    if (token.kind !== "op") return;
    if ("([{".includes(token.text)) {
      token.match = tokens.length;
      open.push(token);
    } else if (")]}".includes(token.text) && open.length) open.pop().match = at;
  });
  return tokens;
};

// How far a line is indented, as Python counts it.
const indented = (text, from) => {
  let columns = 0;
  for (let at = from; ; at += 1) {
    if (text[at] === " ") columns += 1;
    else if (text[at] === "\t") columns += 8 - (columns % 8);
    else if (text[at] === "\f") columns = 0;
    else return columns;
  }
};

// Each statement, or what heads some: its tokens, and how far it is indented. Lines that IPython alone runs are left out.
export function* statements(text, line) {
  const found = new Tokens(text, line);
  let tokens = [], depth = 0, indent = indented(text, 0);
  const skip = () => {
    const end = text.indexOf("\n", found.at);
    found.at = end < 0 ? text.length : end;
  };
  for (let token = found.next(); token; token = found.next()) {
    const { text: said, kind, end } = token, last = tokens.at(-1);
    if (kind !== "op") tokens.push(token);
    else if (said === "\n") {
      if (depth > 0) continue;
      if (tokens.length) yield { tokens: matched(tokens), indent };
      [tokens, indent] = [[], indented(text, end)];
    } else if (depth <= 0 && "%!?".includes(said[0]) && (!last || (last.text === "=" && last.kind === "op"))) skip();
    else if (depth <= 0 && said === "?") {
      tokens = [];
      skip();
    } else {
      depth = Math.max(0, depth + "([{".includes(said) - ")]}".includes(said));
      tokens.push(token);
    }
  }
  if (tokens.length) yield { tokens: matched(tokens), indent };
}
