// The student's work in this browser's localStorage, one entry for each kata:
//
//     { text, rev, passed, total, checked, verdict, hint, ranSinceHint, copies: [{ at, text }] }
//
// `rev` counts the savings of the text; a tab that finds another one than it has seen does not write over it.
// Where nothing may be stored, or the disk is full, the work lives in this page alone, and the page says so.

const PREFIX = `kata ${location.pathname.replace(/[^/]*$/, "")} `;
const COPIES = 20;

const seen = new Map(); // kata -> the rev that this tab has read or written
const memory = new Map(); // what could not be stored
let trouble = null; // "forbidden" or "full"

export const getTrouble = () => trouble;

function raw(key) {
  if (memory.has(key)) return memory.get(key);
  try {
    return localStorage.getItem(PREFIX + key);
  } catch {
    trouble = "forbidden";
    return null;
  }
}

function write(key, text) {
  try {
    localStorage.setItem(PREFIX + key, text);
    memory.delete(key);
    if (!memory.size) trouble = null;
  } catch (problem) {
    memory.set(key, text);
    trouble = problem.name === "QuotaExceededError" ? "full" : "forbidden";
  }
}

function entry(name) {
  try {
    return { rev: 0, copies: [], ...JSON.parse(raw(name) ?? "{}") };
  } catch {
    return { rev: 0, copies: [] };
  }
}

export function load(kata) {
  const found = entry(kata.name);
  seen.set(kata.name, found.rev);
  return { ...found, text: found.text ?? kata.stub };
}

// What is stored, without counting as read.
export const peek = (kata) => ({ text: kata.stub, ...entry(kata.name) });

// Saves the text; false if another tab has saved another one in the meantime.
export function saveText(kata, text, { force = false } = {}) {
  const found = entry(kata.name);
  const before = found.text ?? kata.stub;
  if (before === text) return seen.set(kata.name, found.rev) && true;
  if (!force && found.rev !== (seen.get(kata.name) ?? 0)) return false;
  write(kata.name, JSON.stringify({ ...found, text, rev: found.rev + 1 }));
  seen.set(kata.name, found.rev + 1);
  return true;
}

// Changes the other fields of a kata.
export function note(kata, fields) {
  write(kata.name, JSON.stringify({ ...entry(kata.name), ...fields }));
}

// Puts a text aside, newest first; false if there is no room for it anywhere but in this page.
export function keepCopy(kata, text) {
  const copies = entry(kata.name).copies.filter((copy) => copy.text !== text);
  note(kata, { copies: [{ at: Date.now(), text }, ...copies].slice(0, COPIES) });
  return !memory.has(kata.name);
}

export const isDone = (work) => work.total > 0 && work.passed === work.total && work.checked === work.text;

export const setting = (name) => raw(`: ${name}`);
export const setSetting = (name, value) => write(`: ${name}`, value);

// Calls back when another tab has saved something of a kata.
export function onOtherTab(callback) {
  addEventListener("storage", ({ key }) => {
    if (key?.startsWith(PREFIX)) callback(key.slice(PREFIX.length));
  });
}
