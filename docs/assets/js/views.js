// Side by side or in tabs: the switch between the two, and links that lead into a tab.
// The view itself stands on <html> before the first paint: a script in the head of the page remembers it.

const root = document.documentElement;

const press = () => {
  for (const button of document.querySelectorAll(".h2h-view button"))
    button.setAttribute("aria-pressed", button.dataset.view === root.dataset.h2hView);
};

document.addEventListener("click", ({ target }) => {
  const button = target.closest?.(".h2h-view button");
  if (!button) return;
  root.dataset.h2hView = button.dataset.view;
  __md_set("__h2h_view", button.dataset.view);
  press();
});

// A link into one tab shows that framework everywhere, as a click on it would.
const follow = () => {
  const linked = location.hash && document.getElementById(location.hash.slice(1));
  const side = linked?.matches?.(".h2h-set > input") && [...linked.parentElement.children].indexOf(linked) + 1;
  if (!side) return;
  for (const input of document.querySelectorAll(`.h2h-set[data-tabs$=":2"] > input:nth-child(${side})`))
    input.checked = true;
};

export const begin = () => {
  press();
  follow();
};
