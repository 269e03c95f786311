// A program with blanks where no name of it is used: in strings, comments and annotations. Places stay as they are.
import { close, find, parts, step } from "./brackets.js";

const TEXTS = new RegExp(
  [
    /([rbuRBU]?[fF]?[rR]?)("""|''')([\s\S]*?)\2/, // a long string
    /([rbuRBU]?[fF]?[rR]?)("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')/, // a short one
    /#.*/,
  ].map((each) => each.source).join("|"),
  "g",
);

const blank = (part) => part.replace(/[^\n]/g, " ");

// What stands in the braces of an f-string.
const braces = (part) => {
  let found = "", depth = 0;
  for (let at = 0; at < part.length; at += 1) {
    const letter = part[at];
    if (!depth && (letter === "{" || letter === "}") && part[at + 1] === letter) {
      found += "  ";
      at += 1;
      continue;
    }
    if (letter === "{") depth += 1;
    found += letter === "\n" ? "\n" : depth && letter !== "{" && letter !== "}" ? letter : " ";
    if (letter === "}") depth -= 1;
  }
  return found.replace(/:[^:\[\](){}\n]*$/gm, blank);
};

const texts = (text) =>
  text.replace(TEXTS, (part, long, _, __, short) => (/f/i.test(long ?? short ?? "") ? braces(part) : blank(part)));

// Where the annotations of functions stand: of each parameter, and of what comes back.
function* functions(code) {
  for (const match of code.matchAll(/\bdef\s+\w+\s*\(/g)) {
    const start = match.index + match[0].length, end = close(code, start - 1);
    for (const [from, to] of parts(code, start, end)) {
      const colon = code.slice(from, to).indexOf(":");
      if (colon >= 0) yield [from + colon, find(code, "=", from + colon, to)];
    }
    const arrow = code.slice(end + 1).match(/^\s*->/);
    if (arrow) yield [end + 1, find(code, ":", end + 1 + arrow[0].length, code.length)];
  }
}

// Where those of variables stand. In a bracket, a colon says something else, and behind a keyword too.
function* variables(code, keywords) {
  const depths = new Int16Array(code.length + 1);
  for (let at = 0; at < code.length; at += 1) depths[at + 1] = depths[at] + step(code[at]);
  for (const match of code.matchAll(/^([ \t]*[\w.]+)([ \t]*:[ \t]*[A-Za-z_][^=\n:]*)(?==|$)/gm))
    if (!depths[match.index] && !keywords.has(match[1].trim()))
      yield [match.index + match[1].length, match.index + match[0].length];
}

export const bare = (text, keywords) => {
  const code = texts(text), letters = code.split("");
  for (const spans of [functions(code), variables(code, keywords)])
    for (const [from, to] of spans)
      for (let at = from; at < to; at += 1) if (letters[at] !== "\n") letters[at] = " ";
  return letters.join("");
};
