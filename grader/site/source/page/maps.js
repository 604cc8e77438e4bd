// Maps of what a start answers between and around the four rows of XOR: 256 small ones, or one that is large.

const PIXELS = 10; // of a small map, each way
const FROM = -0.3;
const TO = 1.3;
const ORANGE = [245, 147, 34];
const MIDDLE = [232, 234, 235];
const BLUE = [8, 119, 189];
const GREY = [150, 150, 150];
const ROWS = [
  [0, 0, 0],
  [0, 1, 1],
  [1, 0, 1],
  [1, 1, 0],
];

const BEND = {
  linear: (z) => z,
  sigmoid: (z) => 1 / (1 + Math.exp(-z)),
  tanh: Math.tanh,
  relu: (z) => (z > 0 ? z : 0),
};

// What one start answers to (x1, x2). Weights lie parameter by parameter, the starts side by side.
function answer(layers, { weights }, start, starts, x1, x2) {
  let input = [x1, x2];
  let at = start;
  for (const [inputs, units, activation] of layers) {
    const output = new Array(units);
    const bias = at + inputs * units * starts;
    for (let u = 0; u < units; u += 1) {
      let z = weights[bias + u * starts];
      for (let i = 0; i < inputs; i += 1) z += input[i] * weights[at + (i * units + u) * starts];
      output[u] = BEND[activation](z);
    }
    at = bias + units * starts;
    input = output;
  }
  return input[0];
}

// For each start, how many of the four rows it answers right.
export function rightRows(layers, frame, starts) {
  return Array.from({ length: starts }, (_, start) =>
    ROWS.reduce((sum, [x1, x2, y]) => {
      const p = answer(layers, frame, start, starts, x1, x2);
      return sum + (Number.isFinite(p) && p > 0.5 === (y === 1) ? 1 : 0);
    }, 0),
  );
}

function colour(p) {
  if (!Number.isFinite(p)) return GREY;
  const [from, to, t] = p < 0.5 ? [ORANGE, MIDDLE, 2 * p] : [MIDDLE, BLUE, 2 * p - 1];
  return from.map((value, k) => value + (to[k] - value) * t);
}

function map(layers, frame, start, starts, pixels) {
  const image = new ImageData(pixels, pixels);
  const place = (k) => FROM + ((k + 0.5) / pixels) * (TO - FROM);
  for (let row = 0; row < pixels; row += 1)
    for (let column = 0; column < pixels; column += 1) {
      const p = answer(layers, frame, start, starts, place(column), place(pixels - 1 - row));
      image.data.set([...colour(p), 255], 4 * (row * pixels + column));
    }
  return image;
}

const styled = (name) => getComputedStyle(document.documentElement).getPropertyValue(name);

export function paint(canvas, layers, frame, right, chosen) {
  const starts = right.length;
  const side = Math.sqrt(starts);
  const step = canvas.width / side;
  const gap = step / 9;
  const picture = canvas.getContext("2d");
  const small = new OffscreenCanvas(PIXELS, PIXELS);
  picture.clearRect(0, 0, canvas.width, canvas.height);
  for (let start = 0; start < starts; start += 1) {
    small.getContext("2d").putImageData(map(layers, frame, start, starts, PIXELS), 0, 0);
    const [x, y] = [(start % side) * step, Math.floor(start / side) * step];
    picture.drawImage(small, x + gap, y + gap, step - 2 * gap, step - 2 * gap);
    if (right[start] === 4) outline(picture, x, y, step, gap * 0.8, styled("--solved"));
  }
  outline(picture, (chosen % side) * step, Math.floor(chosen / side) * step, step, gap * 1.3, styled("--ink"));
}

function outline(picture, x, y, step, width, style) {
  picture.strokeStyle = style;
  picture.lineWidth = width;
  picture.strokeRect(x + width / 2 + 1, y + width / 2 + 1, step - width - 2, step - width - 2);
}

export function paintOne(canvas, layers, frame, start, frames, starts) {
  const picture = canvas.getContext("2d");
  const size = canvas.width;
  const small = new OffscreenCanvas(48, 48);
  small.getContext("2d").putImageData(map(layers, frame, start, starts, 48), 0, 0);
  picture.clearRect(0, 0, size, canvas.height);
  picture.drawImage(small, 0, 0, size, size);
  const place = (v) => ((v - FROM) / (TO - FROM)) * size;
  for (const [x1, x2, y] of ROWS) {
    const [x, down] = [place(x1), size - place(x2)];
    picture.beginPath();
    // A shape of its own for each answer: colour is never the only carrier.
    if (y) picture.arc(x, down, 11, 0, 7);
    else picture.rect(x - 10, down - 10, 20, 20);
    picture.fillStyle = `rgb(${y ? BLUE : ORANGE})`;
    picture.fill();
    const fine = answer(layers, frame, start, starts, x1, x2) > 0.5 === (y === 1);
    [picture.lineWidth, picture.strokeStyle] = [fine ? 3 : 5, fine ? "#fff" : "#111"];
    picture.stroke();
    if (!fine) cross(picture, x, down);
  }
  curve(picture, size, canvas.height - size, frames, frame, start);
}

function cross(picture, x, y) {
  picture.beginPath();
  for (const k of [-1, 1]) {
    picture.moveTo(x - 6, y - 6 * k);
    picture.lineTo(x + 6, y + 6 * k);
  }
  [picture.lineWidth, picture.strokeStyle] = [3, "#111"];
  picture.stroke();
}

// The loss of this start so far, from 0 to ln 2 and a bit.
function curve(picture, width, height, frames, now, start) {
  const most = Math.max(0.8, ...frames.map((frame) => frame.loss[start]).filter(Number.isFinite));
  const last = frames.at(-1).epoch || 1;
  const place = (frame) => [
    (frame.epoch / last) * (width - 8) + 4,
    width + height - 4 - (frame.loss[start] / most) * (height - 12),
  ];
  // A network that answers one half everywhere has this loss.
  const half = width + height - 4 - (Math.LN2 / most) * (height - 12);
  picture.setLineDash([5, 5]);
  picture.beginPath();
  picture.moveTo(4, half);
  picture.lineTo(width - 4, half);
  [picture.lineWidth, picture.strokeStyle, picture.fillStyle] = [1.5, styled("--soft"), styled("--soft")];
  picture.stroke();
  picture.setLineDash([]);
  picture.font = "15px sans-serif";
  picture.fillText("0.693", width - 44, half + 17);
  picture.beginPath();
  for (const frame of frames) if (Number.isFinite(frame.loss[start])) picture.lineTo(...place(frame));
  [picture.lineWidth, picture.strokeStyle] = [3, styled("--accent")];
  picture.stroke();
  picture.beginPath();
  picture.arc(...place(now), 6, 0, 7);
  picture.fillStyle = styled("--ink");
  picture.fill();
}
