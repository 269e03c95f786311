// The entries, from lists of what they have: the way back of headtohead/site/packing.py.

// Where a row, or a name without one, is by its names.
const told = ({ kind, names, where }, areas) => {
  const [first, second] = names.map((name) => name.replaceAll(".", "-"));
  if (kind === "name") return `${areas[where]}#only-${first}`;
  return areas[where] + `#${first}--${second}`.replaceAll("_", "-").toLowerCase();
};

export const entries = ({ entries: lists, areas }) =>
  (lists.kind ?? []).map((_, id) => {
    const has = Object.entries(lists).filter(([, each]) => each[id] !== null);
    const entry = { id, ...Object.fromEntries(has.map(([key, each]) => [key, each[id]])) };
    entry.place ??= told(entry, areas);
    return entry;
  });
