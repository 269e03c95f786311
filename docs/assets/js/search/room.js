// A place to type a question into: answers as it is typed, goes by arrows and Enter, and keeps what was asked in `?q=`.
import { ask, prepare } from "./client.js";
import { show } from "./results.js";

const asked = () => new URLSearchParams(location.search).get("q") ?? "";

// What is asked is the address, so that it can be handed on, and that Back finds it again.
const keep = (typed) => {
  const address = new URL(location.href);
  if (typed) address.searchParams.set("q", typed);
  else address.searchParams.delete("q");
  history.replaceState(history.state, "", address);
};

const parts = (room) => ({
  input: room.querySelector("input"),
  panel: room.querySelector(".h2h-found"),
  status: room.querySelector("[role=status]"),
  list: room.querySelector("ul"),
});

const filters = (room) => {
  const chosen = [...room.querySelectorAll("select")].map(({ name, value }) => [name, value]);
  return { ...Object.fromEntries(chosen), map: room.matches(".h2h-find") };
};

export const close = (room) => {
  parts(room).panel.hidden = true;
  delete room.dataset.open;
};

// Answers what stands in a room; of several that are under way, the last.
export const answer = async (room, keeps = true) => {
  const { input, panel, status, list } = parts(room), typed = input.value.trim(), chosen = filters(room);
  if (keeps) keep(typed);
  const number = (room.number = (room.number ?? 0) + 1);
  if (!typed && !chosen.category && !chosen.area) {
    list.replaceChildren();
    status.textContent = "";
    panel.hidden = true;
    return;
  }
  const found = await ask(typed, chosen);
  if (number !== room.number) return;
  show(list, status, found);
  panel.hidden = false;
  panel.scrollTop = 0;
};

const step = (room, by) => {
  const { input, list } = parts(room), links = [...list.querySelectorAll("li > a")];
  const at = links.indexOf(document.activeElement) + by;
  (at < 0 ? input : links[Math.min(at, links.length - 1)])?.focus();
};

const press = (room, event) => {
  const { input, list, panel } = parts(room), typing = event.target === input;
  if (event.isComposing || !(typing || event.target.closest("li"))) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") step(room, event.key === "ArrowDown" ? 1 : -1);
  else if (event.key === "Enter" && typing) list.querySelector("li > a")?.click();
  else if (event.key === "Escape" && (!panel.hidden || room.dataset.open !== undefined)) {
    close(room);
    if (typing) input.blur();
    else input.focus();
  } else return;
  event.preventDefault();
};

// Brings a room to life, once.
export const open = (room) => {
  if (room.alive) return;
  room.alive = true;
  const { input, list, panel } = parts(room);
  room.addEventListener("focusin", ({ target }) => {
    prepare();
    if (target === input && list.childElementCount) panel.hidden = false;
  });
  room.addEventListener("input", () => answer(room));
  room.addEventListener("keydown", (event) => press(room, event));
  list.addEventListener("click", ({ target }) => {
    if (target.closest("a") && !room.matches(".h2h-find")) close(room);
  });
};

// Shows in a room what the address asks; nothing, where it asks nothing.
export const restore = async (room) => {
  const { input } = parts(room), typed = asked();
  if (input === document.activeElement && input.value.trim() === typed) return;
  input.value = typed;
  if (typed) room.dataset.open = "";
  else close(room);
  await answer(room, false);
};
