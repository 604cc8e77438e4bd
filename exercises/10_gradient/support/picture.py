"""Kata 10: the loss as a parabola with the student's tangent, the lecture's step beside the true one, three rates."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from grader import expect
from grader.pictures.axes import GREY, say_instead, scale_by_powers
from grader.pictures.drawing import BLUE, DARK, LIGHT, ORANGE
from grader.pictures.layout import Words, columns, num
from grader.pictures.plate import Picture
from grader.pictures.reader import Reader, number

if TYPE_CHECKING:
    from grader.pictures.svg import Axes, SubFigure

SAMPLE = (1.0, -1.0)
"""One sample (x, y); b is 0, so the loss is (w + 1)**2."""
AT = -0.3
_LOSS_TERMS = [[1, 2, 0], [1, 0, 2], [1, 0, 0], [2, 1, 1], [2, 1, 0], [2, 0, 1]]
"""(w + b + 1)**2 as a polynomial: factor, power of w, power of b."""
_ARROW = 0.1
"""Learning rate of the arrows."""
_STEP = 0.01
"""Learning rate of UPHILL, as in the stub."""
X, Y = (0.0, 1.0, 2.0, 3.0), (1.0, 3.0, 5.0, 7.0)
WORDS = ("slow", "good", "diverges")
STEPS = 200
_SHOWN = (0, 1, 5, 20, 50, 100, 200)

Pair = tuple[float, float]


@dataclass(frozen=True)
class Uphill:
    """The student's case, and the loss before and after the lecture's step."""

    case: tuple[float, float, float, float]
    """x, y, w, b."""
    before: float
    after: float | None
    """None where the prediction is 0, and the step no number."""


@dataclass(frozen=True)
class GradientPicture(Picture):
    """Slopes at one point, the case, and the losses of the three rates."""

    measured: Pair | None
    """What numeric_grad says about the loss at (w, b) = (AT, 0)."""
    worked_out: Pair | None
    """What grad says."""
    uphill: Uphill | None
    rates: dict[str, float]
    losses: dict[str, tuple[float, ...]]
    """By word, after 0, 1, 2, ... steps with the true slopes."""
    size = (11.5, 4.4)

    @property
    def lecture_step(self) -> float:
        """How far the lecture's rule moves w from AT, at the arrows' learning rate."""
        x, y = SAMPLE
        return _ARROW * (y - AT * x) / (AT * x)

    def lines(self, words: Words) -> list[str]:
        """Return slopes and steps in words, and the losses as a table."""
        found = [words.text("gradient", "point", w=AT)]
        for name, pair in (("grad", self.worked_out), ("numeric_grad", self.measured)):
            shown = "?" if pair is None else f"({num(pair[0])}, {num(pair[1])})"
            found.append("  " + words.text("gradient", "slopes", name=name, pair=shown))
        found += ["  " + line for line in self._steps(words)]
        found += ["", words.text("gradient", "rates")]
        if self.rates:
            rows: list[tuple[str, ...]] = [(words.text("gradient", "step"), *map(str, _SHOWN))]
            rows += [(self._label(word), *(num(values[i]) for i in _SHOWN)) for word, values in self.losses.items()]
            found += columns(rows)
        return found

    def below(self, words: Words) -> list[str]:
        """Return what the lecture's step does in the student's case."""
        if self.uphill is None:
            return []
        x, y, w, b = map(num, self.uphill.case)
        if self.uphill.after is None:
            return [words.text("gradient", "no_step", x=x, y=y, w=w, b=b)]
        values = {"before": f"{self.uphill.before:.6g}", "after": f"{self.uphill.after:.6g}"}
        name = "up" if self.uphill.after > self.uphill.before else "down"
        return [words.text("gradient", name, x=x, y=y, w=w, b=b, **values)]

    def draw(self, figure: "SubFigure", words: Words) -> None:
        """Draw the parabola at the left, the rates at the right."""
        parts: Any = figure.subplots(1, 2, width_ratios=(1.3, 1))
        self._draw_parabola(parts[0], words)
        self._draw_rates(parts[1], words)

    def _steps(self, words: Words) -> list[str]:
        slope = self._slope()
        found = (
            [] if slope is None else [words.text("gradient", "downhill", step=-_ARROW * slope, w=AT - _ARROW * slope)]
        )
        if self.uphill is None:
            # It is such a case that the student is still looking for.
            return found
        return [*found, words.text("gradient", "lecture", step=self.lecture_step, w=AT + self.lecture_step)]

    def _slope(self) -> float | None:
        pair = self.worked_out or self.measured
        return None if pair is None else pair[0]

    def _label(self, word: str) -> str:
        return f"{word}: lr {num(self.rates[word])}"

    def _draw_parabola(self, axes: "Axes", words: Words) -> None:
        points = [step / 20 for step in range(-50, 21)]
        axes.plot(points, [(w + 1) ** 2 for w in points], color=DARK, linewidth=2, label=words.text("gradient", "loss"))
        height, slope = (AT + 1) ** 2, self._slope()
        if slope is not None:
            clipped = max(-1e3, min(1e3, slope))
            ends = (AT - 0.8, AT + 0.8)
            tangent = [height + clipped * (w - AT) for w in ends]
            label = words.text("gradient", "tangent", slope=slope)
            axes.plot(ends, tangent, color=BLUE, linestyle="--", linewidth=1.8, label=label)
            self._arrow(axes, AT - _ARROW * clipped, height - 0.1, BLUE, words.text("gradient", "true_arrow"), "o")
        if self.uphill is not None:
            self._arrow(axes, AT + self.lecture_step, height + 0.1, ORANGE, words.text("gradient", "note_arrow"), "s")
        axes.scatter([AT], [height], color=DARK, s=60, zorder=5)
        axes.set_xlim(-2.5, 1.0)
        axes.set_ylim(-0.4, 3.0)
        axes.set_xlabel("w")
        axes.set_title(words.text("gradient", "point", w=AT), fontsize=10)
        axes.spines[["top", "right"]].set_visible(False)
        axes.legend(frameon=False, fontsize=9, loc="upper left")

    @staticmethod
    def _arrow(axes: "Axes", to: float, height: float, colour: str, label: str, shape: str) -> None:
        """An arrow from the point, sideways, and where w lands on the parabola."""
        style = {"arrowstyle": "->", "color": colour, "linewidth": 2.5}
        axes.annotate("", (to, height), (AT, height), arrowprops=style)
        axes.scatter([to], [(to + 1) ** 2], marker=shape, s=60, color=colour, zorder=5, label=label)

    def _draw_rates(self, axes: "Axes", words: Words) -> None:
        axes.set_title(words.text("gradient", "rates"), fontsize=10)
        if not self.losses:
            say_instead(axes, words.text("gradient", "no_rates"))
            return
        looks = ((BLUE, "-", "o"), (ORANGE, "--", "s"), (GREY, ":", "^"))
        for (word, values), (colour, style, shape) in zip(self.losses.items(), looks, strict=False):
            shown = [min(max(value, 1e-30), 1e30) for value in values]
            axes.plot(shown, color=colour, linestyle=style, marker=shape, markevery=25, label=self._label(word))
        scale_by_powers(axes, low=1e-9, high=1e9)
        axes.set_xlabel(words.text("gradient", "step"))
        axes.spines[["top", "right"]].set_visible(False)
        axes.spines[["left", "bottom"]].set_color(LIGHT)
        axes.legend(frameon=False, fontsize=9)


def read(reader: Reader) -> GradientPicture:
    """Ask for both slopes, the case and the rates."""
    import numpy as np

    def measure() -> Pair:
        with reader.student.replacing("loss_of_picture", "polynomial", _LOSS_TERMS):
            return _pair(
                reader.student.numeric_grad(reader.student.loss_of_picture, AT, 0.0), "numeric_grad(f, -0.3, 0.0)"
            )

    measured = reader.attempt("numeric_grad", measure)
    worked_out = reader.call("grad", (AT, 0.0, np.array(SAMPLE[:1]), np.array(SAMPLE[1:])), _pair)
    rates = reader.value("RATES", _rates) or {}
    losses = {word: _train(rate) for word, rate in rates.items()}
    uphill = reader.value("UPHILL", _uphill)
    return GradientPicture(measured, worked_out, uphill, rates, losses)


def _pair(answer: Any, asked: str) -> Pair:
    items = answer.tolist() if hasattr(answer, "tolist") else answer
    if not isinstance(items, (tuple, list)) or len(items) != 2:
        expect.fail("not_a_pair", asked=asked, actual=expect.show(answer))
    return number(items[0], asked), number(items[1], asked)


def _rates(answer: Any, asked: str) -> dict[str, float]:
    if not isinstance(answer, dict):
        expect.fail("other_form", asked=asked, actual=expect.show(answer))
    return {word: number(answer[word], f"{asked}[{word!r}]") for word in WORDS if word in answer}


def _uphill(answer: Any, asked: str) -> Uphill:
    if not isinstance(answer, dict) or not {"x", "y", "w", "b"} <= answer.keys():
        expect.fail("other_form", asked=asked, actual=expect.show(answer))
    x, y, w, b = (number(answer[name], f"{asked}[{name!r}]") for name in ("x", "y", "w", "b"))
    prediction = w * x + b
    before = (prediction - y) ** 2
    step = _STEP * (y - prediction) / prediction if prediction else math.nan
    after = ((w + step) * x + b + step - y) ** 2
    return Uphill((x, y, w, b), before, after if math.isfinite(after) else None)


def _train(rate: float) -> tuple[float, ...]:
    """The mean squared errors of gradient descent from w = b = 0, held back before they overflow."""
    w = b = 0.0
    found = []
    for _ in range(STEPS + 1):
        errors = [w * x + b - y for x, y in zip(X, Y, strict=True)]
        found.append(sum(error * error for error in errors) / len(X))
        dw = 2 * sum(error * x for error, x in zip(errors, X, strict=True)) / len(X)
        db = 2 * sum(errors) / len(X)
        w, b = (max(-1e100, min(1e100, value)) for value in (w - rate * dw, b - rate * db))
    return tuple(found)
