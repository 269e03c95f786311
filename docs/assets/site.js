// Switches between side by side and tabs, copies whole programs, and names what the theme leaves nameless.
(() => {
  const root = document.documentElement;

  const show = () => {
    for (const button of document.querySelectorAll(".h2h-view button"))
      button.setAttribute("aria-pressed", button.dataset.view === root.dataset.h2hView);
  };

  // The file as it lies on this site: what is copied is what ran.
  const copy = async (button) => {
    const label = (button.dataset.label ??= button.textContent);
    try {
      const answer = await fetch(button.dataset.program);
      if (!answer.ok) throw new Error(answer.status);
      await navigator.clipboard.writeText(await answer.text());
      button.textContent = "copied";
    } catch {
      button.textContent = "could not copy";
    }
    clearTimeout(button.timer);
    button.timer = setTimeout(() => (button.textContent = label), 2500);
  };

  // Weighs the chosen answers of a questionnaire, as headtohead/which.py does.
  const SIDES = { pytorch: "PyTorch", tensorflow: "TensorFlow" };
  const weigh = () => {
    const chosen = [...document.querySelectorAll(".h2h-which :checked")].map((input) => input.closest("tr"));
    const decided = chosen.filter((row) => "decides" in row.dataset);
    for (const weighed of [decided, chosen]) {
      const [left, right] = Object.keys(SIDES).map((side) => weighed.filter((row) => row.dataset.points === side));
      if (weighed === decided && left.length && right.length) {
        const bridges = left.flatMap((one) => right.map((other) =>
          [...document.querySelectorAll("[data-bridges]")].find(({ dataset }) =>
            [one, other].every((row) => dataset.bridges.split(" ").includes(row.id)))));
        return { outcome: "both", reasons: [...left, ...right], bridges };
      }
      if (left.length !== right.length) {
        const outcome = left.length > right.length ? "pytorch" : "tensorflow";
        return { outcome, reasons: chosen.filter((row) => row.dataset.points === outcome), bridges: [] };
      }
    }
    const leaning = chosen.filter((row) => row.dataset.points in SIDES);
    return { outcome: "either", reasons: leaning.length ? leaning : chosen, bridges: [] };
  };

  // Shows what the answers come to, with the reasons of the table.
  const recommend = () => {
    const room = document.querySelector(".h2h-choice");
    if (!room) return;
    const { outcome, reasons, bridges } = weigh();
    const open = room.querySelector("details")?.open;
    const name = SIDES[outcome] ?? { either: "Either", both: "Both, and a bridge" }[outcome];
    room.innerHTML = "<details><summary>Recommended: <strong></strong></summary><ul></ul></details>";
    room.querySelector("strong").textContent = name;
    room.querySelector("strong").dataset.framework = outcome;
    room.firstChild.open = open;
    for (const row of [...bridges, ...reasons]) {
      const item = room.querySelector("ul").appendChild(document.createElement("li"));
      const says = item.appendChild(document.createElement("strong"));
      says.textContent = (row.dataset.bridges ? row.cells[1] : row.cells[0]).textContent.trim();
      item.append(...row.cells[2].cloneNode(true).childNodes);
    }
    Object.assign(room.dataset, { outcome, reasons: reasons.map((row) => row.id).join(" ") });
  };

  document.addEventListener("change", ({ target }) => {
    if (target.closest?.(".h2h-which")) recommend();
  });

  document.addEventListener("click", ({ target }) => {
    const view = target.closest?.(".h2h-view button");
    const program = target.closest?.(".h2h-copy");
    if (view) {
      root.dataset.h2hView = view.dataset.view;
      __md_set("__h2h_view", view.dataset.view);
      show();
    }
    if (program) copy(program);
  });

  // What opens navigation and search on a narrow screen is a label around an icon: the icon acts as a button.
  document.addEventListener("keydown", (event) => {
    if (!["Enter", " "].includes(event.key) || !event.target.matches("label > svg")) return;
    event.preventDefault();
    event.target.parentElement.click();
  });

  // The theme puts a nameless <nav> into each block of code, and calls the block after the nearest id around it:
  // both sides of a comparison got the same name, and the button of the one copied the other.
  let blocks = 0;
  const mend = () => {
    for (const nav of document.querySelectorAll(".md-code__nav:not([role])")) {
      nav.setAttribute("role", "none");
      const pre = nav.closest("pre");
      pre.id = `__code_block_${blocks++}`;
      for (const button of nav.querySelectorAll("[data-clipboard-target]"))
        button.dataset.clipboardTarget = `#${pre.id} > code`;
    }
  };
  new MutationObserver(mend).observe(document.body, { childList: true, subtree: true });

  // Runs on each page, also when navigation.instant exchanges it.
  document$.subscribe(() => {
    show();
    mend();
    for (const hidden of document.querySelectorAll(".h2h-which input, .h2h-choice")) hidden.hidden = false;
    recommend();
    document.querySelector(".md-search")?.setAttribute("aria-label", "Search");
    for (const [name, label] of [["__drawer", "Navigation"], ["__search", "Search"]])
      for (const icon of document.querySelectorAll(`label.md-header__button[for=${name}] > svg`)) {
        icon.setAttribute("tabindex", 0);
        icon.setAttribute("role", "button");
        icon.setAttribute("aria-label", label);
      }
    for (const button of document.querySelectorAll(".h2h-copy")) {
      button.hidden = !navigator.clipboard;
      button.setAttribute("aria-live", "polite");
    }
    // A link into one tab shows that framework everywhere, as a click on it would.
    const linked = location.hash && document.getElementById(location.hash.slice(1));
    const side = linked?.matches?.(".h2h-set > input") && [...linked.parentElement.children].indexOf(linked) + 1;
    if (side)
      for (const input of document.querySelectorAll(`.h2h-set[data-tabs$=":2"] > input:nth-child(${side})`))
        input.checked = true;
  });
})();
