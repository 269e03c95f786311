// The questionnaire: weighs the chosen answers as headtohead/content/questions.py does, and shows what they come to.
// It knows no question: answers, what they point to and why stand in the tables of the page.

const SIDES = { pytorch: "PyTorch", tensorflow: "TensorFlow" };
const NAMES = { ...SIDES, either: "Either", both: "Both, and a bridge" };

// The rows of bridges between what two answers want.
const bridging = (one, other) =>
  [...document.querySelectorAll("[data-bridges]")].find(({ dataset }) =>
    [one, other].every((row) => dataset.bridges.split(" ").includes(row.id)));

const weigh = () => {
  const chosen = [...document.querySelectorAll(".h2h-which :checked")].map((input) => input.closest("tr"));
  const decided = chosen.filter((row) => "decides" in row.dataset);
  for (const weighed of [decided, chosen]) {
    const [left, right] = Object.keys(SIDES).map((side) => weighed.filter((row) => row.dataset.points === side));
    if (weighed === decided && left.length && right.length) {
      const bridges = left.flatMap((one) => right.map((other) => bridging(one, other)));
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

// With the reasons of the table.
const recommend = () => {
  const room = document.querySelector(".h2h-choice");
  if (!room) return;
  const { outcome, reasons, bridges } = weigh();
  const open = room.querySelector("details")?.open;
  room.innerHTML = "<details><summary>Recommended: <strong></strong></summary><ul></ul></details>";
  room.querySelector("strong").textContent = NAMES[outcome];
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

export const begin = () => {
  for (const hidden of document.querySelectorAll(".h2h-which input, .h2h-choice")) hidden.hidden = false;
  recommend();
};
