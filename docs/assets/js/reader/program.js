// What the names of a program stand for: its imports, its classes, and the classes of its variables.
// It knows the frameworks by their imports alone, and nothing of the map.
import { bare } from "./bare.js";
import { close, open, parts } from "./brackets.js";
import { imports } from "./imports.js";

const NAME = "[A-Za-z_]\\w*";
const DOTTED = `${NAME}(?:\\s*\\.\\s*${NAME})*`;
const CHAIN_BEFORE = new RegExp(`([)\\]])((?:\\s*\\.\\s*${NAME})+)\\s*$`);
const DOTTED_BEFORE = new RegExp(`(${DOTTED})\\s*$`);
const TARGETS = new RegExp(`^[ \\t]*((?:[A-Za-z_][\\w.]*[ \\t]*=(?!=)[ \\t]*)+)`, "gm");

export const split = (text) => text.replace(/\s/g, "").split(".");

export class Program {
  constructor(text, tables) {
    this.tables = tables;
    this.code = bare(text, tables.keywords);
    this.lines = [0];
    for (const match of this.code.matchAll(/\n/g)) this.lines.push(match.index + 1);
    Object.assign(this, imports(this.code, tables));
    this.classes = new Map();
    this.regions = [];
    this.findClasses();
    this.kinds = new Map(); // of variables; null where it is not always the same
    for (let round = 0; round < 2; round += 1) this.findKinds(); // what one holds may stand below where it is handed on
  }

  line(at) {
    let low = 0, high = this.lines.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.lines[middle] <= at) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  }

  close(at) {
    return close(this.code, at);
  }

  // The texts of the parts in a bracket that opens at a place.
  within(at) {
    return parts(this.code, at + 1, this.close(at)).map(([from, to]) => this.code.slice(from, to).trim());
  }

  findClasses() {
    for (const match of this.code.matchAll(/^([ \t]*)class[ \t]+(\w+)[ \t]*(\()?/gm)) {
      const [head, indent, name, bracket] = match;
      let end = match.index + head.length, bases = [];
      if (bracket) {
        bases = this.within(end - 1).filter((each) => !each.includes("="));
        end = this.close(end - 1);
      }
      const after = new RegExp(`\\n(?=[ \\t]{0,${indent.length}}[^\\s)\\]}])`, "g");
      after.lastIndex = this.code.indexOf("\n", end) < 0 ? this.code.length : this.code.indexOf("\n", end);
      this.classes.set(name, bases);
      this.regions.push([match.index, after.exec(this.code)?.index ?? this.code.length, name]);
    }
  }

  // The innermost class around a place.
  inside(at) {
    return this.regions.findLast(([from, to]) => from <= at && at < to)?.[2];
  }

  // The class of a framework that a class of the program is made of.
  base(name) {
    const seen = new Set();
    while (this.classes.has(name) && !seen.has(name)) {
      seen.add(name);
      const bases = this.classes.get(name);
      const given = bases.map((base) => this.dotted(base)).find(Boolean);
      if (given) return given;
      name = bases.find((base) => /^\w+$/.test(base)) ?? "";
    }
    return null;
  }

  // The full name of what names something of a framework.
  dotted(text) {
    const [first, ...rest] = split(text);
    if (!/^[\w.\s]+$/.test(text) || !this.known.has(first)) return null;
    return this.tables.outer([this.known.get(first), ...rest].join("."));
  }

  // `x`, or `Net.x` for `self.x` inside a class.
  variable(names, at) {
    if (names.length === 1) return names[0];
    const inside = this.inside(at);
    return names.length === 2 && names[0] === "self" && inside ? `${inside}.${names[1]}` : null;
  }

  // The class of a variable at a place.
  kind(names, at) {
    if (names.length === 1 && names[0] === "self" && this.inside(at)) return this.base(this.inside(at));
    return this.kinds.get(this.variable(names, at)) ?? null;
  }

  // The class of what a call of a dotted name gives.
  called(names, at) {
    const name = this.dotted(names.join(".")), dataset = this.tables.dataset;
    if (name) {
      const last = name.split(".").pop();
      if (name.startsWith(`${dataset}.`)) return dataset;
      return /^[A-Z]/.test(last) && last !== "Input" ? name : null;
    }
    if (names.length === 1) return this.base(names[0]);
    return this.fluent(names.at(-1), this.kind(names.slice(0, -1), at));
  }

  // The class of what a method of an object gives.
  fluent(method, inner) {
    return this.tables.fluent.has(method) || inner === this.tables.dataset ? inner : null;
  }

  // What an expression that ends with a bracket begins with, and the class of what it gives.
  before(at) {
    const from = open(this.code, at), bracket = this.code[at], text = this.code.slice(0, Math.max(from, 0));
    const chain = text.match(CHAIN_BEFORE);
    if (chain) {
      const inner = this.before(chain.index), names = split(chain[2]).slice(1);
      return { ...inner, kind: bracket === ")" && names.length === 1 ? this.fluent(names[0], inner.kind) : null };
    }
    if (/[)\]]\s*$/.test(text) && bracket) return { ...this.before(text.trimEnd().length - 1), kind: null };
    const name = text.match(DOTTED_BEFORE);
    if (!name || this.tables.keywords.has(name[1]))
      return { foreign: bracket === "]" || bracket === "}", kind: null, from };
    const names = split(name[1]), kind = bracket === ")" ? this.called(names, name.index) : null;
    return { foreign: this.foreign(names[0]), from: name.index, kind };
  }

  // Whether a name is of another package, or a class of the program.
  foreign(name) {
    return this.strange.has(name) || this.classes.has(name);
  }

  // Each target of an assignment with where its value begins and where it stands itself.
  *assignments() {
    for (const match of this.code.matchAll(TARGETS))
      for (const target of match[1].split("=").slice(0, -1))
        yield [target.trim(), match.index + match[0].length, match.index];
    for (const match of this.code.matchAll(/^[ \t]*with\b/gm)) {
      const until = this.code.indexOf(":\n", match.index);
      const all = parts(this.code, match.index + match[0].length, until < 0 ? this.code.length : until);
      for (const [from, to] of all) {
        const as = this.code.slice(from, to).match(/\s+as\s+([\w.]+)\s*\)?\s*$/);
        if (as) yield [as[1], from + this.code.slice(from).search(/\S/), from];
      }
    }
  }

  findKinds() {
    for (const [target, from, at] of this.assignments()) {
      const name = this.variable(target.split("."), at), kind = this.value(from), had = this.kinds.has(name);
      if (name && (kind || had)) this.kinds.set(name, !had || this.kinds.get(name) === kind ? kind : null);
    }
  }

  // The class of the expression that begins at a place, if it is a chain of calls or a variable.
  value(at) {
    const name = this.code.slice(at).match(/^([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)/);
    if (!name) return null;
    const names = name[1].split("."), call = this.code[at + name[0].length] === "(";
    let kind = call ? this.called(names, at) : this.kind(names, at);
    let end = call ? this.close(at + name[0].length) + 1 : at + name[0].length;
    for (;;) {
      const next = this.code.slice(end).match(/^\s*\.\s*(\w+)\(/);
      if (!next) break;
      kind = this.fluent(next[1], kind);
      end = this.close(end + next[0].length - 1) + 1;
    }
    return /^[ \t]*(\n|$|,|\)|:|as\b|[ \t]+as\b)/.test(this.code.slice(end)) ? kind : null;
  }
}
