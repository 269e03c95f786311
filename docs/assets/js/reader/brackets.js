// Brackets in a program: where one closes, where one opens, and what stands between commas.
// Strings and comments have to be blanks already: a bracket in them counts.

const STEPS = { "(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1 };

// How much deeper it is behind a letter.
export const step = (letter) => STEPS[letter] ?? 0;

export const close = (code, at) => {
  for (let depth = 0; at < code.length; at += 1) {
    const by = step(code[at]);
    depth += by;
    if (by < 0 && !depth) return at;
  }
  return code.length;
};

export const open = (code, at) => {
  for (let depth = 0; at >= 0; at -= 1) {
    const by = step(code[at]);
    depth -= by;
    if (by > 0 && !depth) return at;
  }
  return -1;
};

// The first place of a letter that is in no bracket, or where to stop.
export const find = (code, letter, from, to) => {
  for (let at = from, depth = 0; at < to; at += 1) {
    depth += step(code[at]);
    if (code[at] === letter && !depth) return at;
  }
  return to;
};

// The parts between commas that stand at the outermost level, without empty ones.
export const parts = (code, from, to) => {
  const found = [];
  for (let start = from; start <= to; ) {
    const end = find(code, ",", start, to);
    if (code.slice(start, end).trim()) found.push([start, end]);
    start = end + 1;
  }
  return found;
};
