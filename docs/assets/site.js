// Switches between side by side and tabs, copies whole programs, and names what the theme leaves nameless.
(() => {
  const root = document.documentElement;
  const here = document.currentScript.src;

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

  // One side of a row, as it stands there.
  const take = async (button) => {
    await navigator.clipboard.writeText(button.previousElementSibling.textContent).then(
      () => (button.textContent = "copied"),
      () => (button.textContent = "could not copy"),
    );
    setTimeout(() => (button.textContent = "copy"), 2500);
  };

  // A button behind a line of code that copies it.
  const offer = (code) => {
    if (!navigator.clipboard || code.nextElementSibling?.matches(".h2h-take")) return;
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "h2h-take", textContent: "copy" });
    button.setAttribute("aria-label", `Copy ${code.textContent}`);
    code.after(button);
  };

  // Finds rows of the API map by any part of a name, in either direction.
  let map, known;
  const find = async (room) => {
    map ??= fetch(room.dataset.rows).then((answer) => answer.json());
    const { rows, categories } = await map;
    const [category, area] = [...room.querySelectorAll("select")].map((select) => select.value);
    const words = room.querySelector("input").value.toLowerCase().split(/\s+/).filter(Boolean);
    const found = [];
    for (const row of rows) {
      const text = (row.text ??= Object.values(row.names).concat(Object.values(row.code)).join(" ").toLowerCase());
      if ((category && row.category !== category) || (area && row.area !== area)) continue;
      if (!words.every((word) => text.includes(word))) continue;
      // A name that ends with what was typed comes first, then one that holds it, then code that does.
      const names = (row.said ??= Object.values(row.names).map((name) => name.toLowerCase()));
      const typed = words.join(" ");
      found.push([names.some((name) => name.endsWith("." + typed)) ? 0 : names.some((name) => name.includes(typed)) ? 1 : 2, row]);
    }
    found.sort(([one], [other]) => one - other);
    const list = room.querySelector("ul");
    list.replaceChildren();
    const asked = words.length || category || area;
    room.querySelector("[role=status]").textContent = !asked ? "" : found.length ? `${found.length} found` + (found.length > 40 ? ", the first 40 shown" : "") : "Nothing found: try a shorter part of the name";
    for (const [, row] of asked ? found.slice(0, 40) : []) {
      const item = list.appendChild(document.createElement("li"));
      const link = item.appendChild(document.createElement("a"));
      link.href = new URL(row.page, new URL(room.dataset.rows, location.href));
      link.textContent = [...new Set(Object.values(row.names))].join(" · ");
      const said = item.appendChild(document.createElement("small"));
      said.textContent = categories[row.category];
      for (const text of Object.values(row.code)) {
        const code = item.appendChild(document.createElement("div")).appendChild(document.createElement("code"));
        code.textContent = text;
        offer(code);
      }
    }
  };
  // Reads a pasted program; how, stands in a file of its own, which only this page asks for.
  const read = async (room) => {
    map ??= fetch(room.dataset.rows).then((answer) => answer.json());
    const [reader, data] = await Promise.all([import(new URL("reader.js", here)), map]);
    known ??= new reader.Lookup(data);
    const list = room.querySelector("ol"), status = room.querySelector("[role=status]");
    const found = reader.read(room.querySelector("textarea").value, known);
    const make = (tag, text, to) => Object.assign(document.createElement(tag), { textContent: text }, to && { href: new URL(to, new URL(room.dataset.rows, location.href)) });
    list.replaceChildren(...found.map(({ line, name, owner, missing, row, bites }) => {
      const item = make("li", `line ${line}: `);
      if (missing) {
        item.append(make("code", name), " is not in the map");
        return item;
      }
      const link = item.appendChild(make("a", "", row.page));
      link.append(make("code", name));
      item.append(owner ? ` (if this is a ${owner}): ` : ": ");
      const mine = name.startsWith("torch");
      const others = Object.entries(row.code).filter(([side]) => (side === "torch") !== mine);
      others.forEach(([, code], index) => item.append(index ? " or " : "", make("code", code)));
      if (row.note) item.append(others.length ? ". " : "", row.note);
      if (bites.length) {
        const all = item.appendChild(make("ul", ""));
        for (const [title, place] of bites) all.appendChild(make("li", "")).append("bites: ", make("a", title.replaceAll("`", ""), place));
      }
      return item;
    }));
    const missing = found.filter((use) => use.missing).length;
    status.textContent = found.length ? `${found.length} uses, ${missing} not in the map` : "";
  };
  document.addEventListener("input", ({ target }) => {
    const room = target.closest?.(".h2h-find, .h2h-reader");
    if (room) (room.matches(".h2h-find") ? find : read)(room);
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
    const side = target.closest?.(".h2h-take");
    if (side) take(side);
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
    // It wraps a table so that it scrolls, but not by keyboard.
    for (const wrap of document.querySelectorAll(".md-typeset__scrollwrap:not([tabindex])")) {
      wrap.tabIndex = 0;
      wrap.setAttribute("role", "group");
      wrap.setAttribute("aria-label", "Table");
    }
  };
  new MutationObserver(mend).observe(document.body, { childList: true, subtree: true });

  // Runs on each page, also when navigation.instant exchanges it.
  document$.subscribe(() => {
    show();
    mend();
    for (const hidden of document.querySelectorAll(".h2h-which input, .h2h-choice")) hidden.hidden = false;
    recommend();
    for (const room of document.querySelectorAll(".h2h-find, .h2h-reader")) room.hidden = false;
    for (const code of document.querySelectorAll(".h2h-api td code[data-side]")) offer(code);
    document.querySelector(".md-search")?.setAttribute("aria-label", "Search");
    for (const [name, label] of [["__drawer", "Navigation"], ["__search", "Search"]])
      for (const icon of document.querySelectorAll(`label.md-header__button[for=${name}] > svg`)) {
        icon.setAttribute("tabindex", 0);
        icon.setAttribute("role", "button");
        icon.setAttribute("aria-label", label);
      }
    // A section with a page of its own has an empty label, and its list of pages no name.
    for (const nav of document.querySelectorAll("nav[aria-labelledby]")) {
      const label = document.getElementById(nav.getAttribute("aria-labelledby"));
      if (!label || label.textContent.trim()) continue;
      nav.setAttribute("aria-label", nav.closest("li").querySelector("a").textContent.trim());
      nav.removeAttribute("aria-labelledby");
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
