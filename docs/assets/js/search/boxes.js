// The boxes of the search: one in the header of every page, which opens over a narrow one, a large one on the home page.
import { answer, close, open, restore } from "./room.js";

const ICON = "M9.5 3a6.5 6.5 0 0 1 5.2 10.4l5 5-1.3 1.3-5-5A6.5 6.5 0 1 1 9.5 3m0 2a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9";

const element = (kind, given = {}, ...inside) => {
  const made = Object.assign(document.createElement(kind), given);
  made.append(...inside);
  return made;
};

const icon = () => {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.appendChild(document.createElementNS(svg.namespaceURI, "path")).setAttribute("d", ICON);
  return svg;
};

const fill = (room, label) => {
  const input = element("input", { type: "search", autocomplete: "off", spellcheck: false, placeholder: label });
  input.setAttribute("aria-label", "Search");
  const status = element("p");
  status.setAttribute("role", "status");
  const panel = element("div", { className: "h2h-found", hidden: true }, status, element("ul"));
  room.append(input, panel);
  open(room);
};

// On a narrow page a button opens the box.
const header = () => {
  const bar = document.querySelector(".md-header__inner");
  if (!bar || bar.querySelector(".h2h-box")) return;
  const room = element("search", { className: "h2h-box" });
  const button = element("button", { type: "button", className: "md-header__button md-icon h2h-opener" }, icon());
  button.setAttribute("aria-label", "Search");
  button.addEventListener("click", () => focus(room));
  fill(room, "Search");
  const away = element("button", { type: "button", className: "h2h-away", textContent: "close" });
  away.addEventListener("click", () => {
    close(room);
    button.focus();
  });
  room.append(away);
  bar.append(button, room);
};

const focus = (room) => {
  room.dataset.open = "";
  room.querySelector("input").focus();
};

// The one that a key leads to, and that shows what an address asks: the largest of a page.
const main = () => [".h2h-find:not([hidden])", ".h2h-ask", ".h2h-box"].map((each) => document.querySelector(each)).find(Boolean);

document.addEventListener("keydown", (event) => {
  if (!["/", "s"].includes(event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.matches("input, select, textarea, [contenteditable]")) return;
  event.preventDefault();
  focus(main());
});

document.addEventListener("click", ({ target }) => {
  const box = document.querySelector(".h2h-box");
  if (box && !target.closest?.(".h2h-box, .h2h-opener")) close(box);
});

const sync = () => {
  const room = main();
  if (room) restore(room);
};
addEventListener("popstate", sync);
addEventListener("pageshow", ({ persisted }) => persisted && sync());

export const begin = () => {
  header();
  for (const room of document.querySelectorAll(".h2h-ask:empty")) {
    room.hidden = false;
    fill(room, "A question, a name, an error");
  }
  for (const room of document.querySelectorAll(".h2h-find")) {
    room.hidden = false;
    open(room);
    // The box changes too, when a press on a link takes it the focus: an answer would replace that link before it is let go.
    room.addEventListener("change", ({ target }) => target.matches("select") && answer(room));
  }
  const box = document.querySelector(".h2h-box");
  if (box && box !== main()) close(box);
  sync();
};
