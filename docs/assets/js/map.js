// The API map as data: fetched once, by the first place that asks for it, and never by a page that only lies open.

let held;
export const map = (room) => (held ??= fetch(room.dataset.rows).then((answer) => answer.json()));

// Where a page of the map is, from wherever the reader is.
export const address = (page, room) => new URL(page, new URL(room.dataset.rows, location.href));
