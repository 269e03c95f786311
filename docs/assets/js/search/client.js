// Asks the worker that finds: it is started, and fetches what there is to find, when the reader turns to a box.

export const TOP = new URL("../../../", import.meta.url); // of the site, whatever path it lies below
const ENTRIES = new URL("search/entries.json", TOP).href;

let worker, asked = 0;
const waiting = new Map();

export const prepare = () => {
  if (worker) return;
  worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
  worker.addEventListener("message", ({ data }) => {
    waiting.get(data.asked)?.(data);
    waiting.delete(data.asked);
  });
  worker.postMessage({ address: ENTRIES });
};

// What is found, the best first: `found` with each entry and the words by which it was found, and the `total`.
export const ask = (typed, filters) => {
  prepare();
  const number = ++asked;
  return new Promise((done) => {
    waiting.set(number, done);
    worker.postMessage({ address: ENTRIES, asked: number, typed, filters });
  });
};
