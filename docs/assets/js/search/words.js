// How texts and questions become words: a dotted name as a whole, its parts, and the pieces of those; the rest is stemmed.
import { stemmer } from "./stemmer.js";

const STOP = new Set(
  `a an and any are as at be been but by can could did do does doesn doe don for from get got had has have how i if in
  into is isn it its just like make me my no not of on or our should so some such than that the their them then there
  these they this to too up us use used using was way we were what when where which while who why will with won would
  you your t s equivalent similar api instead version please help trying`.split(/\s+/),
);
const NAME = /[\p{L}_][\p{L}\p{N}_]*(?:\.[\p{L}_][\p{L}\p{N}_]*)*|\d+(?:\.\d+)*/gu;

// DistributedDataParallel is Distributed, Data, Parallel; HTTPServer is HTTP, Server.
const camel = (part) => part.split(/(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/).filter(Boolean);

const SIDE = /^(pytorch|tensorflow)s?$/i; // one word: what says Torch or Tensor is not meant

const pieces = (part) => {
  const side = part.match(SIDE)?.[1];
  return (side ? [side] : part.split("_").filter(Boolean).flatMap(camel)).map((piece) => piece.toLowerCase());
};

// All words of a text, in its order, small, as often as they stand there.
export const words = (text) => {
  const found = [];
  for (const [name] of text.matchAll(NAME)) {
    const parts = name.split(".");
    if (parts.length > 1) found.push(name.toLowerCase());
    if (parts.length > 2) found.push(parts.slice(-2).join(".").toLowerCase()); // nn.Linear of torch.nn.Linear
    for (const part of parts) {
      const own = pieces(part);
      if (own.length > 1) found.push(part.toLowerCase().replace(/^_+|_+$/g, ""), ...own);
      else found.push(...own);
    }
  }
  return found;
};

// What a word is found by; nothing for one that says nothing. A name is found as it is.
export const term = (word) => {
  if (/[._\d]/.test(word)) return word;
  return STOP.has(word) ? null : stemmer(word);
};
