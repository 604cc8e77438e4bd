"""Kata 02: each gate as a line through the square of the four rows, with the ribbon of its margin."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from grader import expect
from grader.pictures.layout import Words, columns, fixed, num
from grader.pictures.plate import Picture
from grader.pictures.reader import Reader, numbers
from perceptron.shared import gates
from perceptron.shared.figures import draw_key, draw_rows, draw_sides, draw_square, scaled

if TYPE_CHECKING:
    from grader.pictures.svg import SubFigure

TARGETS = {
    "AND": (0, 0, 0, 1),
    "NAND": (1, 1, 1, 0),
    "OR": (0, 1, 1, 1),
    "NOR": (1, 0, 0, 0),
    "A_NOT_B": (0, 0, 1, 0),
}

_WIDEST = 27
"""Letters of a line above a square."""


@dataclass(frozen=True)
class Gate:
    """One gate of the student's, and what its weights do."""

    name: str
    weights: tuple[float, float, float]
    z: tuple[float, ...]
    answers: tuple[int, ...]
    margin: float
    """Distance of the nearest row from the line."""

    @property
    def odd(self) -> tuple[bool, ...]:
        """For each row: does the answer differ from the gate asked for?"""
        return tuple(answer != want for answer, want in zip(self.answers, TARGETS[self.name], strict=True))

    @property
    def computed(self) -> str:
        """The name of the gate that the weights make."""
        return gates.gate_name(self.answers)


@dataclass(frozen=True)
class GatesPicture(Picture):
    """The gates by name; None for one that cannot be drawn."""

    gates: dict[str, Gate | None]
    size = (11.5, 3.5)

    def lines(self, words: Words) -> list[str]:
        """Return a paragraph for each gate."""
        found = []
        for name, gate in self.gates.items():
            if gate is None:
                found += [words.text("gates", "missing", name=name), ""]
                continue
            found.append(f"{name} = {_weights_text(gate)}")
            head = (words.text("key", "row"), "z", words.text("key", "answer"), words.text("key", "wanted"))
            wanted = TARGETS[name]
            rows = [
                (gates.row_text(row), num(z), str(answer), str(want))
                for row, z, answer, want in zip(gates.ROWS, gate.z, gate.answers, wanted, strict=True)
            ]
            found += columns([head, *rows])
            found += ["  " + line for line in _sentences(gate, words)] + [""]
        return found[:-1]

    def draw(self, figure: "SubFigure", words: Words) -> None:
        """Draw one square for each gate."""
        parts: Any = figure.subplots(1, len(self.gates))
        for axes, (name, gate) in zip(parts, self.gates.items(), strict=True):
            draw_square(axes)
            if gate is None:
                draw_rows(axes, (None,) * 4)
                axes.set_title("\n".join([name, words.text("gates", "missing_short")]), fontsize=9.5, linespacing=1.3)
                continue
            draw_sides(axes, gate.weights, margin=None if any(gate.odd) else gate.margin)
            draw_rows(axes, gate.answers, odd=gate.odd)
            title = f"{name} = {_weights_text(gate)}"
            # Wider than its square, it would meet its neighbour.
            title = title if len(title) <= _WIDEST else title.replace(" = ", " =\n")
            axes.set_title("\n".join([title, *_sentences(gate, words)]), fontsize=9.5, linespacing=1.3)
        draw_key(figure, words, ("zero", "one", "none", "odd", "ribbon", "zero_side", "one_side"))


def read(reader: Reader) -> GatesPicture:
    """Ask for the weights of the five gates."""
    return GatesPicture({name: _gate(name, reader.value(name, numbers(3))) for name in TARGETS})


def _gate(name: str, weights: tuple[float, ...] | None) -> Gate | None:
    if weights is None:
        return None
    w1, w2, b = weights
    z = tuple(gates.weighted_sum(weights, row) for row in gates.ROWS)
    answers = tuple(gates.outputs(weights))
    return Gate(name, (w1, w2, b), z, answers, gates.margin(scaled(weights)))


def _weights_text(gate: Gate) -> str:
    return expect.show(tuple(gate.weights))


def _sentences(gate: Gate, words: Words) -> list[str]:
    verdict, distance = ("differs", "nearest") if any(gate.odd) else ("fits", "margin")
    return [
        words.text("gates", "computes", name=gate.computed),
        words.text("gates", verdict),
        words.text("gates", distance, margin=fixed(gate.margin)),
    ]
