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
  }

  has(name) {
    return this.rows.has(name) || this.only.has(name);
  }

  // The name under which the map knows what is used, or null.
  name({ name: said, sure, member }) {
    let name = this.tables.outer(this.tables.full(said));
    if (!sure) return this.guess(name);
    while (name.includes(".")) {
      const found = this.candidates(name).find((each) => this.has(each));
      if (found) return found;
      if (member) return null;
      name = name.replace(/\.[^.]*$/, ""); // a method of what a call gave, or a member of a class
    }
    return null;
  }

  // The method of the first class that has it, where nothing tells the class.
  guess(name) {
    const torch = name.startsWith("torch."), method = name.split(".").pop();
    const owners = Object.keys(this.tables.owners).filter((owner) => owner.startsWith("torch") === torch);
    const able = owners.filter((owner) => !(owner === "torch" && this.tables.read.has(method)));
    return able.map((owner) => `${owner}.${method}`).find((each) => this.has(each)) ?? null;
  }

  // The names under which the same thing may stand.
  candidates(name) {
    const kind = name.replace(/\.[^.]*$/, ""), last = name.split(".").pop(), other = this.tables.elsewhere[`${kind}.`];
    const inherited = this.tables.inherited(kind).map((base) => `${base}.${last}`);
    return [name, this.alias[name] ?? "", ...(other ? [`${other}${last}`] : []), ...inherited];
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
