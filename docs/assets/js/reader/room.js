// The place on the page to paste a program, and the list of what is said of it. Nothing of it leaves the page.
import { address, map } from "../map.js";
import { Lookup } from "./lookup.js";
import { report } from "./report.js";
import { Tables } from "./tables.js";

let known;

const make = (tag, text, href) =>
  Object.assign(document.createElement(tag), { textContent: text }, href && { href });

const item = ({ place: at, odd, name, owner, missing, row, bites }, room) => {
  const found = make("li", `${at}: `);
  if (odd) {
    found.append(odd);
    return found;
  }
  if (missing) {
    found.append(make("code", name), " is not in the map");
    return found;
  }
  found.appendChild(make("a", "", address(row.page, room))).append(make("code", name));
  found.append(owner ? ` (if this is a ${owner}): ` : ": ");
  const mine = name.startsWith("torch");
  const others = Object.entries(row.code).filter(([side]) => (side === "torch") !== mine);
  others.forEach(([, code], index) => found.append(index ? " or " : "", make("code", code)));
  if (row.note) found.append(others.length ? ". " : "", row.note);
  if (bites.length) {
    const all = found.appendChild(make("ul", ""));
    for (const [title, place] of bites)
      all.appendChild(make("li", "")).append("bites: ", make("a", title.replaceAll("`", ""), address(place, room)));
  }
  return found;
};

export const answer = async (room) => {
  const data = await map(room);
  known ??= new Lookup(data, new Tables(data.reading));
  const pasted = room.querySelector("textarea").value, found = report(pasted, known);
  room.querySelector("ol").replaceChildren(...found.map((use) => item(use, room)));
  const count = (what) => found.filter((use) => use[what]).length, odd = count("odd"), uses = found.length - odd;
  const nothing = pasted.trim() && !odd ? "Uses nothing of PyTorch, Keras or TensorFlow" : "";
  const said = [uses && `${uses} uses, ${count("missing")} not in the map`, odd && `${odd} not read`];
  room.querySelector("[role=status]").textContent = said.filter(Boolean).join(", ") || nothing;
};
