// The page: the ladder, one kata at a time, its verdict, picture and hints; or the lab.

import { after } from "./after.js";
import { pack, unpack } from "./archive.js";
import { Editor } from "./editor.js";
import { keepEverything, takeService } from "./keep.js";
import { Lab } from "./lab.js";
import { forget, isOpen, notice } from "./notices.js";
import { Picture, showHint } from "./panels.js";
import { Python, Stopped, Stuck } from "./python.js";
import { idle, showLoading } from "./status.js";
import * as store from "./store.js";
import { lineOf, passedOf, render, verdictOf } from "./verdict.js";
import { $, getLanguage, kataByName, make, NOT_HERE, readmeName, said, setLanguage, site, word } from "./words.js";

const SAVE_MS = 500;

let kata = null; // the one that is open; in the lab, the one before
let saving = null;

const editor = new Editor($("editor"), { onChange: edited, onRun: check });
const python = new Python(
  {
    url: new URL(site.pyodide.url, location).href,
    core: site.pyodide.core,
    packages: site.pyodide.packages,
    lock: new URL("pyodide-lock.json", location).href,
    zips: Object.entries(site.sizes),
  },
  {
    loading: showLoading,
    ready: pythonReady,
    idle: () => idle(),
    failed: pythonFailed,
    frame: (frame) => lab.hear(frame),
  },
);
const lab = new Lab(python);
const picture = new Picture(python);

// --- what is shown -----------------------------------------------------------------------------------------------

function showLadder() {
  $("ladder").firstElementChild.replaceChildren(
    ...site.katas.map((one) => {
      const work = store.peek(one);
      const state = store.isDone(work) ? "done" : work.total ? "begun" : "untouched";
      const count = work.total ? word("count_short", { passed: work.passed, total: work.total }) : "";
      const label = `${one.number} ${said(one.title)}: ${word(state)} ${count}`;
      const link = make("a", { href: `#${one.name}`, className: state, title: label });
      if (one === kata && !$("kata").hidden) link.setAttribute("aria-current", "page");
      link.append(
        make("span", { className: "number" }, one.number),
        make("span", { className: "name" }, said(one.title)),
        make("span", { className: "hidden" }, word(state)),
        make("span", { className: "count" }, state === "done" ? "✓" : count),
      );
      return make("li", {}, link);
    }),
  );
  // Where the ladder is a row, the open kata shall be seen; scrollIntoView would move the whole page too.
  const open = $("ladder").querySelector("[aria-current]");
  if (open) $("ladder").firstElementChild.scrollLeft = open.offsetLeft - 80;
}

function openKata(name) {
  save();
  kata = kataByName[name] ?? site.katas.find((one) => !store.isDone(store.peek(one))) ?? site.katas[0];
  const work = store.load(kata);
  editor.open(work.text, { file: kata.file, label: word("editor", { file: kata.file }) });
  picture.close();
  $("hints").hidden = true;
  $("lesson").scrollTop = 0;
  $("saved").textContent = "";
  forget("conflict");
  showKata(work);
  const line = work.verdict && work.checked === work.text ? lineOf(work.verdict) : null;
  if (line) editor.showLine(line, { focus: false });
  else editor.showHole();
  python.kata = kata.name;
}

function showKata(work) {
  document.title = `${kata.number} ${said(kata.title)}`;
  $("title").textContent = `${kata.number} ${said(kata.title)}`;
  $("points").textContent = word("points", { points: kata.points });
  $("readme").textContent = readmeName();
  $("text").innerHTML = said(kata.lesson); // made by `kata site` from the kata's README
  // Where the first command stands, it is said what a press does.
  const command = $("text").querySelector("[data-do]");
  command?.closest("#text > *").after(make("p", { className: "quiet" }, word("commands")));
  $("file").textContent = kata.file;
  const here = kata.needs !== NOT_HERE;
  $("check").disabled = $("plot").disabled = !here;
  if (here) showVerdict(work);
  else
    $("verdict").replaceChildren(
      make(
        "article",
        { className: "card open" },
        make("h3", {}, word("keras_title")),
        make("p", {}, word("keras")),
        make("pre", {}, 'python -m pip install "perceptron-kata[keras]"'),
      ),
    );
  showCopies(work);
  showLadder();
}

function showVerdict(work) {
  const following = site.katas[site.katas.indexOf(kata) + 1];
  const next = following && (() => (location.hash = following.name));
  render($("verdict"), work.verdict, { line: (number) => editor.showLine(number, { focus: true }), next }, () =>
    after(kata),
  );
  $("verdict").classList.toggle("stale", Boolean(work.verdict) && work.checked !== work.text);
}

function showCopies({ copies }) {
  $("copy-list").replaceChildren(
    ...copies.map((copy) => {
      const at = new Date(copy.at).toLocaleString(getLanguage());
      return make(
        "li",
        {},
        make("button", { type: "button", onclick: () => putBack(copy.text) }, word("put_back", { at })),
      );
    }),
  );
}

// --- the work ----------------------------------------------------------------------------------------------------

function edited() {
  $("saved").textContent = "";
  $("verdict").classList.add("stale");
  clearTimeout(saving);
  saving = setTimeout(save, SAVE_MS);
}

// Saves what is in the editor; false if another tab was faster, and then both texts are kept until the student chooses.
function save() {
  clearTimeout(saving);
  saving = null;
  if (!kata) return true;
  if (isOpen("conflict")) return false;
  const mine = editor.text;
  if (mine === store.peek(kata).text || store.saveText(kata, mine)) {
    store.saveText(kata, mine);
    tellTrouble();
    if (!store.getTrouble()) $("saved").textContent = word("saved");
    return true;
  }
  notice("conflict", word("conflict", { file: kata.file }), [
    ["take_mine", () => settle(mine)],
    ["take_theirs", () => settle(null)],
  ]);
  return false;
}

// Ends a conflict: one text stays, the other is kept as a copy.
function settle(mine) {
  const theirs = store.load(kata).text;
  store.keepCopy(kata, mine === null ? editor.text : theirs);
  if (mine === null) editor.replace(theirs);
  else store.saveText(kata, editor.text, { force: true });
  showKata(store.load(kata));
}

function tellTrouble() {
  const trouble = store.getTrouble();
  if (trouble) notice("trouble", word(`storage_${trouble}`), [["export", exportWork]]);
  else forget("trouble");
}

function putBack(text) {
  $("copies").open = false;
  if (editor.text === text) return;
  store.keepCopy(kata, editor.text);
  editor.replace(text);
  save();
  showKata(store.load(kata));
}

function exportWork() {
  save();
  const texts = Object.fromEntries(site.katas.map((one) => [one.name, store.peek(one).text]));
  const link = make("a", {
    href: URL.createObjectURL(new Blob([pack(texts)], { type: "application/zip" })),
    download: "katas.zip",
  });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

async function importWork(file) {
  let texts = {};
  try {
    texts = unpack(file.name, new Uint8Array(await file.arrayBuffer()));
  } catch {
    // no zip after all: nothing is found in it
  }
  const names = Object.keys(texts).filter((name) => texts[name] !== store.peek(kataByName[name]).text);
  for (const name of names) {
    const one = kataByName[name];
    store.keepCopy(one, store.load(one).text);
    store.saveText(one, texts[name], { force: true });
  }
  const known = Object.keys(texts).length;
  notice(
    "imported",
    known ? word("imported", { count: names.length, file: file.name }) : word("nothing_in_file", { file: file.name }),
    [["fine", () => {}]],
  );
  forget("conflict");
  if (!kata) return showLadder();
  const work = store.load(kata);
  if (work.text !== editor.text) editor.replace(work.text);
  return showKata(work);
}

// --- Python ------------------------------------------------------------------------------------------------------

async function check() {
  if (kata.needs === NOT_HERE || python.busyWithCheck || !save()) return;
  const asked = kata;
  const text = editor.text;
  python.busyWithCheck = true;
  editor.unmark();
  showBusy(word(python.isReady ? "checking" : "checking_soon"));
  let verdict;
  try {
    verdict = verdictOf(await python.ask("check", { name: asked.name, source: text, needs: asked.needs }));
  } catch (problem) {
    verdict = { kind: kindOf(problem), text: problem.message };
  }
  python.busyWithCheck = false;
  showBusy("");
  keepVerdict(asked, text, verdict);
  $("verdict").dataset.count = Number($("verdict").dataset.count ?? 0) + 1;
  if (asked !== kata) return showLadder();
  showKata(store.peek(kata));
  const line = lineOf(verdict);
  if (line && editor.text === text) editor.showLine(line, { focus: false });
  // The marks if there is room for both, the mistake in any case.
  for (const part of $("verdict").querySelectorAll(".row, .card")) part.scrollIntoView({ block: "nearest" });
  if (!$("hints").hidden) showHint(kata, { open: false });
  if (!$("picture").hidden) picture.draw(kata, editor.text);
  return undefined;
}

const kindOf = (problem) =>
  problem instanceof Stuck ? (problem.message ? "died" : "stuck") : problem instanceof Stopped ? "stopped" : "failed";

function keepVerdict(one, text, verdict) {
  const fields = { verdict, checked: text, ranSinceHint: true };
  if (verdict.kind === "checks") Object.assign(fields, { passed: passedOf(verdict), total: verdict.checks.length });
  store.note(one, fields);
  tellTrouble();
}

function showBusy(text) {
  $("stop").hidden = !text;
  $("check").disabled = Boolean(text) || kata.needs === NOT_HERE;
  $("verdict").setAttribute("aria-busy", String(Boolean(text)));
  if (text) $("verdict").replaceChildren(make("p", { className: "quiet busy" }, text));
}

async function pythonReady() {
  python.isReady = true;
  forget("python");
  idle("ready");
  // At once what is needed, the rest when the student reads.
  if (python.keeping || navigator.connection?.saveData) return;
  python.keeping = true;
  await new Promise((resolve) => setTimeout(resolve, 3000));
  if (await keepEverything()) idle("offline");
}

function pythonFailed(text) {
  idle("python_failed");
  notice("python", `${word("python_failed_more")} (${text})`, [["again", () => python.restart()]]);
}

// --- the rest ----------------------------------------------------------------------------------------------------

function go() {
  route();
  // What was pressed may be gone; the keyboard goes on where the reading begins.
  if (document.activeElement === document.body && !$("kata").hidden) $("lesson").focus();
}

function route() {
  const name = decodeURIComponent(location.hash.slice(1));
  const inLab = name === "lab";
  $("kata").hidden = inLab;
  $("lab").hidden = !inLab;
  document.body.classList.toggle("in-lab", inLab);
  if (!inLab) return openKata(name);
  save();
  document.title = word("lab_title");
  showLadder();
  return lab.open();
}

function speak(name) {
  setLanguage(name);
  const other = getLanguage() === "en" ? "ko" : "en";
  Object.assign($("language"), { lang: other, textContent: { en: "English", ko: "한국어" }[other] });
  if (!python.current) idle();
  if (!kata) return;
  editor.name(word("editor", { file: kata.file }));
  $("saved").textContent = "";
  if (!$("lab").hidden) document.title = word("lab_title");
  showKata({ ...store.peek(kata), text: editor.text });
  if (!$("hints").hidden) showHint(kata, { open: false });
  picture.words();
  lab.words();
  tellTrouble();
}

const DO = {
  check,
  plot: () => picture.open(kata, editor.text),
  hint: () => showHint(kata, { open: true }),
  lab: () => (location.hash = "lab"),
};

function wire() {
  for (const name of ["check", "plot", "hint"]) $(name).onclick = DO[name];
  $("text").onclick = (event) => DO[event.target.closest("[data-do]")?.dataset.do]?.();
  // Not by its address, which names a kata.
  $("skip").onclick = (event) => (event.preventDefault(), $("kata").hidden ? $("lab-train").focus() : editor.focus());
  $("stop").onclick = () => python.stop();
  $("picture-close").onclick = () => picture.close();
  $("hints-close").onclick = () => ($("hints").hidden = true);
  $("reset").onclick = () => putBack(kata.stub);
  $("export").onclick = exportWork;
  $("import").onclick = () => $("import-file").click();
  $("import-file").onchange = ({ target }) => (target.files[0] && importWork(target.files[0]), (target.value = ""));
  $("restart").onclick = () => python.restart();
  $("language").onclick = () => (store.setSetting("language", $("language").lang), speak($("language").lang));
  for (const menu of document.querySelectorAll(".menu")) {
    // Not as `onkeydown`, where a handler that returns false would keep the key: Tab has to leave the menu.
    menu.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      menu.open = false;
      menu.firstElementChild.focus();
    });
    document.addEventListener("click", (event) => menu.contains(event.target) || (menu.open = false));
  }
  $("menu").onclick = (event) => event.target.closest("button") && ($("menu").open = false);
  addEventListener("hashchange", go);
  addEventListener(
    "keydown",
    (event) =>
      event.key === "Enter" &&
      (event.ctrlKey || event.metaKey) &&
      !event.defaultPrevented &&
      !$("kata").hidden &&
      check(),
  );
  addEventListener("pagehide", save);
  addEventListener("visibilitychange", () => document.hidden && save());
  store.onOtherTab(otherTab);
}

// Another tab has saved: without changes of one's own its text is taken, else the student is asked at the next saving.
function otherTab(name) {
  if (name === kata?.name && !saving && !isOpen("conflict")) {
    const work = store.load(kata);
    if (work.text !== editor.text) {
      editor.replace(work.text);
      $("saved").textContent = $("told").textContent = word("from_other_tab");
    }
    showKata(work);
  } else showLadder();
}

$("fallback").remove();
speak(store.setting("language") ?? site.language ?? (navigator.language.startsWith("ko") ? "ko" : "en"));
wire();
route();
await takeService((take) => notice("update", word("new_version"), [["take_over", () => (save(), take())]]));
python.start((kata ?? site.katas[0]).name);
