// What the imports of a program bind: names of the frameworks, and names of other packages.

// The parts of an import as [what, under which name].
const bound = (text, name) =>
  text.split(",").map((part) => part.match(name)?.slice(1)).filter(Boolean);

function* froms(code, tables) {
  for (const match of code.matchAll(/^[ \t]*from[ \t]+([\w.]+)[ \t]+import[ \t]+(\([^)]*\)|[^\n]*)/gm)) {
    const ours = tables.ours(match[1].split(".")[0]), names = [];
    for (const [name, alias] of bound(match[2].replace(/[()]/g, " "), /(\w+)(?:\s+as\s+(\w+))?/))
      names.push([alias ?? name, ours && tables.full(`${match[1]}.${name}`)]);
    yield [match, names];
  }
}

function* wholes(code, tables) {
  for (const match of code.matchAll(/^[ \t]*import[ \t]+([^\n]+)/gm)) {
    const names = [];
    for (const [name, alias] of bound(match[1], /([\w.]+)(?:\s+as\s+(\w+))?/)) {
      const first = name.split(".")[0];
      names.push([alias ?? first, tables.ours(first) && tables.full(alias ? name : first)]);
    }
    yield [match, names];
  }
}

// known: full names by what the program calls them; strange: what other imports bind; spans: where imports stand.
export const imports = (code, tables) => {
  const known = new Map(), strange = new Set(), spans = [];
  const joined = code.replace(/\\\n/g, "  ");
  for (const found of [froms(joined, tables), wholes(joined, tables)])
    for (const [match, names] of found) {
      spans.push([match.index, match.index + match[0].length]);
      for (const [name, full] of names) {
        if (full) known.set(name, full);
        else strange.add(name);
      }
    }
  return { known, strange, spans };
};
