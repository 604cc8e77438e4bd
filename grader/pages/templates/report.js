"use strict";
// Everything from a submission is put in as text (textContent), never as HTML.
const meta = JSON.parse(document.getElementById("meta").textContent);
const table = document.getElementById("rows");
const body = table.tBodies[0];
const rows = [...body.rows];
const search = document.getElementById("search");
const all = document.getElementById("all");
const more = document.getElementById("more");
const dialog = document.getElementById("student");
let mistake = null;
// Rows that are laid out: a table of ten thousand would take a browser minutes.
let most = meta.at_once;

function make(tag, content, className) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (typeof content === "string") node.textContent = content;
  else if (content) node.append(...[content].flat());
  return node;
}

// What a text sets off, `code` and *words*, as elements; render.py does the same.
function setOff(words) {
  const parts = [];
  let end = 0;
  for (const found of words.matchAll(/^ {4}.*|`([^`\n]+)`|(?<![\p{L}\p{N}_*])\*([\p{L}\p{N}_](?:[^*\n]*[\p{L}\p{N}_])?)\*(?![\p{L}\p{N}_*])/gmu)) {
    const [whole, code, stressed] = found;
    parts.push(words.slice(end, found.index), code ? make("code", code) : stressed ? make("em", stressed) : whole);
    end = found.index + whole.length;
  }
  return [...parts, words.slice(end)];
}

// A text in every language; the style sheet shows the one that is chosen.
function both(text, values = {}) {
  return Object.entries(text).map(([language, words]) => {
    const span = make("span", setOff(words.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole)));
    span.lang = language;
    return span;
  });
}

const say = (name, values) => both(meta.words[name], values);

async function unpack(id) {
  const text = document.getElementById(id)?.textContent;
  if (!text) return null;
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).text();
}

async function picture(key, alternative) {
  const svg = await unpack(`p${key}`);
  if (!svg) return null;
  const image = make("img");
  const bytes = new TextEncoder().encode(svg);
  let letters = "";
  for (let i = 0; i < bytes.length; i += 8192) letters += String.fromCharCode(...bytes.subarray(i, i + 8192));
  image.src = `data:image/svg+xml;base64,${btoa(letters)}`;
  image.alt = alternative;
  return image;
}

// --- the table ----------------------------------------------------------------------------------------------

function filter() {
  const wanted = search.value.trim().toLowerCase();
  let count = 0;
  for (const row of rows) {
    const fits = (mistake === null || (row.dataset.m ?? "").split(" ").includes(mistake))
      && row.cells[0].textContent.toLowerCase().includes(wanted);
    row.hidden = !fits;
    row.classList.toggle("later", count >= most);
    count += fits;
  }
  document.getElementById("found").replaceChildren(
    ...(wanted || mistake !== null ? say("found", { count, all: rows.length }) : []));
  all.hidden = mistake === null;
  more.hidden = count <= most;
  more.replaceChildren(...say("more", { count: Math.min(meta.at_once, count - most), all: count }));
}

// An empty cell and "=" (exempt) are no marks, and stand below 0.
const marked = (text) => (Number.isNaN(parseFloat(text)) ? -1 : Number(text));

function sort(column) {
  const heads = [...table.tHead.rows[0].cells];
  const turned = heads[column].getAttribute("aria-sort") === (column ? "descending" : "ascending");
  heads.forEach((head) => head.removeAttribute("aria-sort"));
  heads[column].setAttribute("aria-sort", Boolean(column) === turned ? "ascending" : "descending");
  const value = (row) => (column ? marked(row.cells[column].textContent) : row.cells[0].textContent.trim());
  const keys = new Map(rows.map((row) => [row, value(row)]));
  const compare = column
    ? (a, b) => keys.get(b) - keys.get(a)
    : (a, b) => keys.get(a).localeCompare(keys.get(b), undefined, { numeric: true });
  rows.sort((a, b) => (turned ? -1 : 1) * compare(a, b) || a.dataset.i - b.dataset.i);
  body.append(...rows);
  filter();
}

// --- a student ----------------------------------------------------------------------------------------------

function pointsOf(about, outcome) {
  if (about.given) return `${about.max} / ${about.max} · ${say("given")}`;
  return about.dropped ? say("dropped") : `${outcome === "passed" ? about.max : 0} / ${about.max}`;
}

function checkItem(about, verdict, said) {
  const [code, tag, message] = verdict;
  const outcome = meta.outcomes[code];
  const sign = outcome === "passed" ? ["✓", "good"] : outcome === "blocked" ? ["–", "soft"] : ["✗", "bad"];
  const mark = make("span", sign[0], sign[1]);
  mark.setAttribute("aria-hidden", "true");
  const title = make("span", [...both(about.title), " "]);
  if (about.hidden) title.append(make("span", say("hidden"), "badge"), " ");
  if (tag) title.append(make("code", tag));
  const words = Object.keys(message).length ? JSON.stringify(message) : "";
  const isAsAbove = words !== "" && words === said.last;
  if (isAsAbove) title.append(" ", make("span", ["(", ...say("as_above"), ")"], "soft"));
  said.last = words || said.last;
  const item = make("li", [
    make("span", [mark, make("span", say(`outcome_${outcome}`), "away")]),
    title,
    make("span", pointsOf(about, outcome), "soft"),
  ]);
  if (words && !isAsAbove) item.append(make("p", both(message), "said"));
  return item;
}

async function details(row) {
  const index = Number(row.dataset.i);
  const block = JSON.parse(await unpack(`b${Math.floor(index / meta.block)}`));
  const place = index % meta.block;
  const parts = [];
  const [status, reason] = block.reasons[place];
  if (status !== "graded") parts.push(make("p", [make("b", say(`state_${status}`)), " ", ...both(reason)], "card said"));
  meta.katas.forEach((kata, k) => {
    const said = { last: null };
    const items = kata.checks
      .map((about, c) => {
        const [which, verdicts] = block.katas[k][c];
        return which[place] < 0 ? null : checkItem(about, verdicts[which[place]], said);
      })
      .filter(Boolean);
    if (!items.length) return;
    const list = make("ul", items, "checks");
    const cell = row.cells[k + 1];
    const open = make("details", [make("summary", [
      make("b", [`${kata.name.slice(0, 2)} `, ...both(kata.title)]), ` ${cell.textContent}`]), list]);
    open.open = !cell.classList.contains("h5");
    open.dataset.kata = kata.name;
    parts.push(open);
  });
  return parts;
}

async function show(row) {
  const link = row.cells[0].querySelector("a");
  document.getElementById("who").textContent = link.textContent;
  document.getElementById("sum").replaceChildren(
    make("b", row.cells[row.cells.length - 1].textContent), " · ",
    Object.assign(make("a", say("page")), { href: link.getAttribute("href") }));
  const place = document.getElementById("detail");
  place.replaceChildren();
  dialog.showModal();
  dialog.scrollTop = 0;
  if (typeof DecompressionStream === "undefined") {
    place.append(make("p", say("old_browser")));
    return;
  }
  place.append(...await details(row));
  const [kata, key] = (row.dataset.p ?? "").split(" ");
  const image = key ? await picture(key, `${kata} ${link.textContent}`) : null;
  if (image) {
    const open = [...place.querySelectorAll("details")].find((one) => one.dataset.kata === kata);
    (open ?? place).append(make("figure", [image]));
    if (open) open.open = true;
  } else {
    place.append(make("p", say("no_picture"), "soft"));
  }
}

// --- what a person does -------------------------------------------------------------------------------------

document.addEventListener("click", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const link = event.target.closest("a[data-who]");
  const button = event.target.closest("button[data-mistake]");
  if (link) {
    const row = rows.find((one) => one.cells[0].querySelector("a").dataset.who === link.dataset.who);
    if (!row) return;
    event.preventDefault();
    show(row);
  } else if (button) {
    mistake = button.dataset.mistake;
    all.replaceChildren(...say("only", { tag: button.dataset.tag }));
    filter();
    document.getElementById("class").scrollIntoView();
    all.focus();
  }
});
[...table.tHead.rows[0].cells].forEach((head, column) => {
  head.querySelector("button").addEventListener("click", () => sort(column));
});
search.addEventListener("input", filter);
more.addEventListener("click", () => {
  most += meta.at_once;
  filter();
});
all.addEventListener("click", () => {
  mistake = null;
  filter();
  search.focus();
});
for (const radio of document.querySelectorAll("input[name=speak]")) {
  radio.addEventListener("change", () => { document.documentElement.lang = radio.value; });
}
for (const open of document.querySelectorAll("details[data-kata]")) {
  open.addEventListener("toggle", async () => {
    const figure = open.querySelector("figure[data-picture]");
    if (!open.open || !figure || figure.querySelector("img") || typeof DecompressionStream === "undefined") return;
    const image = await picture(figure.dataset.picture, figure.textContent.trim());
    if (image) figure.append(image);
  });
}
search.closest(".tools").hidden = false;
if (rows.length > most) filter();
