// What is to be known of names, as headtohead/reading/tables.py has it: it comes with the map's data.
// Only how to use it stands here: no table is written down a second time.

export class Tables {
  constructor(reading) {
    Object.assign(this, reading);
    for (const name of ["fluent", "read", "pythons", "keywords", "ofPython"]) this[name] = new Set(reading[name]);
    this.python = new RegExp(`^(?:${reading.python})$`, "i");
    this.inner = new RegExp(reading.inner);
  }

  ours(name) {
    return Object.hasOwn(this.packages, name);
  }

  // A dotted name as rows call it.
  full(name) {
    const first = name.split(".", 1)[0];
    const found = this.ours(first) ? this.packages[first] + name.slice(first.length) : name;
    return found.replace(/^tf\.(?=keras(?:\.|$))/, "");
  }

  // A class under the name by which it is called, wherever it lives.
  outer(name) {
    return name.replace(this.inner, (_, one, other) => `${one ?? other}.`);
  }

  // The classes that a class is made of, and whose methods it has: the class that a name is up to a place.
  inherited(name, end) {
    return Object.entries(this.bases).find(([begins]) => begins.length <= end && name.startsWith(begins))?.[1] ?? [];
  }
}
