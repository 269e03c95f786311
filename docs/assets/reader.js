// Reads a program as headtohead/migrate.py does: by its imports, its classes and its dotted names. A test holds the two
// against each other on every program of the site.

const PACKAGES = { torch: "torch", tensorflow: "tf", keras: "keras" };
const OWNERS = {
  torch: "tensor", "torch.Tensor": "tensor", "torch.nn.Module": "module", "torch.optim.Optimizer": "optimizer",
  "torch.optim.lr_scheduler.LRScheduler": "schedule", "tf.Tensor": "tensor", "tf.Variable": "variable",
  "tf.data.Dataset": "data set", "keras.Model": "model", "keras.Layer": "layer",
  "keras.optimizers.Optimizer": "optimizer", "keras.metrics.Metric": "metric",
};
const BASES = [
  ["torch.optim.lr_scheduler.", ["torch.optim.lr_scheduler.LRScheduler"]], ["torch.optim.", ["torch.optim.Optimizer"]],
  ["torch.nn.", ["torch.nn.Module"]], ["keras.optimizers.", ["keras.optimizers.Optimizer"]],
  ["keras.metrics.", ["keras.metrics.Metric"]], ["keras.layers.", ["keras.Layer"]],
  ["keras.Sequential", ["keras.Model", "keras.Layer"]], ["keras.Model", ["keras.Model", "keras.Layer"]],
  ["tf.Variable", ["tf.Tensor"]],
];
const words = (text) => new Set(text.split(" "));
const FLUENT = words("to cuda cpu train eval float double half requires_grad_");
const DATASET = "tf.data.Dataset";
const READ = words("shape dtype device grad data T mT H mH ndim real imag requires_grad");
const PYTHONS = words(
  "capitalize casefold center count encode endswith expandtabs find format format_map index isalnum isalpha isascii " +
  "isdecimal isdigit isidentifier islower isnumeric isprintable isspace istitle isupper join ljust lower lstrip maketrans " +
  "partition removeprefix removesuffix replace rfind rindex rjust rpartition rsplit rstrip split splitlines startswith strip " +
  "swapcase title translate upper zfill append clear copy extend insert pop remove reverse sort fromkeys get items keys " +
  "popitem setdefault update values add difference difference_update discard intersection intersection_update isdisjoint " +
  "issubset issuperset symmetric_difference symmetric_difference_update union",
);
const KEYWORDS = words(
  "and as assert async await break case class continue def del elif else except finally for from global if import in is " +
  "lambda match nonlocal not or pass raise return try while with yield None True False print",
);
const INNER = /^(torch\.nn)\.(?:modules|parameter)\.(?:\w+\.)*(?=\w+$)|^(torch\.optim)\.[a-z]\w*\.(?=[A-Z]\w*$)/;
const CLOSES = { ")": "(", "]": "[", "}": "{" };
const OPENS = { "(": ")", "[": "]", "{": "}" };

const full = (name) => {
  const [first, ...rest] = name.split(".");
  return [PACKAGES[first] ?? first, ...rest].join(".").replace(/^tf\.keras\b/, "keras");
};
const outer = (name) => name.replace(INNER, (_, one, other) => `${one ?? other}.`);

// Strings and comments as blanks, but what stands in the braces of an f-string.
const bare = (text) => {
  const blank = (part) => part.replace(/[^\n]/g, " ");
  return text.replace(/([rbuRBU]?[fF]?[rR]?)("""|''')([\s\S]*?)\2|([rbuRBU]?[fF]?[rR]?)("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|#.*/g,
    (part, long, _, __, short) => {
      const kind = long ?? short ?? "";
      if (!/f/i.test(kind)) return blank(part);
      let found = "", depth = 0;
      for (let at = 0; at < part.length; at += 1) {
        const letter = part[at];
        if (!depth && (letter === "{" || letter === "}") && part[at + 1] === letter) { found += "  "; at += 1; continue; }
        if (letter === "{") depth += 1;
        found += letter === "\n" ? "\n" : depth && letter !== "{" && letter !== "}" ? letter : " ";
        if (letter === "}") depth -= 1;
      }
      return found.replace(/:[^:\[\](){}\n]*$/gm, blank);
    });
};

class Program {
  constructor(text) {
    this.code = this.headless(bare(text));
    this.lines = [0];
    for (const match of this.code.matchAll(/\n/g)) this.lines.push(match.index + 1);
    this.known = {};
    this.strange = new Set();
    this.spans = [];
    this.imports();
    this.classes = {};
    this.regions = [];
    this.findClasses();
    this.kinds = {};
    for (let round = 0; round < 2; round += 1) this.assignments();
  }

  line(at) {
    let low = 0, high = this.lines.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.lines[middle] <= at) low = middle; else high = middle - 1;
    }
    return low + 1;
  }

  close(at, code = this.code) {
    for (let depth = 0; at < code.length; at += 1) {
      if (code[at] in OPENS) depth += 1;
      if (code[at] in CLOSES && (depth -= 1) === 0) return at;
    }
    return code.length;
  }

  open(at) {
    for (let depth = 0; at >= 0; at -= 1) {
      if (this.code[at] in CLOSES) depth += 1;
      if (this.code[at] in OPENS && (depth -= 1) === 0) return at;
    }
    return -1;
  }

  // The parts between commas that stand at the outermost level.
  parts(from, to, code = this.code) {
    const found = [];
    let start = from, depth = 0;
    for (let at = from; at < to; at += 1) {
      if (code[at] in OPENS) depth += 1;
      if (code[at] in CLOSES) depth -= 1;
      if (code[at] === "," && !depth) { found.push([start, at]); start = at + 1; }
    }
    return [...found, [start, to]].filter(([one, other]) => code.slice(one, other).trim());
  }

  // Without annotations: what a function or a variable is said to be.
  headless(code) {
    const letters = [...code];
    const clear = (from, to) => { for (let at = from; at < to; at += 1) if (letters[at] !== "\n") letters[at] = " "; };
    for (const match of code.matchAll(/\bdef\s+\w+\s*\(/g)) {
      const start = match.index + match[0].length, end = this.close(start - 1, code);
      for (const [from, to] of this.parts(start, end, code)) {
        const colon = code.slice(from, to).indexOf(":");
        if (colon < 0) continue;
        let until = to, depth = 0;
        for (let at = from + colon; at < to; at += 1) {
          if (code[at] in OPENS) depth += 1;
          if (code[at] in CLOSES) depth -= 1;
          if (code[at] === "=" && !depth) { until = at; break; }
        }
        clear(from + colon, until);
      }
      const arrow = code.slice(end + 1).match(/^\s*->/);
      if (arrow) {
        let at = end + 1 + arrow[0].length, depth = 0;
        const from = end + 1;
        for (; at < code.length && (depth || code[at] !== ":"); at += 1) {
          if (code[at] in OPENS) depth += 1;
          if (code[at] in CLOSES) depth -= 1;
        }
        clear(from, at);
      }
    }
    const depths = new Int16Array(code.length + 1);
    for (let at = 0; at < code.length; at += 1)
      depths[at + 1] = depths[at] + (code[at] in OPENS ? 1 : code[at] in CLOSES ? -1 : 0);
    for (const match of code.matchAll(/^([ \t]*[\w.]+)([ \t]*:[ \t]*[A-Za-z_][^=\n:]*)(?==|$)/gm))
      if (!depths[match.index] && !KEYWORDS.has(match[1].trim())) clear(match.index + match[1].length, match.index + match[0].length);
    return letters.join("");
  }

  imports() {
    const joined = this.code.replace(/\\\n/g, "  ");
    for (const match of joined.matchAll(/^[ \t]*from[ \t]+([\w.]+)[ \t]+import[ \t]+(\([^)]*\)|[^\n]*)/gm)) {
      this.spans.push([match.index, match.index + match[0].length]);
      const ours = match[1].split(".")[0] in PACKAGES;
      for (const part of match[2].replace(/[()]/g, " ").split(",")) {
        const [, name, alias] = part.match(/(\w+)(?:\s+as\s+(\w+))?/) ?? [];
        if (!name) continue;
        if (ours) this.known[alias ?? name] = full(`${match[1]}.${name}`);
        else this.strange.add(alias ?? name);
      }
    }
    for (const match of joined.matchAll(/^[ \t]*import[ \t]+([^\n]+)/gm)) {
      this.spans.push([match.index, match.index + match[0].length]);
      for (const part of match[1].split(",")) {
        const [, name, alias] = part.match(/([\w.]+)(?:\s+as\s+(\w+))?/) ?? [];
        if (!name) continue;
        const first = name.split(".")[0];
        if (first in PACKAGES) this.known[alias ?? first] = alias ? full(name) : PACKAGES[first];
        else this.strange.add(alias ?? first);
      }
    }
  }

  findClasses() {
    for (const match of this.code.matchAll(/^([ \t]*)class[ \t]+(\w+)[ \t]*(\()?/gm)) {
      const [head, indent, name, bracket] = match;
      let end = match.index + head.length, bases = [];
      if (bracket) {
        const until = this.close(end - 1);
        bases = this.parts(end, until).map(([from, to]) => this.code.slice(from, to).trim()).filter((each) => !each.includes("="));
        end = until;
      }
      const after = new RegExp(`\\n(?=[ \\t]{0,${indent.length}}[^\\s)\\]}])`, "g");
      after.lastIndex = this.code.indexOf("\n", end) < 0 ? this.code.length : this.code.indexOf("\n", end);
      const stop = after.exec(this.code);
      this.classes[name] = bases;
      this.regions.push([match.index, stop ? stop.index : this.code.length, name]);
    }
  }

  inside(at) {
    let found;
    for (const [from, to, name] of this.regions) if (from <= at && at < to) found = name;
    return found;
  }

  base(name) {
    const seen = new Set();
    while (name in this.classes && !seen.has(name)) {
      seen.add(name);
      const bases = this.classes[name];
      const given = bases.map((base) => this.dotted(base)).find(Boolean);
      if (given) return given;
      name = bases.find((base) => /^\w+$/.test(base)) ?? "";
    }
    return null;
  }

  dotted(text) {
    const [first, ...rest] = text.replace(/\s/g, "").split(".");
    return /^[\w.\s]+$/.test(text) && Object.hasOwn(this.known, first) ? outer([this.known[first], ...rest].join(".")) : null;
  }

  // The class of a variable, `x` or `self.x`, at a place.
  variable(parts, at) {
    if (parts.length === 1 && parts[0] === "self" && this.inside(at)) return this.base(this.inside(at));
    if (parts.length === 1) return this.kinds[parts[0]] ?? null;
    if (parts.length === 2 && parts[0] === "self" && this.inside(at)) return this.kinds[`${this.inside(at)}.${parts[1]}`] ?? null;
    return null;
  }

  // The class of what a call of a dotted name gives.
  called(parts, at) {
    const name = this.dotted(parts.join("."));
    if (name) {
      const last = name.split(".").pop();
      if (name.startsWith(`${DATASET}.`)) return DATASET;
      return /^[A-Z]/.test(last) && last !== "Input" ? name : null;
    }
    if (parts.length === 1) return this.base(parts[0]);
    return this.fluent(parts.at(-1), this.variable(parts.slice(0, -1), at));
  }

  fluent(method, inner) {
    return FLUENT.has(method) || inner === DATASET ? inner : null;
  }

  // What an expression that ends with a bracket begins with, and the class of what it gives.
  before(at) {
    const from = this.open(at), bracket = this.code[at], text = this.code.slice(0, Math.max(from, 0));
    const chain = text.match(/([)\]])((?:\s*\.\s*[A-Za-z_]\w*)+)\s*$/);
    if (chain) {
      const inner = this.before(chain.index), names = chain[2].replace(/\s/g, "").split(".").slice(1);
      const kind = bracket === ")" && names.length === 1 ? this.fluent(names[0], inner.kind) : null;
      return { ...inner, kind };
    }
    if (/[)\]]\s*$/.test(text) && bracket) {
      const inner = this.before(text.trimEnd().length - 1);
      return { ...inner, kind: null };
    }
    const name = text.match(/([A-Za-z_]\w*(?:\s*\.\s*[A-Za-z_]\w*)*)\s*$/);
    if (!name || KEYWORDS.has(name[1])) return { foreign: bracket === "]" || bracket === "}", kind: null, from };
    const parts = name[1].replace(/\s/g, "").split(".");
    return {
      foreign: this.foreign(parts[0]), from: name.index, kind: bracket === ")" ? this.called(parts, name.index) : null,
    };
  }

  foreign(name) {
    return this.strange.has(name) || Object.hasOwn(this.classes, name);
  }

  assignments() {
    const said = [];
    for (const match of this.code.matchAll(/^[ \t]*((?:[A-Za-z_][\w.]*[ \t]*=(?!=)[ \t]*)+)/gm))
      for (const target of match[1].split("=").slice(0, -1)) said.push([target.trim(), match.index + match[0].length, match.index]);
    for (const match of this.code.matchAll(/^[ \t]*with\b/gm)) {
      const until = this.code.indexOf(":\n", match.index);
      for (const [from, to] of this.parts(match.index + match[0].length, until < 0 ? this.code.length : until)) {
        const as = this.code.slice(from, to).match(/\s+as\s+([\w.]+)\s*\)?\s*$/);
        if (as) said.push([as[1], from + this.code.slice(from).search(/\S/), from]);
      }
    }
    for (const [target, from, at] of said) {
      const parts = target.split(".");
      const inside = this.inside(at);
      const name = parts.length === 1 ? target : parts.length === 2 && parts[0] === "self" && inside ? `${inside}.${parts[1]}` : null;
      const kind = this.value(from);
      if (!name || (!kind && !(name in this.kinds))) continue;
      this.kinds[name] = !(name in this.kinds) || this.kinds[name] === kind ? kind : null;
    }
  }

  // The class of the expression that begins at a place, if it is a chain of calls or a variable.
  value(at) {
    const name = this.code.slice(at).match(/^([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)/);
    if (!name) return null;
    const parts = name[1].split(".");
    let end = at + name[0].length, kind;
    if (this.code[end] === "(") {
      kind = this.called(parts, at);
      end = this.close(end) + 1;
    } else kind = this.variable(parts, at);
    for (;;) {
      const next = this.code.slice(end).match(/^\s*\.\s*(\w+)\(/);
      if (!next) break;
      kind = this.fluent(next[1], kind);
      end = this.close(end + next[0].length - 1) + 1;
    }
    return /^[ \t]*(\n|$|,|\)|:|as\b|[ \t]+as\b)/.test(this.code.slice(end)) ? kind : null;
  }

  given(open) {
    const found = new Set();
    for (const [from, to] of this.parts(open + 1, this.close(open))) {
      const name = this.code.slice(from, to).match(/^\s*(\w+)\s*=(?!=)/);
      if (name) found.add(name[1]);
    }
    return found;
  }

  python(attribute, open) {
    if (attribute.startsWith("__")) return true;
    if (!PYTHONS.has(attribute) || open < 0) return false;
    const parts = this.parts(open + 1, this.close(open)).map(([from, to]) => this.code.slice(from, to).trim());
    return !parts.some((part) => /^\d+$/.test(part) || /^\w+\s*=(?!=)/.test(part));
  }

  gathers(open) {
    const close = this.close(open);
    if (/^\s*=(?!=)/.test(this.code.slice(close + 1))) return false;
    const simple = ([from, to]) => {
      const part = this.code.slice(from, to).trim();
      if (/^[A-Za-z_]\w*$/.test(part)) return !/^(None|True|False)$/.test(part);
      const call = part.match(/^[A-Za-z_][\w.]*\(/);
      return Boolean(call) && this.close(call[0].length - 1, part) === part.length - 1;
    };
    return this.parts(open + 1, close).filter(simple).length > 1;
  }

  uses() {
    const found = new Map();
    const theirs = Object.values(this.known);
    const guess = theirs.some((name) => `${name}.`.startsWith("torch.")) ? "torch.Tensor" : "tf.Tensor";
    const add = (line, name, more) => {
      const key = `${line} ${name}`;
      if (!found.has(key)) found.set(key, { line, name, sure: true, member: false, given: new Set(), ...more });
    };
    const outside = (at) => !this.spans.some(([from, to]) => from <= at && at < to);
    const attribute = (names, end, receiver) => {
      const open = /^\s*\(/.test(this.code.slice(end)) ? end + this.code.slice(end).indexOf("(") : -1;
      const given = open < 0 ? new Set() : this.given(open), last = names.at(-1), line = this.line(end - 1);
      if (receiver.kind) add(line, `${receiver.kind}.${last}`, { member: true, given });
      else if ((open >= 0 || READ.has(last)) && !receiver.foreign && theirs.length && !this.python(last, open))
        add(line, `${guess}.${last}`, { sure: false, given });
    };
    for (const match of this.code.matchAll(/(?<![\w.])([A-Za-z_]\w*)((?:\s*\.\s*[A-Za-z_]\w*)*)/g)) {
      const [text, first] = match, at = match.index, end = at + text.length;
      if (!outside(at) || /[)\]]\s*\.\s*$/.test(this.code.slice(Math.max(0, at - 20), at))) continue;
      if (/^\s*=(?!=)/.test(this.code.slice(end)) && /[(,]\s*$/.test(this.code.slice(0, at)) && text === first) continue;
      const parts = text.replace(/\s/g, "").split(".");
      const name = this.dotted(parts.join("."));
      if (name) {
        const open = /^\s*\(/.test(this.code.slice(end)) ? end + this.code.slice(end).indexOf("(") : -1;
        add(this.line(at), name, { given: open < 0 ? new Set() : this.given(open) });
      } else if (parts.length > 1)
        attribute(parts, end, { kind: this.variable(parts.slice(0, -1), at), foreign: this.foreign(first) });
    }
    for (const match of this.code.matchAll(/([)\]])((?:\s*\.\s*[A-Za-z_]\w*)+)/g)) {
      const names = match[2].replace(/\s/g, "").split(".").slice(1);
      const receiver = this.before(match.index);
      attribute(names, match.index + match[0].length, names.length > 1 ? { ...receiver, kind: null } : receiver);
    }
    for (const match of theirs.length ? this.code.matchAll(/[\w)\]]\[/g) : []) {
      const open = match.index + 1;
      if (!this.gathers(open)) continue;
      const receiver = this.before(this.close(open));
      if (!receiver.foreign) add(this.line(receiver.from), `${guess}.__getitem__`, { sure: false });
    }
    return [...found.values()].sort((one, other) => one.line - other.line || (one.name < other.name ? -1 : one.name > other.name ? 1 : 0));
  }
}

export const uses = (text) => new Program(text).uses();

// The rows of the map by name, and what is known of names beside them.
export class Lookup {
  constructor({ rows, alias, bites }) {
    Object.assign(this, { rows: new Map(), only: new Map(), alias, bites });
    for (const row of rows)
      for (const name of new Set(Object.values(row.names))) {
        const place = row.category === "only" ? this.only : this.rows;
        if (!place.has(name)) place.set(name, []);
        place.get(name).push(row);
      }
    for (const [name, found] of this.rows) found.sort((one, other) => one.place[name] - other.place[name]);
  }

  has(name) {
    return this.rows.has(name) || this.only.has(name);
  }

  name({ name: said, sure, member }) {
    let name = outer(full(said));
    if (!sure) {
      const torch = name.startsWith("torch."), method = name.split(".").pop();
      return Object.keys(OWNERS).filter((owner) => owner.startsWith("torch") === torch && !(owner === "torch" && READ.has(method)))
        .map((owner) => `${owner}.${method}`).find((each) => this.has(each)) ?? null;
    }
    while (name.includes(".")) {
      const kind = name.replace(/\.[^.]*$/, ""), last = name.split(".").pop();
      const elsewhere = [["torch.Tensor", "torch"], ["tf.math", "tf"], ["tf", "tf.math"], ["tf.nn", "tf"]];
      const bases = BASES.find(([begins]) => kind.startsWith(begins))?.[1] ?? [];
      const candidates = [
        name, this.alias[name] ?? "", ...elsewhere.filter(([one]) => one === kind).map(([, other]) => `${other}.${last}`),
        ...bases.map((base) => `${base}.${last}`),
      ];
      const found = candidates.find((each) => this.has(each));
      if (found) return found;
      if (member) return null;
      name = kind;
    }
    return null;
  }

  row(name, given) {
    const found = this.rows.get(name);
    if (!found) return this.only.get(name)[0];
    const unlike = (row) => {
      const said = new Set(Object.entries(row.names).filter(([, each]) => each === name).flatMap(([side]) => row.given[side]));
      const shared = [...said].filter((each) => given.has(each)).length;
      return [-shared, shared ? said.size - shared : 0];
    };
    if (!given.size) return found[0];
    return found.map((row, place) => [...unlike(row), place, row]).sort((one, other) => one[0] - other[0] || one[1] - other[1] || one[2] - other[2])[0][3];
  }
}

// What is to be said of a program, use by use.
export const read = (text, known) => {
  const told = new Set(), found = [];
  for (const use of uses(text)) {
    const name = known.name(use);
    if (name === null) {
      if (use.sure && !use.member && use.name.includes(".") && !use.name.split(".").pop().startsWith("_"))
        found.push({ ...use, missing: true });
      continue;
    }
    const bites = use.sure && !told.has(name) ? known.bites[name] ?? [] : [];
    if (use.sure) told.add(name);
    const owner = use.sure ? null : OWNERS[name.replace(/\.[^.]*$/, "")];
    found.push({ ...use, name, owner, bites, row: known.row(name, use.given) });
  }
  return found;
};
