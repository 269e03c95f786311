// What a reader takes along: a whole program, or one line. The buttons of the theme's own blocks are the theme's.

const SHOWN = 2500; // milliseconds that a button says what came of it

// The file as it lies on this site: what is copied is what ran.
const whole = async (button) => {
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
  button.timer = setTimeout(() => (button.textContent = label), SHOWN);
};

// The line in front of a button, as it stands there.
const line = async (button) => {
  await navigator.clipboard.writeText(button.previousElementSibling.textContent).then(
    () => (button.textContent = "copied"),
    () => (button.textContent = "could not copy"),
  );
  setTimeout(() => (button.textContent = "copy"), SHOWN);
};

document.addEventListener("click", ({ target }) => {
  const program = target.closest?.(".h2h-copy");
  const take = target.closest?.(".h2h-take");
  if (program) whole(program);
  if (take) line(take);
});

// Puts a button behind a line of code, unless one is there.
export const offer = (code) => {
  if (!navigator.clipboard || code.nextElementSibling?.matches(".h2h-take")) return;
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "h2h-take", textContent: "copy" });
  button.setAttribute("aria-label", `Copy ${code.textContent}`);
  code.after(button);
};

export const begin = () => {
  for (const code of document.querySelectorAll(".h2h-api td code[data-side]")) offer(code);
  for (const button of document.querySelectorAll(".h2h-copy")) {
    button.hidden = !navigator.clipboard;
    button.setAttribute("aria-live", "polite");
  }
};
