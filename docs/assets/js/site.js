// What every page gets, and what only some need, fetched where they need it. How a part works, the part alone knows.
import * as copy from "./copy.js";
import * as boxes from "./search/boxes.js";
import * as theme from "./theme.js";
import * as views from "./views.js";

// The place to paste a program into. What answers there is fetched when something is typed.
document.addEventListener("input", async ({ target }) => {
  const room = target.closest?.(".h2h-reader");
  if (room) (await import("./reader/room.js")).answer(room);
});

// Runs on each page, also when navigation.instant exchanges it.
document$.subscribe(async () => {
  for (const part of [views, copy, theme, boxes]) part.begin();
  for (const room of document.querySelectorAll(".h2h-reader")) room.hidden = false;
  if (document.querySelector(".h2h-which")) (await import("./which.js")).begin();
});
