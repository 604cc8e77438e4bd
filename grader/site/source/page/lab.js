// The lab: a stack trained on XOR from 256 starts by the kit's own engine, each start a small map of its answers.

import { paint, paintOne, rightRows } from "./maps.js";
import { $, make, said, word } from "./words.js";

const STARTS = 256;
const RESTS = ["solved", "two tied", "one corner", "all tied", "still moving", "diverged"];
const PRESETS_SHOWN = ["2-1", "2-1-1", "2-2-1", "2-4-1", "2-2-1-1", "2-4-2-1"];

export class Lab {
  constructor(python) {
    this.python = python;
    this.frames = [];
    this.start = 0;
    this.rests = null;
    $("lab-form").onsubmit = (event) => (event.preventDefault(), this.train());
    $("lab-stop").onclick = () => python.stop();
    $("epoch").oninput = () => this.show(Number($("epoch").value));
    $("map").onclick = (event) => this.#choose(this.#tile(event));
    $("map").onkeydown = (event) => this.#key(event);
    $("lab-presets").onclick = (event) => this.#preset(event.target.closest("button"));
  }

  // The lecture's stacks need NumPy to be listed; the first look at the lab fetches it.
  async open() {
    this.words();
    if (this.lecture) return;
    try {
      this.lecture = await this.python.ask("lecture", {});
      this.words();
      if (!this.frames.length) this.train();
    } catch (problem) {
      $("lab-wait").hidden = true;
      this.#say(problem.message);
    }
  }

  words() {
    const last = (one) => this.lecture.findLast((other) => other.stack === one);
    const presets = this.lecture ? PRESETS_SHOWN.map(last).filter(Boolean) : [];
    $("lab-presets").replaceChildren(
      ...presets.map((one) =>
        make(
          "button",
          { type: "button", value: JSON.stringify(one), title: said(one.said) },
          one.stack,
          make("small", {}, one.stack === "2-1" ? "" : ` ${one.activation}`),
        ),
      ),
    );
    this.#told();
    if (this.frames.length) this.show(this.shown);
  }

  async train() {
    const fields = new FormData($("lab-form"));
    const settings = {
      widths: fields.get("widths"),
      activation: fields.get("activation"),
      optimizer: fields.get("optimizer"),
    };
    Object.assign(settings, {
      lr: Number(fields.get("lr")),
      epochs: Math.round(Number(fields.get("epochs"))),
      starts: STARTS,
      seed: 0,
    });
    this.layers = layersOf(settings);
    if (!this.layers) return this.#say(word("lab_widths"));
    Object.assign(this, { frames: [], rests: null, found: null, row: null });
    this.#running(true);
    this.#say("");
    try {
      const answer = await this.python.ask("train", { settings });
      if (answer.problem) this.#say(said(answer.problem));
      else {
        Object.assign(this, { rests: answer.rests, found: answer.found, row: answer.row, layers: answer.layers });
        this.show(this.frames.length - 1);
      }
    } catch (problem) {
      this.#say(problem.name === "Error" ? problem.message : word("lab_stopped"));
    }
    this.#running(false);
    this.#told();
  }

  // A frame of the training in progress; chunks of starts follow each other.
  hear({ epoch, first, weights, loss }) {
    const params = weights.length / loss.length;
    let frame = this.frames.find((one) => one.epoch === epoch);
    if (!frame) {
      frame = { epoch, weights: new Float32Array(params * STARTS).fill(NaN), loss: new Float32Array(STARTS).fill(NaN) };
      this.frames.push(frame);
    }
    for (let p = 0; p < params; p += 1)
      frame.weights.set(weights.subarray(p * loss.length, (p + 1) * loss.length), p * STARTS + first);
    frame.loss.set(loss, first);
    cancelAnimationFrame(this.asked);
    this.asked = requestAnimationFrame(() => this.show(this.frames.indexOf(frame)));
  }

  show(index) {
    const frame = this.frames[index];
    if (!frame) return;
    this.shown = index;
    const slider = $("epoch");
    [slider.max, slider.value] = [this.frames.length - 1, index];
    slider.setAttribute("aria-valuetext", word("epochs_done", { epoch: frame.epoch.toLocaleString() }));
    $("epoch-words").textContent = word("epochs_done", { epoch: frame.epoch.toLocaleString() });
    const right = rightRows(this.layers, frame, STARTS);
    const solved = right.filter((rows) => rows === 4).length;
    $("solved").textContent = solved;
    $("solved-words").textContent = word("lab_solved", { starts: STARTS });
    const last = this.rests && index === this.frames.length - 1;
    this.#bars(last ? this.rests : right.map((rows) => (rows === 4 ? "solved" : `${rows} right`)));
    paint($("map"), this.layers, frame, right, this.start);
    paintOne($("one"), this.layers, frame, this.start, this.frames, STARTS);
    const values = { number: this.start, rows: right[this.start], loss: frame.loss[this.start].toFixed(3) };
    const one = word("lab_one", values) + (last ? ` ${word(`rest ${this.rests[this.start]}`)}` : "");
    $("one-words").textContent = one;
    $("map").setAttribute("aria-valuenow", this.start);
    $("map").setAttribute("aria-valuetext", one);
    $("lab-wait").hidden = true;
  }

  #bars(names) {
    const known = this.rests && names === this.rests ? RESTS : ["solved", "3 right", "2 right", "1 right", "0 right"];
    const counted = known
      .map((name) => [name, names.filter((one) => one === name).length])
      .filter(([, count]) => count);
    $("rests").replaceChildren(
      ...counted.map(([name, count]) => {
        const bar = make("i", { className: `rest ${name.replaceAll(" ", "-")}` });
        bar.style.width = `${(100 * count) / STARTS}%`;
        return make(
          "li",
          {},
          make("b", {}, String(count)),
          make("span", {}, word(`rest ${name}`)),
          make("span", { className: "bar" }, bar),
        );
      }),
    );
  }

  #told() {
    $("lab-found").textContent = said(this.found);
    $("lab-said").textContent = this.said ? `${word("lab_said")} ${said(this.said)}` : "";
  }

  #preset(button) {
    if (!button) return;
    const one = JSON.parse(button.value);
    const form = $("lab-form").elements;
    form.widths.value = one.stack;
    form.activation.value = one.activation;
    form.optimizer.value = "adam";
    form.lr.value = "0.001";
    // The single neuron's half million epochs show nothing that fifty thousand do not.
    form.epochs.value = Math.min(one.epochs, 50000);
    this.said = one.said;
    this.train();
  }

  #tile(event) {
    const box = $("map").getBoundingClientRect();
    const at = (offset, size) => Math.min(15, Math.max(0, Math.floor((16 * offset) / size)));
    return at(event.clientY - box.top, box.height) * 16 + at(event.clientX - box.left, box.width);
  }

  #key(event) {
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -16, ArrowDown: 16 }[event.key];
    if (!step) return;
    event.preventDefault();
    this.#choose(Math.min(STARTS - 1, Math.max(0, this.start + step)));
  }

  #choose(start) {
    this.start = start;
    this.show(this.shown);
  }

  #running(on) {
    $("lab-train").disabled = on;
    $("lab-stop").hidden = !on;
    $("lab").setAttribute("aria-busy", String(on));
  }

  #say(text) {
    $("lab-problem").textContent = text;
  }
}

// [[inputs, units, activation], ...] of "2-2-1" or "2,2,1"; null if that is no stack.
function layersOf({ widths, activation }) {
  const numbers = widths
    .trim()
    .split(/[-,\s]+/)
    .map(Number);
  const fine =
    numbers.length > 1 && numbers.every((n) => Number.isInteger(n) && n > 0 && n <= 64) && numbers.length < 8;
  if (!fine || numbers[0] !== 2 || numbers.at(-1) !== 1) return null;
  return numbers.slice(1).map((units, k) => [numbers[k], units, k === numbers.length - 2 ? "sigmoid" : activation]);
}
