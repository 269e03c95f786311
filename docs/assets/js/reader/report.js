// What is to be said of a program, use by use: which of them are in the map, by which row, and what bites there.
import { Program } from "./program.js";
import { Source } from "./source.js";
import { uses } from "./uses.js";

export const report = (pasted, known) => {
  const source = new Source(pasted, known.tables), program = new Program(source, known.tables);
  const told = new Set(), found = source.odd.map(([place, odd]) => ({ place, odd }));
  for (const [line, module] of program.stars)
    found.push({ place: source.place(line), odd: `from ${module} import * ${known.tables.words.star}` });
  for (const each of uses(program)) {
    const use = { ...each, place: source.place(each.line) }, name = known.name(use);
    if (name === null) {
      if (use.sure && !use.member && use.name.includes(".") && !use.name.split(".").pop().startsWith("_"))
        found.push({ ...use, missing: true });
      continue;
    }
    const bites = use.sure && !told.has(name) ? (known.bites[name] ?? []) : []; // once a program
    if (use.sure) told.add(name);
    const owner = use.sure ? null : known.tables.owners[name.replace(/\.[^.]*$/, "")];
    found.push({ ...use, name, owner, bites, row: known.row(name, use.given) });
  }
  return found;
};
