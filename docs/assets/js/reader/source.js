// What was pasted as one program: a notebook has its cells one below the other, and lines are ended in one way.

const own = (found, name, otherwise) => (Object.hasOwn(found, name) ? found[name] : otherwise);
const plain = (found) => found instanceof Object && !Array.isArray(found);
const table = (found) => (plain(found) ? found : {});

// The code of a cell, with blank lines for one in another language; null for one that is prose. Throws why there is none.
const code = (cell, { ofPython, words }) => {
  if (!plain(cell) || typeof own(cell, "cell_type") !== "string") throw new Error(words.cell);
  if (cell.cell_type !== "code") return null;
  const given = [own(cell, "source", own(cell, "input", ""))].flat();
  if (!given.every((each) => typeof each === "string")) throw new Error(words.code);
  const lines = given.join("").replace(/\r\n?/g, "\n").replace(/\n$/, ""), magic = lines.match(/^\s*%%(\w*)/);
  return magic && !ofPython.has(magic[1]) ? lines.replace(/[^\n]/g, "") : lines;
};

// Jupyter writes numbers that JSON has not.
const NO_NUMBERS = /"[^"\\]*(?:\\[^][^"\\]*)*"|-?\b(?:NaN|Infinity)\b/g;
const parsed = (text) => {
  try {
    return JSON.parse(text);
  } catch {
    return JSON.parse(text.replace(NO_NUMBERS, (each) => (each.startsWith('"') ? each : "null")));
  }
};

// A notebook; null for a program. Throws why it is neither.
const notebook = (text, { words, python }) => {
  if (!text.trimStart().startsWith("{")) return null;
  let content;
  try {
    content = parsed(text);
  } catch (error) {
    if (/"(?:nbformat|cell_type)"\s*:/.test(text)) throw new Error(error instanceof SyntaxError ? words.half : words.deep);
    return null;
  }
  if (!plain(content) || !Object.hasOwn(content, "nbformat")) return null;
  const about = table(content.metadata);
  const said = own(table(about.language_info), "name") || own(table(about.kernelspec), "language");
  if (typeof said === "string" && said && !python.test(said)) throw new Error(`${words.other}${said}`);
  const sheets = own(content, "worksheets", [content]), lists = Array.isArray(sheets) ? sheets.map((each) => table(each).cells) : [null];
  if (!lists.every(Array.isArray)) throw new Error(words.cells);
  return lists.flat();
};

export class Source {
  constructor(pasted, tables) {
    this.text = pasted.replace(/^\ufeff/, "").replace(/\r\n?/g, "\n");
    this.begins = []; // of a notebook: the line at which each cell with code begins, and its number
    this.parts = [[1, this.text]]; // each by its first line: what is never closed in one cell ends with it
    this.odd = []; // places, and why nothing is read there
    let cells;
    try {
      cells = notebook(this.text, tables);
    } catch ({ message }) {
      this.parts = [];
      this.odd.push(["the notebook", message]);
    }
    if (cells) this.take(cells, tables);
  }

  take(cells, tables) {
    let line = 1;
    this.parts = [];
    for (const [index, cell] of cells.entries()) {
      let text = null;
      try {
        text = code(cell, tables);
      } catch ({ message }) {
        this.odd.push([`cell ${index + 1}`, message]);
      }
      if (text === null) continue;
      this.begins.push([line, index + 1]);
      this.parts.push([line, `${text}\n`]);
      line += text.split("\n").length;
    }
  }

  // Where a line of the program stands, in words.
  place(line) {
    const cell = this.begins.findLast(([first]) => first <= line);
    return cell ? `cell ${cell[1]}, line ${line - cell[0] + 1}` : `line ${line}`;
  }
}
