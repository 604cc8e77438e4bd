// What opens with the green check: other ways to write the kata, and at the end of the ladder what was learnt.

import * as store from "./store.js";
import { getLanguage, make, NOT_HERE, said, site, word } from "./words.js";

// Elements for below the green card of a kata.
export function after(kata) {
  return [...ways(kata), ...ending()];
}

function ways(kata) {
  if (!kata.approaches.length) return [];
  const parts = kata.approaches.flatMap((way) => [
    make("h4", {}, said(way.title)),
    make("pre", { tabIndex: 0 }, way.code),
    html(way.text[getLanguage()]),
  ]);
  return [make("details", { className: "ways" }, make("summary", {}, word("ways")), ...parts)];
}

// Once every kata that a browser can check is done.
function ending() {
  const here = site.katas.filter((one) => one.needs !== NOT_HERE);
  if (!here.every((one) => store.isDone(store.peek(one)))) return [];
  const rows = here
    .filter((one) => said(one.learnt))
    .map((one) => make("tr", {}, cell(one.number), cell(earned(one)), cell(said(one.learnt))));
  const head = [word("ladder"), word("points_short"), word("learnt")].map((name) => make("th", {}, name));
  const table = rows.length ? [make("table", {}, make("tr", {}, ...head), ...rows)] : [];
  const next = site.after[getLanguage()];
  return [make("section", { className: "ending" }, make("h3", {}, word("all_done")), ...table, html(next ?? ""))];
}

function earned(kata) {
  const { checks = [] } = store.peek(kata).verdict ?? {};
  const points = checks.reduce((sum, check) => sum + check.points, 0);
  return word("points_of", { points: Number(points.toFixed(4)), most: kata.points });
}

const cell = (text) => make("td", {}, text);

function html(text) {
  const box = make("div", {});
  box.innerHTML = text; // made by `kata site` from the kata's approaches.toml and the bank's bank.toml
  return box;
}
