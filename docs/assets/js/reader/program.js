// What the names of a program stand for: its imports, its classes, and the classes of its variables.
// It knows the frameworks by their imports alone, and nothing of the map.
import { Syntax } from "./syntax.js";

const CAPITAL = /^\p{Uppercase}/u;

export class Program {
  constructor({ parts }, tables) {
    const syntax = new Syntax(parts, tables);
    Object.assign(this, { tables, nodes: syntax.nodes, classes: syntax.classes });
    this.known = new Map(); // full names by what the program calls them
    this.strange = new Set(); // what other imports bind
    this.stars = []; // modules of which all is imported, by line: nothing here tells what
    for (const [bound, full, own, line] of syntax.imports) {
      const ours = !own && tables.ours(full.split(".")[0]);
      if (ours && full.endsWith(".*")) this.stars.push([line, full.slice(0, -2)]);
      else if (ours) this.known.set(bound, tables.full(full));
      else this.strange.add(bound);
    }
    this.bases = new Map(); // of classes, as far as they were asked for
    this.kinds = new Map(); // of variables; null where it is not always the same
    for (let round = 0; round < 2; round += 1) // what one holds may stand below where it is handed on
      for (const [targets, value] of syntax.assignments) this.assign(targets, value);
  }

  assign(targets, value) {
    const kind = this.kind(value, new Map());
    for (const name of targets.map((target) => this.variable(target)))
      if (name !== null && (kind || this.kinds.has(name)))
        this.kinds.set(name, (this.kinds.has(name) ? this.kinds.get(name) : kind) === kind ? kind : null);
  }

  // `x`, or `Net.x` for `self.x` inside a class.
  variable(node) {
    if (node.type === "name") return node.id;
    const own = node.type === "attribute" && node.value.type === "name" && node.value.id === "self" && node.owner;
    return own ? `${node.owner.name}.${node.attr}` : null;
  }

  // The class of a framework that a class of the program is made of.
  base(name) {
    const seen = new Set();
    let full = null;
    while (this.classes.has(name) && !seen.has(name) && !full) {
      if (this.bases.has(name)) {
        full = this.bases.get(name);
        break;
      }
      seen.add(name);
      const bases = this.classes.get(name);
      for (const base of bases) if ((full = this.dotted(base))) break;
      name = bases.find((base) => base.type === "name")?.id ?? "";
    }
    for (const each of seen) this.bases.set(each, full);
    return full;
  }

  // The full name of what names something of a framework.
  dotted(node) {
    const names = [];
    for (; node.type === "attribute"; node = node.value) names.push(node.attr);
    if (node.type !== "name" || !this.known.has(node.id)) return null;
    return this.tables.outer([this.known.get(node.id), ...names.reverse()].join("."));
  }

  // The class of what an expression gives, if it can be told; `told` is what was found of others.
  kind(node, told) {
    const chain = []; // of methods, the last one first
    while (!told.has(node) && node.type === "call" && node.func.type === "attribute" && !this.dotted(node.func)) {
      chain.push(node);
      node = node.func.value;
    }
    if (!told.has(node)) told.set(node, this.first(node));
    let kind = told.get(node);
    for (const call of chain.reverse()) {
      kind = kind === this.tables.dataset || this.tables.fluent.has(call.func.attr) ? kind : null;
      told.set(call, kind);
    }
    return kind;
  }

  // That of an expression which is no method of another.
  first(node) {
    if (node.type === "name" && node.id === "self" && node.owner) return this.base(node.owner.name);
    const name = this.variable(node);
    if (name !== null) return this.kinds.get(name) ?? null;
    if (node.type !== "call") return null;
    const full = this.dotted(node.func);
    if (full) {
      const last = full.slice(full.lastIndexOf(".") + 1);
      if (full.startsWith(`${this.tables.dataset}.`)) return this.tables.dataset;
      return CAPITAL.test(last) && last !== "Input" ? full : null;
    }
    return node.func.type === "name" ? this.base(node.func.id) : null;
  }

  // Whether an expression begins with a name of another package, a literal, or a class of the program.
  foreign(node, told) {
    const chain = [];
    while (!told.has(node) && ["attribute", "call", "subscript"].includes(node.type)) {
      chain.push(node);
      node = node.type === "call" ? node.func : node.value;
    }
    let found = told.get(node);
    if (found === undefined && node.type === "name") found = this.strange.has(node.id) || this.classes.has(node.id);
    else found ??= ["constant", "list", "dict"].includes(node.type);
    for (const each of chain) told.set(each, found);
    return found;
  }
}
