"""Kata 11: the student's line moving through the points, its loss at three learning rates, and the lecture's step."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from grader import expect
from grader.pictures.axes import GREY, say_instead, scale_by_powers, show_range
from grader.pictures.drawing import BLUE, DARK, LIGHT, ORANGE
from grader.pictures.layout import Words, columns, num
from grader.pictures.plate import Picture
from grader.pictures.reader import Reader, number

if TYPE_CHECKING:
    from grader.pictures.svg import Axes, SubFigure

X, Y = (0.0, 1.0, 2.0, 3.0), (1.0, 3.0, 5.0, 7.0)
FRAMES = (0, 1, 20, 200)
RATES = (0.001, 0.1, 0.3)
RATE = 0.1
"""Of the frames: the one of the three with which the line is found."""
EPOCHS = 200
TARGETS = (1.0, -1.0)
"""Of the lecture's step at x = 1."""
STEPS = 60
_BEGIN, _STEP_RATE = (0.3, 0.2), 0.1
_SHOWN = (0, 1, 5, 20, 50, 100, 199)
"""Epochs of the text's table of losses."""
_FAR = 1e6
"""A trace that is farther out has run away and is not followed."""


@dataclass(frozen=True)
class Frame:
    """The line after some epochs."""

    epochs: int
    w: float
    b: float


@dataclass(frozen=True)
class Trace:
    """Numbers one after the other: losses of a learning rate, or predictions of the lecture's step for a target."""

    of: float
    values: tuple[float, ...]


@dataclass(frozen=True)
class FitPicture(Picture):
    """Frames, losses and the lecture's step; each empty where the student's function gave nothing."""

    frames: tuple[Frame, ...]
    losses: tuple[Trace, ...]
    steps: tuple[Trace, ...]
    size = (11.0, 6.2)

    def lines(self, words: Words) -> list[str]:
        """Return a table of the frames, one of the losses and one of the lecture's step."""
        found = [words.text("fit_new", "frames", rate=RATE), words.text("fit_new", "points")]
        rows: list[tuple[str, ...]] = [(words.text("fit_new", "epoch"), "w", "b")]
        rows += [(str(frame.epochs), num(frame.w), num(frame.b)) for frame in self.frames]
        found += columns(rows) if self.frames else ["  ?"]
        rows = [(words.text("fit_new", "loss_of"), *(f"lr {num(trace.of)}" for trace in self.losses))]
        rows += [(str(at), *(_at(trace, at) for trace in self.losses)) for at in _SHOWN]
        found += ["", words.text("fit_new", "losses"), *(columns(rows) if self.losses else ["  ?"])]
        rows = [(words.text("fit_new", "step"), *(f"y = {num(trace.of)}" for trace in self.steps))]
        rows += [(str(at), *(_at(trace, at) for trace in self.steps)) for at in (0, 1, 2, 5, 10, 20, 40, 60)]
        return [*found, "", words.text("fit_new", "note"), *(columns(rows) if self.steps else ["  ?"])]

    def draw(self, figure: "SubFigure", words: Words) -> None:
        """Draw the film strip above, losses and the lecture's step below."""
        parts: Any = figure.subfigures(2, 1, height_ratios=(1, 1.25))
        strip: Any = parts[0].subplots(1, len(FRAMES))
        parts[0].suptitle(words.text("fit_new", "frames", rate=RATE), fontsize=10.5)
        for index, axes in enumerate(strip):
            frame = self.frames[index] if index < len(self.frames) else None
            _draw_frame(axes, FRAMES[index], frame, words)
        left, right = parts[1].subplots(1, 2)
        _draw_traces(left, self.losses, words.text("fit_new", "losses"), "lr {}", words)
        _draw_traces(right, self.steps, words.text("fit_new", "note"), "y = {}", words)
        if self.losses:
            scale_by_powers(left, low=1e-6, high=1e6)
        left.set_xlabel(words.text("fit_new", "epoch"))
        right.set_xlabel(words.text("fit_new", "step"))


def read(reader: Reader) -> FitPicture:
    """Ask for the line after 0, 20, ... epochs, for the losses, and for the lecture's step."""
    import numpy as np

    x, y = np.array(X), np.array(Y)
    frames = []
    for epochs in FRAMES:
        line = reader.call("fit_new", (x, y, epochs, RATE, 0), _line)
        if line is not None:
            frames.append(Frame(epochs, *line))
    losses = []
    for rate in RATES:
        trace = reader.call("fit_new", (x, y, EPOCHS, rate, 0), _losses, finite=False)
        if trace:
            losses.append(Trace(rate, trace))
    steps = [Trace(target, trace) for target in TARGETS if (trace := _walk(reader, target))]
    return FitPicture(tuple(frames) if len(frames) == len(FRAMES) else (), tuple(losses), tuple(steps))


def _line(answer: Any, asked: str) -> tuple[float, float]:
    if not isinstance(answer, (tuple, list)) or len(answer) != 3:
        expect.fail("not_a_fit", asked=asked, actual=expect.show(answer))
    return number(answer[0], f"{asked}: w"), number(answer[1], f"{asked}: b")


def _losses(answer: Any, asked: str) -> tuple[float, ...]:
    """The losses up to where they run away; a diverging run is a picture too."""
    if not isinstance(answer, (tuple, list)) or len(answer) != 3:
        expect.fail("not_a_fit", asked=asked, actual=expect.show(answer))
    items = answer[2].tolist() if hasattr(answer[2], "tolist") else answer[2]
    if not isinstance(items, (tuple, list)):
        expect.fail("not_a_fit", asked=asked, actual=expect.show(answer))
    found = []
    for index, item in enumerate(items[:EPOCHS]):
        loss = expect.number(item, asked=f"{asked}: losses[{index}]")
        if not math.isfinite(loss):
            break
        found.append(loss)
    return tuple(found)


def _walk(reader: Reader, target: float) -> tuple[float, ...]:
    """The predictions at x = 1, before the first step of the lecture's and after each."""
    w, b = _BEGIN
    found = [w + b]
    for _ in range(STEPS):
        pair = reader.call("note_step", (w, b, 1.0, target, _STEP_RATE), _pair, finite=False)
        if pair is None or not abs(sum(pair)) < _FAR:
            break
        w, b = pair
        found.append(w + b)
    return tuple(found) if len(found) > 1 else ()


def _pair(answer: Any, asked: str) -> tuple[float, float]:
    items = answer.tolist() if hasattr(answer, "tolist") else answer
    if not isinstance(items, (tuple, list)) or len(items) != 2:
        expect.fail("not_a_pair", asked=asked, actual=expect.show(answer))
    return expect.number(items[0], asked=asked), expect.number(items[1], asked=asked)


def _at(trace: Trace, index: int) -> str:
    return num(trace.values[index]) if index < len(trace.values) else "-"


def _draw_frame(axes: "Axes", epochs: int, frame: Frame | None, words: Words) -> None:
    axes.scatter(X, Y, color=DARK, s=28, zorder=4)
    axes.set_xlim(-0.5, 3.5)
    axes.set_ylim(-2, 9)
    title = words.text("fit_new", "frame", epochs=epochs)
    if frame is None:
        axes.set_title(f"{title}\n?", fontsize=9)
        return
    axes.set_title(f"{title}\nw {num(frame.w)}, b {num(frame.b)}", fontsize=9, linespacing=1.3)
    # A line that has run away would overflow; cut to a size that no frame shows any more.
    w, b = (max(-_FAR, min(_FAR, value)) for value in (frame.w, frame.b))
    axes.plot((-0.5, 3.5), (b - 0.5 * w, b + 3.5 * w), color=BLUE, linewidth=2)
    axes.tick_params(labelsize=8)
    axes.spines[:].set_color(LIGHT)


def _followed(values: tuple[float, ...]) -> tuple[list[float], bool]:
    """The values up to the first that is too far out, so that the line leaves the picture there; and whether one is."""
    out = next((index for index, value in enumerate(values) if abs(value) > _FAR), None)
    return (list(values), False) if out is None else ([*values[:out], math.copysign(_FAR * 10, values[out])], True)


def _draw_traces(axes: "Axes", traces: tuple[Trace, ...], title: str, label: str, words: Words) -> None:
    axes.set_title(title, fontsize=10.5)
    if not traces:
        say_instead(axes, words.text("fit_new", "nothing"))
        return
    for trace, (colour, style, shape) in zip(
        traces, ((BLUE, "-", "o"), (ORANGE, "--", "s"), (GREY, ":", "^")), strict=False
    ):
        shown, leaves = _followed(trace.values)
        name = label.format(num(trace.of))
        name = words.text("fit_new", "leaves", name=name) if leaves else name
        every = max(1, len(trace.values) // 10)
        axes.plot(shown, color=colour, linestyle=style, marker=shape, markevery=every, label=name)
    show_range(axes, [value for trace in traces for value in trace.values], low=-3, high=2)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, fontsize=9)
