"""Kata 12: the losses of one neuron; then a network's square while it learns, what it extracts, where 40 starts end."""

from collections import Counter
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from grader import expect
from grader.lab.marks import PLATEAU_MARKS
from grader.pictures.axes import say_instead, show_range
from grader.pictures.drawing import BLUE, DARK, LIGHT, ORANGE
from grader.pictures.layout import Words, columns, fixed
from grader.pictures.plate import Picture
from grader.pictures.reader import Reader
from grader.training import PLATEAUS, Array, name_plateaus
from perceptron.shared import gates
from perceptron.shared.figures import HIGH, LOW, draw_dots, draw_hidden, draw_square, draw_surface
from perceptron.train_xor import neuron, xor_net

if TYPE_CHECKING:
    from grader.pictures.svg import Axes, SubFigure

FRAMES = (0, 100, 500, 1000, 2000)
RATE = 0.5
NEURON = (np.array([1.0, -1.0]), 0.5, 200, 1.0)
"""w, b, epochs and lr of the one neuron."""
_LOOKS = {"AND": (BLUE, "-"), "OR": (BLUE, "--"), "NAND": (BLUE, ":"), "XOR": (ORANGE, "-")}
STARTS = 40
"""Of the map: seeds 0 to 39."""
_GRID = 31
_COLUMNS = 8
"""Starts of one line of the map."""

Trained = tuple[xor_net.Weights, list[float]]
"""Weights, and the loss before each epoch."""

_STARTS_ASKED = 3
"""Of train_until_solved: a network that never learns would train for seconds in all of its forty."""

_MOST_TRIES = 8
"""Starts that are told one by one; of more, each word with its count."""


@dataclass(frozen=True)
class Frame:
    """The student's network after some epochs of her own training, as her own forward answers."""

    epochs: int
    loss: float
    rows: tuple[float, ...]
    """p on the four rows."""
    surface: Array
    """p over the square, (grid, grid)."""

    @property
    def right(self) -> int:
        """How many of the four rows are right."""
        return sum((p > 0.5) == bool(y) for p, y in zip(self.rows, xor_net.Y[:, 0], strict=True))


@dataclass(frozen=True)
class Hidden:
    """What the trained network's hidden units make of the four rows."""

    places: tuple[tuple[float, float], ...]
    line: tuple[float, float, float]
    """w1, w2 and b of the last unit."""

    @property
    def separates(self) -> bool:
        """True if the last unit's line has XOR's ones on its one side and the zeros on the other."""
        w1, w2, b = self.line
        return all((h1 * w1 + h2 * w2 + b > 0) == y for (h1, h2), y in zip(self.places, _LABELS, strict=True))


@dataclass(frozen=True)
class Neuron:
    """The student's training of one neuron."""

    gate: str
    losses: tuple[float, ...]
    p: tuple[float, ...]
    """On the four rows, at the end."""


@dataclass(frozen=True)
class TrainPicture(Picture):
    """One neuron on four gates; a film of one start, its losses, its features, and the plateaus of 40 starts."""

    neurons: tuple[Neuron, ...]
    """Empty if one of them did not come."""
    seed: int
    frames: tuple[Frame, ...]
    losses: tuple[float, ...]
    hidden: Hidden | None
    ends: tuple[str, ...]
    """A plateau for each of the student's starts, trained on by the kit's engine; empty without them."""
    tries: tuple[str, ...] | None
    """What train_until_solved wrote down."""
    size = (14.0, 6.8)

    def lines(self, words: Words) -> list[str]:
        """Return what one neuron ends at, the four answers in each frame, and the plateaus of the starts."""
        found = [*self._neuron_lines(words), "", words.text("train_xor", "film", seed=self.seed, rate=RATE)]
        if self.frames:
            head = (words.text("train_xor", "epoch"), *map(gates.row_text, gates.ROWS))
            rows: list[tuple[str, ...]] = [(*head, words.text("train_xor", "loss"), words.text("train_xor", "right"))]
            for frame in self.frames:
                p = (f"{one:.2f}" for one in frame.rows)
                rows.append((str(frame.epochs), *p, fixed(frame.loss), str(frame.right)))
            found += columns(rows)
        else:
            found.append("  " + words.text("train_xor", "no_film"))
        if self.hidden is not None:
            said = (f"{gates.row_text(row)}: ({h1:.2f}, {h2:.2f})" for row, (h1, h2) in self._places())
            found += ["", words.text("train_xor", self._title), "  " + "   ".join(said)]
        found += ["", words.text("train_xor", "map", starts=STARTS)]
        if not self.ends:
            return [*found, "  " + words.text("train_xor", "no_map")]
        for name in PLATEAUS:
            seeds = [str(seed) for seed, end in enumerate(self.ends) if end == name]
            if seeds:
                found.append(
                    "  " + words.text("train_xor", "ended", name=name, count=len(seeds), seeds=", ".join(seeds))
                )
        return found

    @property
    def _title(self) -> str:
        if self.hidden is None:
            return "features_unknown"
        return "features" if self.hidden.separates else "features_unsolved"

    def _places(self) -> list[tuple[tuple[int, int], tuple[float, float]]]:
        return [] if self.hidden is None else list(zip(gates.ROWS, self.hidden.places, strict=True))

    def _neuron_lines(self, words: Words) -> list[str]:
        title = words.text("train_xor", "neuron")
        if not self.neurons:
            return [title, "  " + words.text("train_xor", "no_film")]
        head = ("", *map(gates.row_text, gates.ROWS), words.text("train_xor", "loss"))
        rows = [(one.gate, *(f"{p:.2f}" for p in one.p), fixed(one.losses[-1])) for one in self.neurons]
        return [title, *columns([head, *rows])]

    def below(self, words: Words) -> list[str]:
        """Return what train_until_solved wrote down."""
        if self.tries is None:
            return []
        if not self.tries:
            return [words.text("train_xor", "no_tries", most=_STARTS_ASKED)]
        counts = [f"{word} {count}" for word, count in Counter(self.tries).items()]
        shown = self.tries if len(self.tries) <= _MOST_TRIES else counts
        return [words.text("train_xor", "tries", most=_STARTS_ASKED, count=len(self.tries), tries=", ".join(shown))]

    def draw(self, figure: "SubFigure", words: Words) -> None:
        """Draw the film above, loss and map below."""
        parts: Any = figure.subfigures(2, 1, height_ratios=(1.1, 1))
        parts[0].suptitle(words.text("train_xor", "film", seed=self.seed, rate=RATE), fontsize=10.5)
        strip: Any = parts[0].subplots(1, len(FRAMES))
        for index, axes in enumerate(strip):
            _draw_frame(axes, self.frames[index] if self.frames else None, FRAMES[index], words)
        below: Any = parts[1].subplots(1, 4, width_ratios=(1, 1, 0.8, 1.2))
        self._draw_neurons(below[0], words)
        self._draw_losses(below[1], words)
        below[2].set_title(words.text("train_xor", self._title), fontsize=9)
        if self.hidden is None:
            say_instead(below[2], words.text("train_xor", "no_film"))
        else:
            draw_hidden(below[2], self.hidden.places, _LABELS, self.hidden.line)
        self._draw_map(below[3], words)

    def _draw_neurons(self, axes: "Axes", words: Words) -> None:
        axes.set_title(words.text("train_xor", "neuron"), fontsize=10)
        if not self.neurons:
            say_instead(axes, words.text("train_xor", "no_film"))
            return
        for one in self.neurons:
            colour, style = _LOOKS[one.gate]
            axes.plot(one.losses, color=colour, linestyle=style, linewidth=2, label=one.gate)
        show_range(axes, [loss for one in self.neurons for loss in one.losses], low=0, high=0.8)
        axes.set_xlabel(words.text("train_xor", "epoch"))
        axes.legend(frameon=False, fontsize=8.5)
        axes.spines[["top", "right"]].set_visible(False)

    def _draw_losses(self, axes: "Axes", words: Words) -> None:
        axes.set_title(words.text("train_xor", "losses", seed=self.seed), fontsize=10)
        if not self.losses:
            say_instead(axes, words.text("train_xor", "no_film"))
            return
        axes.plot(self.losses, color=BLUE, linewidth=2)
        show_range(axes, self.losses, low=0, high=0.8)
        axes.set_xlabel(words.text("train_xor", "epoch"))
        axes.spines[["top", "right"]].set_visible(False)

    def _draw_map(self, axes: "Axes", words: Words) -> None:
        axes.set_title(words.text("train_xor", "map", starts=STARTS), fontsize=10)
        if not self.ends:
            say_instead(axes, words.text("train_xor", "no_map"))
            return
        counts = Counter(self.ends)
        for name in PLATEAUS:
            seeds = [seed for seed, end in enumerate(self.ends) if end == name]
            if not seeds:
                continue
            face, edge, shape = PLATEAU_MARKS[name]
            places = ([seed % _COLUMNS for seed in seeds], [seed // _COLUMNS for seed in seeds])
            label = f"{name}: {counts[name]}"
            axes.scatter(*places, s=150, marker=shape, facecolor=face, edgecolor=edge, label=label)
            for seed, x, y in zip(seeds, *places, strict=True):
                axes.text(x, y + 0.42, str(seed), ha="center", va="center", fontsize=6.5, color=DARK)
        axes.set_xlim(-0.7, _COLUMNS - 0.3)
        axes.set_ylim(len(self.ends) // _COLUMNS - 0.2, -0.6)
        axes.set_xticks([])
        axes.set_yticks([])
        axes.spines[:].set_color(LIGHT)
        axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), frameon=False, fontsize=9, labelspacing=1.1)


_LABELS = tuple(int(y) for y in xor_net.Y[:, 0])


def read(reader: Reader) -> TrainPicture:
    """Ask for one neuron; let the engine go on from the starts; then ask for training of one that learns."""
    run = reader.attempt("init", lambda: xor_net.extrapolate(reader.student, 2, count=STARTS))
    ends = () if run is None else tuple(name_plateaus(run))
    seed = ends.index("solved") if "solved" in ends else 0
    longest = reader.attempt("train", lambda: _train(reader, seed, FRAMES[-1]))
    found = [] if longest is None else [_frame(reader, seed, epochs, longest) for epochs in FRAMES]
    frames = [frame for frame in found if frame is not None]
    whole = tuple(frames) if len(frames) == len(FRAMES) else ()
    hidden = None if longest is None else reader.attempt("forward", lambda: _hidden(reader, longest[0]))
    tries = reader.call("train_until_solved", (2, _STARTS_ASKED), _tries)
    losses = () if longest is None else tuple(longest[1])
    return TrainPicture(_neurons(reader), seed, whole, losses, hidden, ends, tries)


def _neurons(reader: Reader) -> tuple[Neuron, ...]:
    found = [reader.attempt("train_neuron", partial(_neuron, reader, gate)) for gate in neuron.GATES]
    return () if None in found else tuple(one for one in found if one is not None)


def _neuron(reader: Reader, gate: str) -> Neuron:
    w, b, epochs, lr = NEURON
    asked = neuron.Training(w, b, np.array(neuron.GATES[gate], float), lr)
    place, losses = neuron.read_training(reader.student, asked, epochs)
    return Neuron(gate, tuple(losses), tuple(neuron.answers(place).tolist()))


def _hidden(reader: Reader, weights: xor_net.Weights) -> Hidden:
    answer = reader.student.forward(weights, xor_net.X)
    if not isinstance(answer, (tuple, list)) or len(answer) != 2:
        expect.fail("not_a_pair", asked="forward(P, X)", actual=expect.show(answer))
    h = expect.array(answer[0], shape=(4, 2), asked="forward(P, X): h")
    (w1, w2), b = weights[2][:, 0].tolist(), float(weights[3][0])
    return Hidden(tuple((float(h1), float(h2)) for h1, h2 in h), (w1, w2, b))


def _train(reader: Reader, seed: int, epochs: int) -> Trained:
    asked = f"train({seed}, 2, {epochs}, {RATE})"
    weights, losses = xor_net.read_training(reader.student.train(seed, 2, epochs, RATE), 2, epochs, asked=asked)
    return weights, losses


def _frame(reader: Reader, seed: int, epochs: int, longest: Trained) -> Frame | None:
    def look() -> Frame:
        weights, _ = longest if epochs == FRAMES[-1] else _train(reader, seed, epochs)
        line = np.linspace(LOW, HIGH, _GRID)
        points = np.concatenate([np.stack(np.meshgrid(line, line), axis=-1).reshape(-1, 2), xor_net.X])
        answer = reader.student.forward(weights, points)
        if not isinstance(answer, (tuple, list)) or len(answer) != 2:
            expect.fail("not_a_pair", asked="forward(P, X)", actual=expect.show(answer))
        p = expect.array(answer[1], shape=(len(points), 1), asked="forward(P, X): p")[:, 0]
        rows = tuple(p[-4:].tolist())
        loss = float(xor_net.loss_of(weights, xor_net.X, xor_net.Y))
        return Frame(epochs, loss, rows, p[:-4].reshape(_GRID, _GRID))

    return reader.attempt("forward", look)


def _tries(answer: Any, asked: str) -> tuple[str, ...]:
    if not isinstance(answer, (tuple, list)) or len(answer) != 3 or not isinstance(answer[2], (tuple, list)):
        expect.fail("other_form", asked=asked, actual=expect.show(answer))
    return tuple(expect.clean(str(word))[:20] for word in answer[2][:40])


def _draw_frame(axes: "Axes", frame: Frame | None, epochs: int, words: Words) -> None:

    draw_square(axes)
    title = words.text("train_xor", "frame", epochs=epochs)
    if frame is None:
        axes.set_title(f"{title}\n?", fontsize=9)
    else:
        axes.set_title(
            words.text("train_xor", "frame_loss", title=title, loss=fixed(frame.loss), right=frame.right),
            fontsize=9,
            linespacing=1.3,
        )
        draw_surface(axes, frame.surface)
    draw_dots(axes, gates.ROWS, _LABELS, size=45, halo=True)
