// What opens below the verdict: the picture of the student's own answers, and hints.

import { Stopped, Stuck } from "./python.js";
import * as store from "./store.js";
import { $, getLanguage, make, word } from "./words.js";

export class Picture {
  constructor(python) {
    this.python = python;
  }

  open(kata, text) {
    $("picture").hidden = false;
    $("picture").scrollIntoView({ block: "nearest" });
    return this.draw(kata, text);
  }

  async draw(kata, text) {
    const asked = (this.asked = {});
    this.#say(word(this.drawn ? "plot_again" : "plot_drawing"));
    try {
      const drawn = await this.python.ask("draw", { name: kata.name, source: text });
      if (asked !== this.asked) return;
      this.drawn = drawn;
      this.words();
    } catch (problem) {
      if (asked === this.asked)
        this.#say(
          problem instanceof Stuck || problem instanceof Stopped
            ? word("plot_stuck")
            : `${word("plot_failed")} (${problem.message.trim().split("\n").at(-1)})`,
        );
    }
  }

  words() {
    if (!this.drawn) return;
    const { svg, text } = this.drawn[getLanguage()];
    const image = $("picture-image");
    URL.revokeObjectURL(image.src);
    image.src = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
    image.alt = text.split("\n")[0];
    $("picture-text").textContent = text;
    image.hidden = $("picture-more").hidden = false;
    this.#say("");
  }

  close() {
    this.asked = this.drawn = null;
    $("picture").hidden = $("picture-image").hidden = $("picture-more").hidden = true;
  }

  #say(text) {
    $("picture-words").textContent = text;
  }
}

// Shows the highest open hint, as `kata hint`: a further one opens after one more run of the checks, all when all pass.
export function showHint(kata, { open }) {
  const hints = kata.hints[getLanguage()];
  const work = store.peek(kata);
  const done = store.isDone(work);
  let level = done ? hints.length : Math.min(work.hint ?? 0, hints.length);
  if (open) {
    if (level === 0 || (level < hints.length && work.ranSinceHint)) level += 1;
    store.note(kata, { hint: level, ranSinceHint: false });
  }
  $("hints").hidden = false;
  $("hint-title").textContent = word("hint_title", { level, count: hints.length });
  const earlier = hints.slice(0, level - 1).map((hint, index) => {
    const body = make("div", {});
    body.innerHTML = hint; // made by `kata site` from the kata's messages.toml
    return make(
      "details",
      {},
      make("summary", {}, word("hint_title", { level: index + 1, count: hints.length })),
      body,
    );
  });
  const now = make("div", { className: "now" });
  now.innerHTML = hints[level - 1];
  $("hint-text").replaceChildren(...earlier, now);
  $("hint-more").textContent = done
    ? word("hint_passed")
    : level === hints.length
      ? word("hint_last")
      : word(work.ranSinceHint && !open ? "hint_ready" : "hint_next", { next: level + 1 });
  if (open) $("hints").scrollIntoView({ block: "nearest" });
}
