// The rows of the map by name, and what is known of names beside them. It knows of no program: only of names.

export class Lookup {
  constructor({ rows, alias, bites }, tables) {
    Object.assign(this, { rows: new Map(), only: new Map(), alias, bites, tables });
    for (const row of rows)
      for (const name of new Set(Object.values(row.names))) {
        const place = row.category === "only" ? this.only : this.rows;
        if (!place.has(name)) place.set(name, []);
        place.get(name).push(row);
      }
    for (const [name, found] of this.rows) found.sort((one, other) => one.place[name] - other.place[name]);
    const names = [...this.rows.keys(), ...this.only.keys(), ...Object.keys(alias)];
    this.longest = names.reduce((most, name) => Math.max(most, name.length), 0);
  }

  has(name) {
    return this.rows.has(name) || this.only.has(name);
  }

  // The name under which the map knows what is used, or null.
  name({ name: said, sure, member }) {
    const name = this.tables.outer(this.tables.full(said));
    if (!sure) return this.guess(name);
    let end = name.length;
    for (let dot = name.lastIndexOf("."); dot > 0; dot = name.lastIndexOf(".", dot - 1)) {
      const found = this.candidates(name, dot, end).find((each) => this.has(each));
      if (found) return found;
      if (member) return null;
      end = dot; // a method of what a call gave, or a member of a class
    }
    return null;
  }

  // The method of the first class that has it, where nothing tells the class.
  guess(name) {
    const torch = name.startsWith("torch."), method = name.slice(name.lastIndexOf(".") + 1);
    const owners = Object.keys(this.tables.owners).filter((owner) => owner.startsWith("torch") === torch);
    const able = owners.filter((owner) => !(owner === "torch" && this.tables.read.has(method)));
    return able.map((owner) => `${owner}.${method}`).find((each) => this.has(each)) ?? null;
  }

  // The names under which the same thing may stand that a name gives up to its end, with its last dot.
  candidates(name, dot, end) {
    const last = name.slice(dot + 1, end), found = [];
    if (end <= this.longest) {
      const whole = name.slice(0, end), other = this.tables.elsewhere[name.slice(0, dot + 1)];
      found.push(whole, this.alias[whole] ?? "", ...(other ? [other + last] : []));
    }
    return [...found, ...this.tables.inherited(name, dot).map((base) => `${base}.${last}`)];
  }

  // The row of a name that gives the arguments that are given, and no others, if there is one.
  row(name, given) {
    const found = this.rows.get(name);
    if (!found) return this.only.get(name)[0];
    if (!given.size) return found[0];
    const unlike = (row) => {
      const sides = Object.entries(row.names).filter(([, each]) => each === name);
      const said = new Set(sides.flatMap(([side]) => row.given[side]));
      const shared = [...said].filter((each) => given.has(each)).length;
      return [-shared, shared ? said.size - shared : 0];
    };
    const order = found.map((row) => [...unlike(row), row]);
    return order.sort((one, other) => one[0] - other[0] || one[1] - other[1])[0][2];
  }
}
