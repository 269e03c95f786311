// What was pasted as one program: a notebook has its cells one below the other, and lines are ended in one way.

const own = (found, name, otherwise) => (Object.hasOwn(found, name) ? found[name] : otherwise);

// The code of a cell, with blank lines for one in another language; null for one that is prose.
const code = (cell, ofPython) => {
  if (cell?.cell_type !== "code") return null;
  const given = own(cell, "source", own(cell, "input", ""));
  const text = Array.isArray(given) ? given.filter((each) => typeof each === "string").join("") : given;
  if (typeof text !== "string") return "";
  const lines = text.replace(/\r\n?/g, "\n").replace(/\n$/, ""), magic = lines.match(/^\s*%%(\w*)/);
  return magic && !ofPython.has(magic[1]) ? lines.replace(/[^\n]/g, "") : lines;
};

const plain = (found) => found instanceof Object && !Array.isArray(found);
const listed = (found) => (Array.isArray(found) ? found.filter(plain) : []);

// Jupyter writes numbers that JSON has not.
const NO_NUMBERS = /"[^"\\]*(?:\\[^][^"\\]*)*"|-?\b(?:NaN|Infinity)\b/g;
const parsed = (text) => {
  try {
    return JSON.parse(text);
  } catch {
    return JSON.parse(text.replace(NO_NUMBERS, (each) => (each.startsWith('"') ? each : "null")));
  }
};

const notebook = (text) => {
  if (!text.trimStart().startsWith("{")) return null;
  try {
    const content = parsed(text);
    return plain(content) && Object.hasOwn(content, "nbformat") ? content : null;
  } catch {
    return null; // a program
  }
};

export class Source {
  constructor(pasted, tables) {
    this.text = pasted.replace(/^\ufeff/, "").replace(/\r\n?/g, "\n");
    this.begins = []; // of a notebook: the line at which each cell with code begins, and its number
    const content = notebook(this.text);
    if (!content) return;
    const lines = [], sheets = listed(own(content, "worksheets", [content]));
    for (const [index, cell] of sheets.flatMap((sheet) => listed(sheet.cells)).entries()) {
      const text = code(cell, tables.ofPython);
      if (text === null) continue;
      this.begins.push([lines.length + 1, index + 1]);
      for (const line of text.split("\n")) lines.push(line);
    }
    this.text = lines.join("\n") + "\n";
  }

  // Where a line of the program stands, in words.
  place(line) {
    const cell = this.begins.findLast(([first]) => first <= line);
    return cell ? `cell ${cell[1]}, line ${line - cell[0] + 1}` : `line ${line}`;
  }
}
