// The syntax of a program, statement by statement: what it imports, its classes, what it assigns, and every name in it.
import { Expressions } from "./expressions.js";
import { statements } from "./tokens.js";

const AUGMENTED = /^(?:[-+*/%@&|^]|\*\*|\/\/|<<|>>)=$/;

export class Syntax extends Expressions {
  constructor(parts, tables) {
    super(tables);
    this.imports = []; // [under which name, full name, whether it is this program's own package, line]
    this.classes = new Map(); // their bases, by name
    this.assignments = []; // targets and value, as they stand in the text
    this.blocks = [{ indent: -1, owner: null, matches: false }];
    for (const [line, text] of parts)
      for (const { tokens, indent } of statements(text, line)) this.statement(tokens, indent);
  }

  statement(tokens, indent) {
    while (this.blocks.length > 1 && this.blocks.at(-1).indent >= indent) this.blocks.pop();
    const block = this.blocks.at(-1);
    this.enter(tokens);
    this.owner = block.owner;
    if (this.op() === "@") this.at += 1; // a decorator
    else {
      const head = this.head(block);
      if (head) {
        this.blocks.push({ indent, owner: this.owner, matches: false, ...head });
        this.owner = this.blocks.at(-1).owner;
        if (this.op() === ":") this.at += 1;
      }
    }
    while (this.at < tokens.length) {
      const before = this.at;
      if (this.op() !== ";") this.simple();
      if (this.op() === ";" || this.at === before) this.at += 1;
    }
  }

  // Reads what heads a block, up to its colon: what is special about the block, or null for any other statement.
  head(block) {
    const late = this.word() === "async" ? 1 : 0, said = this.word(late);
    this.at += late;
    switch (said) {
      case "class":
        return this.class();
      case "def":
        return this.function();
      case "for":
        this.at += 1;
        this.targets();
        if (this.word() === "in") this.at += 1;
        this.list();
        return {};
      case "with":
        this.at += 1;
        this.with(late);
        return {};
      case "if": case "while": case "elif":
        this.at += 1;
        this.list();
        return {};
      case "try": case "finally": case "else":
        this.at += 1;
        return {};
      case "except":
        this.at += this.op(1) === "*" ? 2 : 1;
        this.list();
        if (this.word() === "as") this.at += 2;
        return {};
    }
    this.at -= late;
    return this.soft(block);
  }

  // `match` and `case`, which are names elsewhere.
  soft(block) {
    const said = this.tokens[0];
    if (said?.kind !== "name" || !this.tokens[1]) return null;
    if (said.text === "case" && block.matches) {
      this.at += 1;
      this.pattern();
      return {};
    }
    const last = this.tokens.at(-1), second = this.op(1);
    if (said.text !== "match" || last.kind !== "op" || last.text !== ":" || /^(?:[.,:;=]|.=|..=)$/.test(second)) return null;
    this.at += 1;
    this.list();
    return { matches: true };
  }

  // A pattern of a case: only its dotted names and its classes are names, the others are bound.
  pattern() {
    for (let depth = 0; this.at < this.tokens.length; ) {
      const said = this.op();
      if (said === ":" && !depth) return;
      if (this.word() === "if" && !depth) {
        this.at += 1;
        this.list();
        continue;
      }
      if ("([{".includes(said || " ")) depth += 1;
      if (")]}".includes(said || " ")) depth -= 1;
      if (this.name() && (this.op(1) === "." || this.op(1) === "(")) {
        const first = this.tokens[this.at];
        let node = this.step(this.make("name", first, first, { id: first.text }));
        for (; this.op() === "." && this.tokens[this.at + 1]; this.at += 2) {
          const token = this.tokens[this.at + 1];
          node.inner = true;
          node = this.make("attribute", first, token, { value: node, attr: token.text });
        }
      } else this.at += 1;
    }
  }

  class() {
    const name = this.tokens[this.at + 1]?.text ?? "";
    this.at += 2;
    if (this.op() === "[") this.at = this.tokens[this.at].match + 1; // its type parameters
    const bases = this.op() === "(" ? this.bracket(this.tokens[this.at]).items : [];
    this.classes.set(name, bases);
    return { owner: { name } };
  }

  function() {
    this.at += 2;
    if (this.op() === "[") this.at = this.tokens[this.at].match + 1;
    if (this.op() === "(") {
      const end = this.tokens[this.at].match;
      this.at += 1;
      this.parameters(end, true);
      this.at = Math.max(this.at, end + 1);
    }
    if (this.op() === "->") this.annotation();
    return {};
  }

  with(late) {
    const { match = -1 } = this.tokens[this.at] ?? {}, behind = this.tokens[match + 1];
    // Items may stand in a bracket together: then `as` is in it.
    const together = this.op() === "(" && behind?.kind === "op" && behind.text === ":" && this.names(this.at, match, "as");
    if (together) this.at += 1;
    while (this.at < this.tokens.length) {
      const value = this.expression();
      if (this.word() === "as") {
        this.at += 1;
        const target = this.operand() ?? { type: "other" };
        this.store(target);
        if (!late) this.assignments.push([[target], value]);
      }
      if (this.op() !== ",") break;
      this.at += 1;
    }
    if (together) this.at = match + 1;
  }

  // Whether a keyword stands in a bracket, and in none within it.
  names(open, close, word) {
    for (let at = open + 1; at < close; at += 1) {
      const { kind, text, match } = this.tokens[at];
      if (kind === "op" && match) at = match;
      else if (kind === "name" && text === word) return true;
    }
    return false;
  }

  simple() {
    switch (this.word()) {
      case "import":
        return this.import();
      case "from":
        return this.from();
      case "global": case "nonlocal":
        while (this.at < this.tokens.length && this.op() !== ";") this.at += 1;
        return;
      case "del":
        this.at += 1;
        return this.store(this.list());
      case "raise":
        this.at += 1;
        this.list();
        if (this.word() !== "from") return;
        this.at += 1;
        return void this.list();
      case "return": case "assert": case "pass": case "break": case "continue":
        this.at += 1;
        return void this.list();
    }
    this.assignment();
  }

  assignment() {
    const found = [this.list()];
    if (this.op() === ":") {
      this.store(found[0]);
      this.annotation();
    } else if (AUGMENTED.test(this.op())) {
      this.store(found[0]);
      this.at += 1;
      return void this.list();
    }
    while (this.op() === "=") {
      this.at += 1;
      found.push(this.list());
    }
    const value = found.pop();
    if (found.length) this.assignments.push([found, value]);
    for (const target of found) this.store(target);
  }

  // A dotted name, without blanks.
  dotted() {
    let found = "";
    for (; this.name() || this.op() === "."; this.at += 1) found += this.tokens[this.at].text;
    return found;
  }

  as() {
    if (this.word() !== "as") return "";
    this.at += 2;
    return this.tokens[this.at - 1]?.text ?? "";
  }

  import() {
    do {
      this.at += 1;
      const name = this.dotted(), alias = this.as(), first = name.split(".")[0];
      if (name) this.imports.push([alias || first, alias ? name : first, false, 0]);
    } while (this.op() === ",");
  }

  from() {
    const { line } = this.tokens[this.at];
    this.at += 1;
    const own = this.op() !== "";
    while (this.op()) this.at += 1; // dots
    const module = this.dotted();
    if (this.word() !== "import") return;
    this.at += 1;
    if (this.op() === "(") this.at += 1;
    while (this.name() || this.op() === "*") {
      const name = this.tokens[this.at].text;
      this.at += 1;
      this.imports.push([this.as() || name, `${module}.${name}`, own, line]);
      if (this.op() !== ",") break;
      this.at += 1;
    }
    if (this.op() === ")") this.at += 1;
  }
}
