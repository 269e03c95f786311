// The search of the API map: finds rows by any part of a name, in either direction.
import { offer } from "./copy.js";
import { address, map } from "./map.js";

const SHOWN = 40;

// What there is to find of a row, in small letters; made once a row.
const texts = new WeakMap();
const text = (row) => {
  if (!texts.has(row)) {
    const names = Object.values(row.names).map((name) => name.toLowerCase());
    texts.set(row, { names, all: [...names, ...Object.values(row.code).map((code) => code.toLowerCase())].join(" ") });
  }
  return texts.get(row);
};

// A name that ends with what was typed comes first, then one that holds it, then code that does.
const rank = (names, typed) => {
  if (names.some((name) => name.endsWith("." + typed))) return 0;
  return names.some((name) => name.includes(typed)) ? 1 : 2;
};

const search = (rows, words, category, area) => {
  const found = [], typed = words.join(" ");
  for (const row of rows) {
    if ((category && row.category !== category) || (area && row.area !== area)) continue;
    const { names, all } = text(row);
    if (words.every((word) => all.includes(word))) found.push([rank(names, typed), row]);
  }
  return found.sort(([one], [other]) => one - other).map(([, row]) => row);
};

const show = (list, row, category, href) => {
  const item = list.appendChild(document.createElement("li"));
  const link = item.appendChild(document.createElement("a"));
  link.href = href;
  link.textContent = [...new Set(Object.values(row.names))].join(" · ");
  item.appendChild(document.createElement("small")).textContent = category;
  for (const line of Object.values(row.code)) {
    const code = item.appendChild(document.createElement("div")).appendChild(document.createElement("code"));
    code.textContent = line;
    offer(code);
  }
};

const say = (number) => {
  if (!number) return "Nothing found: try a shorter part of the name";
  return `${number} found` + (number > SHOWN ? `, the first ${SHOWN} shown` : "");
};

export const answer = async (room) => {
  const { rows, categories } = await map(room);
  const [category, area] = [...room.querySelectorAll("select")].map((select) => select.value);
  const words = room.querySelector("input").value.toLowerCase().split(/\s+/).filter(Boolean);
  const asked = words.length || category || area;
  const found = asked ? search(rows, words, category, area) : [];
  const list = room.querySelector("ul");
  list.replaceChildren();
  room.querySelector("[role=status]").textContent = asked ? say(found.length) : "";
  for (const row of found.slice(0, SHOWN)) show(list, row, categories[row.category], address(row.page, room));
};
