// The names of the frameworks that a program uses, by line, each once a line: the first one there.
// It knows a name only as the program writes it: whether the map has it is another question.

class Uses {
  constructor(program) {
    this.program = program;
    this.tables = program.tables;
    this.found = [];
    const theirs = [...program.known.values()];
    if (!theirs.length) return;
    const torch = theirs.some((name) => name.split(".")[0] === "torch");
    this.guess = this.tables.tensors[torch ? "torch" : "tf"]; // what an object is, where nothing tells
    this.kinds = new Map();
    this.foreign = new Map();
    for (const node of program.nodes) {
      if (node.type === "subscript") this.subscript(node);
      else if (!node.inner) this.named(node);
    }
  }

  add(node, line, name, more) {
    const given = new Set(node.call?.names);
    this.found.push({ line, name, sure: true, member: false, given, end: node.end, ...more });
  }

  // Whether it looks like a method of a string, a list, a set or a dictionary, or like one of Python's own names.
  python({ attr, call }) {
    if (attr.startsWith("__")) return true;
    return this.tables.pythons.has(attr) && call && !call.named && !call.args.some((each) => each.whole);
  }

  subscript(node) {
    const simple = node.several.filter(({ type }) => type === "name" || type === "call");
    if (node.stored || simple.length < 2 || this.program.foreign(node.value, this.foreign)) return;
    this.add(node, node.from, `${this.guess}.__getitem__`, { sure: false });
  }

  named(node) {
    const name = this.program.dotted(node);
    if (name) return this.add(node, node.from, name);
    if (node.type !== "attribute") return;
    const kind = this.program.kind(node.value, this.kinds);
    if (kind) return this.add(node, node.to, `${kind}.${node.attr}`, { member: true });
    const asked = node.call || this.tables.read.has(node.attr);
    if (asked && !this.program.foreign(node.value, this.foreign) && !this.python(node))
      this.add(node, node.to, `${this.guess}.${node.attr}`, { sure: false });
  }
}

const order = (one, other) => (one < other ? -1 : one > other ? 1 : 0);

export const uses = (program) => {
  const found = new Map();
  for (const { end, ...use } of new Uses(program).found.sort((one, other) => one.end - other.end)) {
    const key = `${use.line} ${use.name}`;
    if (!found.has(key)) found.set(key, use);
  }
  return [...found.values()].sort((one, other) => order(one.line, other.line) || order(one.name, other.name));
};
