// The reader of the pages, without a page: for each line with a program as JSON, a line with what it finds in it.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const [modules, map] = process.argv.slice(2);
const part = (name) => import(pathToFileURL(`${modules}/${name}.js`));
const [{ Lookup }, { Program }, { Tables }, { report }, { Source }, { uses }] = await Promise.all(
  ["lookup", "program", "tables", "report", "source", "uses"].map(part),
);
const data = JSON.parse(readFileSync(map, "utf8"));
const tables = new Tables(data.reading), known = new Lookup(data, tables);
const read = (pasted) => {
  const source = new Source(pasted, tables);
  const odd = report(pasted, known).filter((each) => each.odd).map((each) => [each.place, each.odd]);
  const found = uses(new Program(source, tables)).map((use) => {
    const name = known.name(use), row = name && known.rows.has(name) ? known.row(name, use.given).page : null;
    return [source.place(use.line), use.name, use.sure, use.member, [...use.given].sort(), name, row];
  });
  return { found, odd };
};
for await (const line of createInterface({ input: process.stdin })) {
  const before = process.cpuUsage(), told = {};
  try {
    Object.assign(told, read(JSON.parse(line)));
  } catch (error) {
    told.error = error.stack;
  }
  const { user, system } = process.cpuUsage(before);
  console.log(JSON.stringify({ ...told, seconds: (user + system) / 1e6 }));
}
