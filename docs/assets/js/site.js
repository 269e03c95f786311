// What every page gets, and what only some need, fetched where they need it. How a part works, the part alone knows.
import * as copy from "./copy.js";
import * as theme from "./theme.js";
import * as views from "./views.js";

// The places to type into. What answers there is fetched when something is typed.
const ROOMS = [
  [".h2h-find", () => import("./find.js")],
  [".h2h-reader", () => import("./reader/room.js")],
];

document.addEventListener("input", async ({ target }) => {
  for (const [place, part] of ROOMS) {
    const room = target.closest?.(place);
    if (room) (await part()).answer(room);
  }
});

// Runs on each page, also when navigation.instant exchanges it.
document$.subscribe(async () => {
  for (const part of [views, copy, theme]) part.begin();
  for (const [place] of ROOMS)
    for (const room of document.querySelectorAll(place)) room.hidden = false;
  if (document.querySelector(".h2h-which")) (await import("./which.js")).begin();
});
