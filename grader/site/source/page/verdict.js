// A verdict as HTML: the mistake first, a row of marks, what was printed, the traceback folded away.
//
//     { kind: "checks", checks: as `kata check --json`, each with its title by language, printed and traceback }
//     { kind: "stuck" | "stopped" | "failed", text }

import { make, said, word } from "./words.js";

const LINE = /(\b[Ll]ine (\d+)|(\d+)번째 줄)/;
const PART = new RegExp(`${LINE.source}|\`([^\`]+)\`|\\*([\\p{L} ]+)\\*`, "u");

// What the worker answered, in the form that is kept and shown.
export function verdictOf(answer) {
  const checks = answer.katas[0]?.checks ?? [];
  if (!checks.length) return answer.stopped ? { kind: "stopped" } : { kind: "failed", text: answer.said };
  const kept = checks.map((check, index) => ({ ...check, ...answer.beside[index] }));
  return { kind: answer.stopped ? "stopped" : "checks", checks: kept };
}

export const passedOf = ({ checks = [] }) => checks.filter((check) => check.outcome === "passed").length;

// The number of the line that a verdict's first mistake speaks of; null if it names none.
export function lineOf(verdict) {
  const first = verdict.checks?.find((check) => check.outcome !== "passed");
  const found = LINE.exec(first?.message?.en ?? "");
  return found ? Number(found[2]) : null;
}

// acts.line(number), acts.next() or null at the last kata; after: elements for below the green card
export function render(place, verdict, acts, after) {
  place.replaceChildren();
  if (!verdict) return place.append(make("p", { className: "quiet" }, word("untried")));
  if (verdict.kind !== "checks") place.append(other(verdict));
  const checks = verdict.checks ?? [];
  if (!checks.length) return undefined;
  const first = checks.find((check) => check.outcome !== "passed");
  if (first) place.append(mistake(first, acts));
  else if (verdict.kind === "checks") place.append(whole(acts), ...after());
  const detail = make("div", { className: "detail" });
  place.append(marks(checks, detail, acts), detail, ...notes(checks), ...folded(checks, first));
  return undefined;
}

function other({ kind, text }) {
  const more = text ? make("details", {}, make("summary", {}, word("details")), make("pre", {}, text)) : null;
  return make(
    "article",
    { className: "card open" },
    make("h3", {}, word(`${kind}_title`)),
    make("p", {}, word(kind)),
    ...(more ? [more] : []),
  );
}

function mistake(check, acts) {
  return make(
    "article",
    { className: "card open" },
    make("h3", {}, word("open", { title: said(check.title) })),
    ...sentences(check, acts),
  );
}

function whole(acts) {
  const next = acts.next && make("button", { type: "button", className: "main", onclick: acts.next }, word("next"));
  return make(
    "article",
    { className: "card done" },
    make("h3", {}, word("all_passed")),
    make("p", {}, word("hidden_too")),
    ...(next ? [next] : []),
  );
}

function sentences(check, acts) {
  return said(check.message)
    .split("\n")
    .map((line, index) => {
      if (line.startsWith("    ")) return make("pre", {}, line.slice(4));
      const className = index === 0 && check.expected ? "gap" : "";
      return make("p", { className }, ...linked(line, acts));
    });
}

// The names of lines become buttons, `code` and *words* what they are in Markdown.
function linked(text, acts) {
  const found = PART.exec(text);
  if (!found) return [text];
  const [whole, , line, korean, code, word] = found;
  const number = Number(line ?? korean);
  const part = code
    ? make("code", {}, code)
    : word
      ? make("em", {}, word)
      : make("button", { type: "button", className: "line", onclick: () => acts.line(number) }, whole);
  return [text.slice(0, found.index), part, ...linked(text.slice(found.index + whole.length), acts)];
}

function marks(checks, detail, acts) {
  const passed = passedOf({ checks });
  const list = make("ol", { className: "marks", "aria-label": word("marks") });
  for (const check of checks) {
    const done = check.outcome === "passed";
    const label = `${said(check.title)}: ${word(done ? "mark_passed" : "mark_open")}`;
    const button = make(
      "button",
      { type: "button", className: done ? "passed" : "open", title: label, "aria-label": label },
      done ? "o" : "x",
    );
    button.onclick = () => {
      const again = button.getAttribute("aria-expanded") === "true";
      for (const one of list.querySelectorAll("button")) one.setAttribute("aria-expanded", "false");
      detail.replaceChildren();
      if (again) return;
      button.setAttribute("aria-expanded", "true");
      const heading = make("h4", {}, `${done ? "o" : "x"} ${said(check.title)}`);
      detail.append(heading, ...(check.message && Object.keys(check.message).length ? sentences(check, acts) : []));
    };
    button.setAttribute("aria-expanded", "false");
    list.append(make("li", {}, button));
  }
  return make(
    "div",
    { className: "row" },
    list,
    make("span", { className: "count" }, word("count", { passed, total: checks.length })),
  );
}

// What is told beside passed checks; the same sentence about several of them once.
function notes(checks) {
  const told = new Map();
  for (const check of checks)
    if (check.outcome === "passed" && said(check.message))
      told.set(said(check.message), [...(told.get(said(check.message)) ?? []), said(check.title)]);
  return [...told].map(([text, titles]) => {
    const about = titles.length === checks.length && titles.length > 1 ? [] : [make("b", {}, `${titles.join("; ")}: `)];
    return make("p", { className: "note" }, ...about, ...linked(text.replace(/^\* /, ""), { line: () => {} }));
  });
}

function folded(checks, first) {
  // A check that looks for known mistakes calls the code often; what the open one printed is what helps.
  const printed = first?.printed || checks.find((check) => check.printed)?.printed;
  const parts = [];
  if (printed)
    parts.push(
      make("details", { open: true }, make("summary", {}, word("printed")), make("pre", { tabIndex: 0 }, printed)),
    );
  if (first?.traceback)
    parts.push(
      make("details", {}, make("summary", {}, word("traceback")), make("pre", { tabIndex: 0 }, first.traceback)),
    );
  return parts;
}
