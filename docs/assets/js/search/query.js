// What is looked for when something is typed, and how much each find weighs.
import { term, words } from "./words.js";

export const FIELDS = ["title", "also", "where", "text", "code"];
const BOOST = { title: 4, also: 3, where: 1, text: 1, code: 0.3 };
const KIND = { section: 1, difference: 1, error: 0.7, page: 0.9, row: 0.9, name: 0.8, claim: 0.8, machinery: 0.5 };
const SYNONYM = 0.5;
const WEIGHTS = { prefix: 0.4, fuzzy: 0.2 };
const SHORTEST = { prefix: 3, fuzzy: 6 }; // letters of a word that is unfinished, or mistyped

// What an entry is found by, in each field.
export const fields = ({ names, lines, title, ...rest }) => ({
  ...rest,
  title: names ? names.join(" ") : title,
  code: lines ? lines.join(" ") : rest.code,
});

// The words that count: the names of frameworks and bare numbers do only where there is nothing else, or where both
// sides are named and little else is.
const wanted = (typed, side) => {
  const all = [...new Set(words(typed))].filter(term);
  const rest = all.filter((word) => !Object.hasOwn(side, word) && !/^\d[\d.]*$/.test(word));
  const sides = new Set(all.filter((word) => Object.hasOwn(side, word)).map((word) => side[word]));
  return rest.length && (sides.size < 2 || rest.length > 2) ? rest : all;
};

// What else is meant by what is typed, from a list that is data.
const meant = (typed, synonyms) => {
  const text = ` ${typed.toLowerCase().replace(/[^\p{L}\p{N}_.]+/gu, " ").trim()} `;
  const found = Object.entries(synonyms).filter(([said]) => text.includes(` ${said} `));
  return [...new Set(found.flatMap(([, others]) => words(others.join(" "))))];
};

// The plainest row of a name comes before its others, and what is called so before what has it for a part.
const CALLED = 1, BEHIND = 0.1, FURTHEST = 5;
const called = ({ names = [] }) => names.map((name) => term(name.split(".").at(-1).toLowerCase()));
const factor = (entry, word) => {
  entry.called ??= called(entry);
  const { kind, behind = 0 } = entry;
  const share = entry.called.filter((each) => each === word).length / (entry.called.length || 1);
  return (KIND[kind] * (1 + CALLED * share)) / (1 + Math.min(behind, FURTHEST) * BEHIND);
};

const apart = (asked) => asked.split(" "); // words are not cut again

// The query of MiniSearch, or nothing where nothing is asked.
export const query = (typed, { entries, synonyms, sides }) => {
  const asked = wanted(typed, sides), others = meant(typed, synonyms);
  if (!asked.length) return null;
  const common = {
    combineWith: "OR",
    boost: BOOST,
    weights: WEIGHTS,
    boostDocument: (id, word) => factor(entries[id], word),
  };
  const whole = {
    ...common,
    queries: [asked.join(" ")],
    tokenize: apart,
    prefix: (word, at, all) => at === all.length - 1 && word.length >= SHORTEST.prefix,
    fuzzy: (word) => (word.length >= SHORTEST.fuzzy && !/[._\d]/.test(word) ? 0.2 : false),
    boostTerm: (word) => (/[._]/.test(word) ? 1.5 : 1),
  };
  const besides = { ...common, tokenize: apart, queries: [others.join(" ")], boostTerm: () => SYNONYM };
  return { combineWith: "OR", queries: others.length ? [whole, besides] : [whole] };
};
