// The line that says how far the page's Python is.

import { $, word } from "./words.js";

let state = null; // the word that stands there when nothing is being fetched

export function showLoading(done, total) {
  const mega = (bytes) => (bytes / 1e6).toFixed(1);
  const bar = $("bar");
  // A screen reader shall hear what comes of it, not every tenth of a megabyte.
  $("python").setAttribute("aria-busy", "true");
  bar.hidden = false;
  if (total) [bar.max, bar.value] = [total, Math.min(done, total)];
  else bar.removeAttribute("value");
  $("python-words").textContent = total
    ? word("loading", { done: mega(done), total: mega(total) })
    : word("loading_more", { done: mega(done) });
  if (total && done >= total) $("python-words").textContent = word("starting");
}

// The name of a word; without one, what stood there before the last fetching, in the language of now.
export function idle(name = state) {
  $("bar").hidden = true;
  state = name;
  if (state) $("python-words").textContent = word(state);
  $("python").setAttribute("aria-busy", "false");
}
