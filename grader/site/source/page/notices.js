// What the page has to say beside its contents, with buttons for what the student may choose.

import { $, make, word } from "./words.js";

const notices = new Map();

export const isOpen = (id) => notices.has(id);

// Notices by id; a notice with the same id takes the other's place.
export function notice(id, text, buttons = []) {
  notices.get(id)?.remove();
  const shown = buttons.map(([name, act]) =>
    make("button", { type: "button", onclick: () => (forget(id), act()) }, word(name)),
  );
  const element = make("div", { className: "notice" }, make("span", {}, text), ...shown);
  notices.set(id, element);
  $("notices").append(element);
}

export function forget(id) {
  notices.get(id)?.remove();
  notices.delete(id);
}
