"""Kata 01: number lines of z, with the four rows on them and what was answered there."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from grader import expect
from grader.pictures.axes import PALE_BLUE, PALE_ORANGE
from grader.pictures.drawing import DARK, LIGHT
from grader.pictures.layout import Words, columns, num
from grader.pictures.plate import Picture
from grader.pictures.reader import Reader, bit, number
from perceptron.shared import gates
from perceptron.shared.figures import draw_dot, draw_key

if TYPE_CHECKING:
    from grader.pictures.svg import SubFigure

PREDICTED = (1, 1, -1)
"""The weights of the prediction."""
ASKED = ((1, -1, 0), (-0.5, -0.5, 0.7))
"""Weights with which the student's neuron is asked: one with rows on the border, and the lecture's NAND."""


@dataclass(frozen=True)
class NumberLine:
    """Four rows on a line of z."""

    name: str
    """"predicted": z and answers are the student's; "asked": the answers are her neuron's."""
    weights: tuple[float, float, float]
    z: tuple[float | None, ...]
    answers: tuple[int | None, ...]

    def is_odd(self, index: int) -> bool:
        """True if a row's answer does not fit the side on which it lies."""
        z, answer = self.z[index], self.answers[index]
        return z is not None and answer is not None and answer != (z > 0)


@dataclass(frozen=True)
class NeuronPicture(Picture):
    """The prediction, and the student's neuron with two more sets of weights."""

    number_lines: tuple[NumberLine, ...]
    size = (9.0, 5.8)

    def lines(self, words: Words) -> list[str]:
        """Return a table for each line."""
        found = [words.text("neuron", "rule")]
        for line in self.number_lines:
            found += ["", words.text("neuron", line.name, weights=expect.show(line.weights))]
            head = (words.text("key", "row"), "z", words.text("key", "side"), words.text("key", "answer"))
            rows = [
                (gates.row_text(row), _or_mark(z), "?" if z is None else str(int(z > 0)), _or_mark(answer))
                for row, z, answer in zip(gates.ROWS, line.z, line.answers, strict=True)
            ]
            found += columns([head, *rows])
            odd = [gates.row_text(gates.ROWS[index]) for index in range(4) if line.is_odd(index)]
            if odd:
                found.append("  " + words.text("neuron", "odd", rows=", ".join(odd)))
        return found

    def draw(self, figure: "SubFigure", words: Words) -> None:
        """Draw one number line below the other."""
        parts: Any = figure.subplots(len(self.number_lines), 1)
        for axes, line in zip(parts, self.number_lines, strict=True):
            _draw_line(axes, line, words)
        draw_key(figure, words, ("zero", "one", "none", "odd", "zero_side", "one_side"))


def read(reader: Reader) -> NeuronPicture:
    """Ask for the prediction and the neuron."""
    z = reader.value("Z", lambda answer, asked: _four(answer, asked, number))
    out = reader.value("OUT", lambda answer, asked: _four(answer, asked, bit))
    nothing: tuple[None, ...] = (None,) * 4
    found = [NumberLine("predicted", PREDICTED, z or nothing, out or nothing)]
    for weights in ASKED:
        sums = tuple(gates.weighted_sum(weights, row) for row in gates.ROWS)
        answers = tuple(reader.call("neuron", (*row, *weights), bit) for row in gates.ROWS)
        found.append(NumberLine("asked", weights, sums, answers))
    return NeuronPicture(tuple(found))


def _four(answer: Any, asked: str, form: Any) -> tuple[Any, ...]:
    items = answer.tolist() if hasattr(answer, "tolist") else answer
    if not isinstance(items, (list, tuple)) or len(items) != 4:
        expect.fail("not_four", asked=asked, actual=expect.show(answer))
    return tuple(form(item, f"{asked}[{index}]") for index, item in enumerate(items))


def _or_mark(value: float | None) -> str:
    return "?" if value is None else num(value)


def _draw_line(axes: Any, line: NumberLine, words: Words) -> None:
    shown = [z for z in line.z if z is not None]
    reach = max([2.0, *(abs(z) * 1.2 for z in shown)])
    # A student's sum may be 1e300; matplotlib draws nothing there, and a nearer edge hides nothing.
    reach = min(reach, 1e9)
    axes.set_xlim(-reach, reach)
    axes.set_ylim(0, 4.4)
    axes.axvspan(-reach, 0, color=PALE_ORANGE, linewidth=0)
    axes.axvspan(0, reach, color=PALE_BLUE, linewidth=0)
    axes.axvline(0, color=DARK, linewidth=1.4)
    placed: list[tuple[float, int]] = []
    for index, row in enumerate(gates.ROWS):
        z = line.z[index]
        if z is None:
            continue
        place = max(-reach, min(reach, z))
        # Rows that share a place, or whose words would meet, stand on each other.
        near = {level for other, level in placed if abs(other - place) < reach * 0.3}
        level = next(level for level in range(4) if level not in near)
        placed.append((place, level))
        height = 0.7 + level
        draw_dot(axes, place, height, line.answers[index], size=80, odd=line.is_odd(index))
        # Words lie outwards, away from the border, unless they would leave the axes.
        leftwards = -0.6 * reach < place < 0 or place > 0.7 * reach
        axes.annotate(
            f"{gates.row_text(row)}  z = {num(z)}",
            (place, height),
            xytext=(-10 if leftwards else 10, 0),
            textcoords="offset points",
            ha="right" if leftwards else "left",
            va="center",
            fontsize=9,
            zorder=6,
        )
    if not shown:
        # On a ground of its own: the border runs through the middle.
        ground = {"facecolor": "white", "edgecolor": LIGHT, "boxstyle": "round,pad=0.5"}
        axes.text(0, 2.2, words.text("neuron", "no_z"), ha="center", va="center", color=DARK, fontsize=10, bbox=ground)
    axes.set_yticks([])
    axes.spines[["left", "right", "top"]].set_visible(False)
    axes.spines["bottom"].set_color(LIGHT)
    axes.set_xlabel("z", labelpad=0)
    axes.set_title(words.text("neuron", line.name, weights=expect.show(line.weights)), fontsize=10.5, loc="left")
