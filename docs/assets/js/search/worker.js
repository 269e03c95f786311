// Finds: it alone has the entries and their index, beside the page, so that typing never waits for either.
import { entries } from "./entries.js";
import MiniSearch from "./minisearch.js";
import { FIELDS, fields, query } from "./query.js";
import { term, words } from "./words.js";

const SHOWN = 40, SLICE = 50; // results that go to the page; entries that are indexed in one go

let index, held;
const build = async (address) => {
  held = await fetch(address).then((answer) => answer.json());
  held.entries = entries(held);
  index = new MiniSearch({ fields: FIELDS, tokenize: words, processTerm: term });
  await index.addAllAsync(held.entries.map(fields), { chunkSize: SLICE });
};

// The map has entries with names alone, and filters.
const within = ({ map, category, area }) => ({ names, where, ...entry }) =>
  (!map || names) && (!category || entry.category === category) && (!area || where === area);

// Entries with the words by which each was found, the best first; without words, all that the filters leave.
const find = (typed, filters) => {
  const fits = within(filters), asked = query(typed, held);
  if (!asked) {
    const all = filters.category || filters.area ? held.entries.filter(fits) : [];
    return { total: all.length, found: all.slice(0, SHOWN).map((entry) => ({ entry, marked: [] })) };
  }
  const found = index.search(asked, { filter: ({ id }) => fits(held.entries[id]) });
  const shown = found.slice(0, SHOWN).map(({ id, terms }) => ({ entry: held.entries[id], marked: terms }));
  return { total: found.length, found: shown };
};

let ready;
addEventListener("message", async ({ data: { address, asked, typed = "", filters = {} } }) => {
  ready ??= build(address);
  await ready;
  if (asked) postMessage({ asked, categories: held.categories, ...find(typed, filters) });
});
