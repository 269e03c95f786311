// Shows what was found: what it is called, where it lives, and both lines of code of a row, or what it says.
import { offer } from "../copy.js";
import { TOP } from "./client.js";
import { term, words } from "./words.js";

const BEFORE = 60, LONG = 190; // characters of a text in front of the first word that was found, and in all

const WORD = /([\p{L}\p{N}_]+(?:\.[\p{L}\p{N}_]+)*)/gu;

const put = (room, kind, text = "", name = "") => {
  const made = room.appendChild(document.createElement(kind));
  made.textContent = text;
  if (name) made.className = name;
  return made;
};

const hit = (word, marked) => words(word).some((each) => marked.has(term(each)));

// The part of a text that has most to do with what was typed: it begins shortly before the first word of it.
const part = (text, marked) => {
  const first = [...text.matchAll(WORD)].find(([word]) => hit(word, marked))?.index ?? 0;
  const from = first > BEFORE ? text.indexOf(" ", first - BEFORE) + 1 : 0;
  const cut = text.slice(from, from + LONG);
  const whole = from + LONG >= text.length ? cut : `${cut.slice(0, cut.lastIndexOf(" "))} …`;
  return (from ? "… " : "") + whole;
};

// Its words, those that were typed marked.
const mark = (room, text, marked) => {
  for (const piece of text.split(WORD))
    if (marked.has(term(piece.toLowerCase())) || hit(piece, marked)) put(room, "mark", piece);
    else room.append(piece);
};

const one = (list, { entry, marked }, categories) => {
  const { names, title, where, category, lines, text, place } = entry;
  const item = put(list, "li"), link = put(item, "a");
  link.href = new URL(place, TOP);
  link.textContent = names ? names.join(" · ") : title;
  put(item, "small", [names ? "API map" : "", where, categories[category]].filter(Boolean).join(" › "));
  for (const line of lines ?? []) offer(put(put(item, "div"), "code", line));
  if (!lines && text) mark(put(item, "p"), part(text, new Set(marked)), new Set(marked));
};

const say = (total, shown) => {
  if (!total) return "Nothing found: try other words, or a shorter part of a name";
  return `${total} found` + (total > shown ? `, the first ${shown} shown` : "");
};

export const show = (list, status, { found, total, categories }) => {
  list.replaceChildren();
  for (const each of found) one(list, each, categories);
  status.textContent = say(total, found.length);
};
