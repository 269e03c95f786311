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

  // One side of a row, as it stands there.
  const take = async (button) => {
    await navigator.clipboard.writeText(button.previousElementSibling.textContent).then(
      () => (button.textContent = "copied"),
      () => (button.textContent = "could not copy"),
    );
    setTimeout(() => (button.textContent = "copy"), 2500);
  };

  // Finds rows of the API map by any part of a name, in either direction.
  let map;
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
      for (const code of Object.values(row.code)) item.appendChild(document.createElement("code")).textContent = code;
    }
  };
  // Reads a program as headtohead/migrate.py does, by its imports and dotted names, and lists what it uses by line.
  const PACKAGES = { torch: "torch", tensorflow: "tf", keras: "keras" };
  const full = (name) => {
    const [first, ...rest] = name.split(".");
    return [PACKAGES[first] ?? first, ...rest].join(".").replace(/^tf\.keras\b/, "keras");
  };
  const uses = (text) => {
    const code = text.replace(/("""|''')[\s\S]*?\1|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|#.*/g, (part) => part.replace(/[^\n]/g, " "));
    const known = {}, found = [];
    const joined = code.replace(/\(([^()]*)\)/g, (part, inside) => "(" + inside.replace(/\n/g, " ") + ")");
    for (const [, module, names] of joined.matchAll(/^[ \t]*from\s+([\w.]+)\s+import\s+\(?([^)\n]*)/gm))
      if (module.split(".")[0] in PACKAGES)
        for (const part of names.split(",")) {
          const [, name, alias] = part.match(/(\w+)(?:\s+as\s+(\w+))?/) ?? [];
          if (name) known[alias ?? name] = full(`${module}.${name}`);
        }
    for (const [, names] of joined.matchAll(/^[ \t]*import\s+([^\n]+)/gm))
      for (const part of names.split(",")) {
        const [, name, alias] = part.match(/([\w.]+)(?:\s+as\s+(\w+))?/) ?? [];
        if (name?.split(".")[0] in PACKAGES) known[alias ?? name.split(".")[0]] = alias ? full(name) : PACKAGES[name.split(".")[0]];
      }
    code.split("\n").forEach((line, index) => {
      if (/^\s*(from|import)\b/.test(line)) return;
      const said = new Set();
      for (const [name, before] of [...line.matchAll(/(?<![\w.)\]])[A-Za-z_]\w*(?:\.\w+)*/g)].map((match) => [match[0], match.index])) {
        const [first, ...rest] = name.split(".");
        if (first in known) said.add([known[first], ...rest].join("."));
        else for (const method of rest.slice(-1)) said.add(`torch.Tensor.${method}?`);
      }
      for (const [, method] of line.matchAll(/[)\]]\.(\w+)\s*\(/g)) said.add(`torch.Tensor.${method}?`);
      for (const name of said) found.push([index + 1, name]);
    });
    return found;
  };
  const read = async (room) => {
    map ??= fetch(room.dataset.rows).then((answer) => answer.json());
    const { rows } = await map;
    const byName = {};
    for (const row of rows)
      for (const name of new Set(Object.values(row.names))) (byName[name] ??= []).push(row);
    const list = room.querySelector("ol");
    list.replaceChildren();
    let missing = 0, shown = 0;
    for (const [line, said] of uses(room.querySelector("textarea").value)) {
      const guess = said.endsWith("?"), name = said.replace("?", "");
      const last = name.split(".").pop();
      const candidates = guess ? [`torch.${last}`, name] : [name, name.replace(/^tf\.math\./, "tf."), name.replace(/^tf\./, "tf.math."), name.replace(/\.\w+$/, "")];
      const at = candidates.find((each) => byName[each]);
      if (!at && (guess || !name.includes("."))) continue;
      const item = list.appendChild(document.createElement("li"));
      item.append(`line ${line}: `);
      item.appendChild(document.createElement("code")).textContent = at ?? name;
      shown += 1;
      if (!at) {
        item.append(" is not in the map");
        missing += 1;
        continue;
      }
      const row = byName[at].find((each) => each.best?.includes(at)) ?? byName[at][0];
      const mine = at.startsWith("torch");
      const others = Object.entries(row.code).filter(([side]) => (side === "torch") !== mine).map(([, code]) => code);
      item.append(guess ? " (if this is a tensor): " : ": ");
      const link = item.appendChild(document.createElement("a"));
      link.href = new URL(row.page, new URL(room.dataset.rows, location.href));
      link.textContent = others.join(" or ") || "no counterpart";
      if (row.note) item.append(` ${row.note}`);
    }
    room.querySelector("[role=status]").textContent = shown ? `${shown} uses, ${missing} not in the map` : "";
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
  };
  new MutationObserver(mend).observe(document.body, { childList: true, subtree: true });

  // Runs on each page, also when navigation.instant exchanges it.
  document$.subscribe(() => {
    show();
    mend();
    for (const hidden of document.querySelectorAll(".h2h-which input, .h2h-choice")) hidden.hidden = false;
    recommend();
    for (const room of document.querySelectorAll(".h2h-find, .h2h-reader")) room.hidden = false;
    for (const code of navigator.clipboard ? document.querySelectorAll(".h2h-api td code[data-side]") : []) {
      if (code.nextElementSibling?.matches(".h2h-take")) continue;
      const button = document.createElement("button");
      Object.assign(button, { type: "button", className: "h2h-take", textContent: "copy" });
      button.setAttribute("aria-label", `Copy ${code.textContent}`);
      code.after(button);
    }
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
