// The names of the frameworks that a program uses, by line, each once a line.
// It knows a name only as the program writes it: whether the map has it is another question.
import { close } from "./brackets.js";
import { Program, split } from "./program.js";

const NAMES = /(?<![\w.])([A-Za-z_]\w*)((?:\s*\.\s*[A-Za-z_]\w*)*)/g;
const NAMED = /^(\w+)\s*=(?!=)/; // an argument

class Uses {
  constructor(program) {
    this.program = program;
    this.code = program.code;
    this.tables = program.tables;
    this.found = new Map();
    const theirs = [...program.known.values()];
    if (!theirs.length) return;
    const torch = theirs.some((name) => `${name}.`.startsWith("torch."));
    this.guess = this.tables.tensors[torch ? "torch" : "tf"]; // what an object is, where nothing tells
    this.names();
    this.attributes();
    this.subscripts();
  }

  add(line, name, more) {
    const key = `${line} ${name}`;
    if (!this.found.has(key)) this.found.set(key, { line, name, sure: true, member: false, given: new Set(), ...more });
  }

  // Where the bracket of a call opens behind a name, or -1.
  call(end) {
    return /^\s*\(/.test(this.code.slice(end)) ? this.code.indexOf("(", end) : -1;
  }

  // The names of the arguments of a call.
  given(open) {
    if (open < 0) return new Set();
    return new Set(this.program.within(open).map((part) => part.match(NAMED)?.[1]).filter(Boolean));
  }

  // Whether it looks like a method of a string, a list, a set or a dictionary, or like one of Python's own names.
  python(attribute, open) {
    if (attribute.startsWith("__")) return true;
    if (!this.tables.pythons.has(attribute) || open < 0) return false;
    return !this.program.within(open).some((part) => /^\d+$/.test(part) || NAMED.test(part));
  }

  // Whether a subscript looks like one of several tensors: `x[rows, columns]`.
  gathers(open) {
    if (/^\s*=(?!=)/.test(this.code.slice(this.program.close(open) + 1))) return false;
    const simple = (part) => {
      if (/^[A-Za-z_]\w*$/.test(part)) return !this.tables.keywords.has(part);
      const call = part.match(/^[A-Za-z_][\w.]*\(/);
      return Boolean(call) && close(part, call[0].length - 1) === part.length - 1;
    };
    return this.program.within(open).filter(simple).length > 1;
  }

  // The last of some names, of an object that is known by its class or not at all.
  attribute(names, end, { kind, foreign }) {
    const open = this.call(end), given = this.given(open), last = names.at(-1), line = this.program.line(end - 1);
    if (kind) this.add(line, `${kind}.${last}`, { member: true, given });
    else if ((open >= 0 || this.tables.read.has(last)) && !foreign && !this.python(last, open))
      this.add(line, `${this.guess}.${last}`, { sure: false, given });
  }

  // Names, and attributes of names.
  names() {
    for (const match of this.code.matchAll(NAMES)) {
      const [text, first] = match, at = match.index, end = at + text.length;
      if (this.program.spans.some(([from, to]) => from <= at && at < to)) continue;
      if (/[)\]]\s*\.\s*$/.test(this.code.slice(Math.max(0, at - 20), at))) continue;
      const named = text === first && /^\s*=(?!=)/.test(this.code.slice(end));
      if (named && /[(,]\s*$/.test(this.code.slice(0, at))) continue;
      const names = split(text), name = this.program.dotted(text);
      if (name) this.add(this.program.line(at), name, { given: this.given(this.call(end)) });
      else if (names.length > 1) {
        const kind = this.program.kind(names.slice(0, -1), at);
        this.attribute(names, end, { kind, foreign: this.program.foreign(first) });
      }
    }
  }

  // Attributes of what a call or a subscript gave.
  attributes() {
    for (const match of this.code.matchAll(/([)\]])((?:\s*\.\s*[A-Za-z_]\w*)+)/g)) {
      const names = split(match[2]).slice(1), receiver = this.program.before(match.index);
      const kind = names.length > 1 ? null : receiver.kind;
      this.attribute(names, match.index + match[0].length, { ...receiver, kind });
    }
  }

  subscripts() {
    for (const match of this.code.matchAll(/[\w)\]]\[/g)) {
      const open = match.index + 1;
      if (!this.gathers(open)) continue;
      const receiver = this.program.before(this.program.close(open));
      if (!receiver.foreign) this.add(this.program.line(receiver.from), `${this.guess}.__getitem__`, { sure: false });
    }
  }
}

export const uses = (text, tables) => {
  const found = [...new Uses(new Program(text, tables)).found.values()];
  const order = (one, other) => (one < other ? -1 : one > other ? 1 : 0);
  return found.sort((one, other) => order(one.line, other.line) || order(one.name, other.name));
};
