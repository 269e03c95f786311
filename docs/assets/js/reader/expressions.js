// Expressions, as far as names go: names, attributes, calls and subscripts with what they are of, and literals. Of what
// operators join, the parts are found and no more is known. What is no Python gives something too.

const DEEP = 400; // expressions in expressions: Python takes 200 brackets
const OTHER = { type: "other" };
const PREFIXES = new Set(["+", "-", "~", "*", "**"]);
const BETWEEN = /^(?:[-+*/%@&|^<>]|\*\*|\/\/|<<|>>|[=!<>]=|:=)$/;

export class Expressions {
  constructor(tables) {
    this.tables = tables;
    this.nodes = []; // every name, attribute and subscript that is no annotation
    this.owner = null; // the class in whose body they stand
    this.muted = false; // whether they are an annotation
    this.depth = 0;
    this.enter([]);
  }

  enter(tokens) {
    this.tokens = tokens;
    this.at = 0;
  }

  // The text of a token that is an operator, or a keyword: of the next one, or of one behind it.
  op(by = 0) {
    const token = this.tokens[this.at + by];
    return token?.kind === "op" ? token.text : "";
  }

  word(by = 0) {
    const token = this.tokens[this.at + by];
    return token?.kind === "name" && this.tables.keywords.has(token.text) ? token.text : "";
  }

  // A name that is no keyword.
  name(by = 0) {
    const token = this.tokens[this.at + by];
    return token?.kind === "name" && !this.tables.keywords.has(token.text) ? token.text : "";
  }

  make(type, first, last, more) {
    const node = { type, from: first.line, to: last.line, end: last.end, owner: this.owner, ...more };
    if (type !== "call" && !this.muted) this.nodes.push(node);
    return node;
  }

  // An expression, up to what cannot go on in it: its node, if it is one operand alone.
  expression() {
    if (this.depth > DEEP) return this.step(OTHER);
    this.depth += 1;
    let only = null, plain = true, star = false;
    for (;;) {
      while (this.prefix()) {
        star = plain && this.tokens[this.at - 1]?.text === "*";
        plain = false;
      }
      const operand = this.operand();
      only ??= operand;
      if (!operand || !this.between()) break;
      plain = star = false;
    }
    this.depth -= 1;
    return only && plain ? only : only && star ? { type: "star", value: only } : OTHER;
  }

  // Goes behind what may stand before an operand.
  prefix() {
    if (PREFIXES.has(this.op())) this.at += 1;
    else if (this.word() === "lambda") {
      this.at += 1;
      this.parameters(this.tokens.length, false);
      if (this.op() === ":") this.at += 1;
    } else if (["not", "await", "yield"].includes(this.word())) this.at += this.word(1) === "from" ? 2 : 1;
    else return false;
    return true;
  }

  // Goes behind what joins two operands.
  between() {
    switch (this.word()) {
      case "and": case "or": case "in": case "is": case "if": case "else":
        this.at += 1;
        return true;
      case "not":
        this.at += this.word(1) === "in" ? 2 : 1;
        return true;
    }
    if (!BETWEEN.test(this.op())) return false;
    this.at += 1;
    return true;
  }

  // Parameters up to a place, or to the colon of a lambda: only their annotations and what they are without one.
  parameters(end, annotated) {
    while (this.at < end) {
      const said = this.op();
      if (said === ":" && !annotated) return;
      if (said === ":") this.annotation();
      else if (said === "=") {
        this.at += 1;
        this.expression();
      } else if (annotated || this.name() || [",", "*", "**", "/"].includes(said)) this.at += 1;
      else return;
    }
  }

  annotation() {
    this.at += 1;
    this.muted = true;
    this.expression();
    this.muted = false;
  }

  operand() {
    const first = this.tokens[this.at];
    if (!first) return null;
    if (this.name()) return this.behind(this.step(this.make("name", first, first, { id: first.text })), first);
    if (first.kind === "name") {
      const constant = ["None", "True", "False"].includes(first.text);
      return constant ? this.behind(this.step({ type: "constant" }), first) : null;
    }
    if (first.kind === "number") return this.behind(this.step({ type: "constant", whole: first.whole }), first);
    if (first.kind === "text") return this.behind(this.strings(), first);
    if (first.text === "...") return this.behind(this.step({ type: "constant" }), first);
    return "([{".includes(first.text) ? this.behind(this.display(first), first) : null;
  }

  step(node) {
    this.at += 1;
    return node;
  }

  // Strings beside each other, with what stands in their braces.
  strings() {
    for (; this.tokens[this.at]?.kind === "text"; this.at += 1) {
      const { tokens, at } = this;
      for (const field of tokens[at].fields) {
        this.enter(field);
        this.inside(field.length);
      }
      Object.assign(this, { tokens, at });
    }
    return { type: "constant" };
  }

  // What brackets make where no expression stands before them.
  display(first) {
    const { items, commas, colons, doubles, comprehension } = this.bracket(first);
    if (first.text === "[") return { type: "list", items };
    if (first.text === "{") {
      const dict = !comprehension && (colons || doubles || !items.length);
      return dict ? { type: "dict" } : OTHER;
    }
    if (items.length === 1 && !commas && !comprehension) return items[0];
    return comprehension ? OTHER : { type: "tuple", items };
  }

  // What stands in the bracket that opens here.
  bracket(first) {
    const end = first.match;
    this.at += 1;
    const found = this.inside(end);
    this.at = Math.max(this.at, end + 1);
    return found;
  }

  // The items between commas up to a place, and the names of those that have one.
  inside(end) {
    const found = { items: [], names: [], commas: 0, colons: 0, doubles: 0, comprehension: false };
    let parts = [];
    const close = () => {
      if (parts.length) found.items.push(parts.length === 1 ? parts[0] : OTHER);
      parts = [];
    };
    while (this.at < end) {
      const said = this.op(), before = this.at;
      if (said === ",") {
        close();
        found.commas += 1;
        this.at += 1;
      } else if (said === ":") {
        parts.push(OTHER, OTHER); // a slice, or a key
        found.colons += 1;
        this.at += 1;
      } else if (!parts.length && this.name() && this.op(1) === "=") {
        found.names.push(this.name());
        this.at += 2;
        this.expression();
      } else if (this.word() === "for" || (this.word() === "async" && this.word(1) === "for")) {
        found.comprehension = true;
        this.at += this.word() === "for" ? 1 : 2;
        this.targets();
        if (this.word() === "in") this.at += 1;
        parts.push(OTHER);
      } else {
        if (said === "**") found.doubles += 1;
        parts.push(this.expression());
        if (this.at === before) this.at += 1; // no Python
      }
    }
    close();
    return found;
  }

  // Attributes, calls and subscripts of a node.
  behind(node, first) {
    for (;;) {
      const said = this.op(), last = this.tokens[this.at];
      if (said === "." && this.tokens[this.at + 1]?.kind === "name") {
        if (node.type === "name" || node.type === "attribute") node.inner = true;
        const token = this.tokens[this.at + 1];
        this.at += 2;
        node = this.make("attribute", first, token, { value: node, attr: token.text });
      } else if (said === "(") {
        const { items, names, doubles } = this.bracket(last);
        const call = this.make("call", first, last, { func: node, args: items, names, named: names.length + doubles > 0 });
        node.call = call;
        node = call;
      } else if (said === "[") {
        const { items, commas } = this.bracket(last), close = this.tokens[last.match] ?? last;
        const [only] = items, several = commas ? items : only?.type === "tuple" ? only.items : [];
        node = this.make("subscript", first, close, { value: node, several });
      } else return node;
    }
  }

  // Expressions between commas: the only one, or a tuple.
  list() {
    const items = [];
    let commas = 0;
    for (;;) {
      const before = this.at, item = this.expression();
      if (this.at > before) items.push(item);
      if (this.op() !== ",") break;
      this.at += 1;
      commas += 1;
    }
    return commas ? { type: "tuple", items } : (items[0] ?? OTHER);
  }

  // What a loop assigns to, up to its `in`.
  targets() {
    for (;;) {
      while (this.op() === "*") this.at += 1;
      const target = this.operand();
      if (target) this.store(target);
      if (this.op() !== ",") return;
      this.at += 1;
    }
  }

  // Notes that something is assigned to a node, or to its parts.
  store(node) {
    node.stored = true;
    if (node.type === "tuple" || node.type === "list") for (const item of node.items) this.store(item);
    if (node.type === "star") this.store(node.value);
  }
}
