// Names what the theme leaves nameless, and brings to the keyboard what it leaves to the mouse.
// It knows the theme's own classes alone: nothing of what this site puts on a page.

// What opens the navigation on a narrow screen is a label around an icon: the icon acts as a button.
const OPENERS = { __drawer: "Navigation" };

document.addEventListener("keydown", (event) => {
  if (!["Enter", " "].includes(event.key) || !event.target.matches("label > svg")) return;
  event.preventDefault();
  event.target.parentElement.click();
});

const openers = () => {
  for (const [name, label] of Object.entries(OPENERS))
    for (const icon of document.querySelectorAll(`label.md-header__button[for=${name}] > svg`)) {
      icon.setAttribute("tabindex", 0);
      icon.setAttribute("role", "button");
      icon.setAttribute("aria-label", label);
    }
};

// A section with a page of its own has an empty label, and its list of pages no name.
const sections = () => {
  for (const nav of document.querySelectorAll("nav[aria-labelledby]")) {
    const label = document.getElementById(nav.getAttribute("aria-labelledby"));
    if (!label || label.textContent.trim()) continue;
    nav.setAttribute("aria-label", nav.closest("li").querySelector("a").textContent.trim());
    nav.removeAttribute("aria-labelledby");
  }
};

// The theme puts a nameless <nav> into each block of code, and calls the block after the nearest id around it:
// both sides of a comparison got the same name, and the button of the one copied the other.
let numbered = 0;
const blocks = () => {
  for (const nav of document.querySelectorAll(".md-code__nav:not([role])")) {
    nav.setAttribute("role", "none");
    const pre = nav.closest("pre");
    pre.id = `__code_block_${numbered++}`;
    for (const button of nav.querySelectorAll("[data-clipboard-target]"))
      button.dataset.clipboardTarget = `#${pre.id} > code`;
  }
};

// It wraps a table so that it scrolls, but not by keyboard.
const tables = () => {
  for (const wrap of document.querySelectorAll(".md-typeset__scrollwrap:not([tabindex])")) {
    wrap.tabIndex = 0;
    wrap.setAttribute("role", "group");
    wrap.setAttribute("aria-label", "Table");
  }
};

// Both come after the page, whenever the theme gets to them.
const mend = () => {
  blocks();
  tables();
};
new MutationObserver(mend).observe(document.body, { childList: true, subtree: true });

export const begin = () => {
  mend();
  openers();
  sections();
};
