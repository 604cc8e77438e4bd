// The site's data, the language, and small helpers for making elements.

export const site = await (await fetch("site.json")).json();
export const kataByName = Object.fromEntries(site.katas.map((kata) => [kata.name, kata]));

export const NOT_HERE = "keras"; // what a kata needs that no browser runs

let language = "en";
export const getLanguage = () => language;

export function setLanguage(name) {
  language = name;
  document.documentElement.lang = name;
  for (const element of document.querySelectorAll("[data-word]")) element.textContent = word(element.dataset.word);
  for (const element of document.querySelectorAll("[data-label]"))
    element.setAttribute("aria-label", word(element.dataset.label));
}

export function word(name, values = {}) {
  const text = site.words[language][name] ?? name;
  return text.replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
}

// A text that came in both languages, in the one that is read.
export const said = (text) => text?.[language] ?? "";

// The name of a lesson's file: hints and sentences may send the student there.
export const readmeName = () => (language === "en" ? "README.md" : `README.${language}.md`);

export const $ = (id) => document.getElementById(id);

// make("button", { className: "x", onclick }, "text", child)
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in element) element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}
