"""Kata 03: the wiring of the student's XOR, with the 0 or 1 that each wire carries on each row."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any

from grader import expect
from grader.pictures.axes import say_instead
from grader.pictures.drawing import BLUE, ORANGE
from grader.pictures.layout import Words, columns
from grader.pictures.plate import Picture
from grader.pictures.reader import Reader, bit
from perceptron.shared import gates
from perceptron.shared.figures import Point, draw_dot, draw_key, draw_lines
from perceptron.xor.circuit import Circuit, read_circuit

if TYPE_CHECKING:
    from grader.pictures.svg import Axes, SubFigure

XOR = (0, 1, 1, 0)
FUNCTIONS = ("xor_gate", "xor_nand_only")
_MOST_DRAWN = 8
"""Neurons of a circuit that is drawn; a larger one is told in words."""
Pair = tuple[int, int]


@dataclass(frozen=True)
class Neuron:
    """One neuron of a circuit: its gate, the two wires it reads, and its answer on each row."""

    gate: str
    reads: tuple[str, str]
    carries: tuple[int, ...]


@dataclass(frozen=True)
class Wiring:
    """One function of the student's: what it answers, and how it is wired."""

    name: str
    answers: tuple[int | None, ...]
    neurons: tuple[Neuron, ...] | None
    """In the order in which they run, the first giving the wire s1; None if the wiring cannot be read."""
    output: int | None
    """Index of the neuron whose answer is returned."""

    @property
    def wires(self) -> dict[str, tuple[int, ...]]:
        """What every wire carries on the four rows, the inputs first."""
        found = {"x1": tuple(row[0] for row in gates.ROWS), "x2": tuple(row[1] for row in gates.ROWS)}
        return found | {f"s{index + 1}": neuron.carries for index, neuron in enumerate(self.neurons or ())}


@dataclass(frozen=True)
class XorPicture(Picture):
    """The predicted table of the hidden wires, and both functions."""

    hidden: tuple[Pair | None, ...] | None
    wirings: tuple[Wiring, ...]
    size = (11.0, 5.6)

    def lines(self, words: Words) -> list[str]:
        """Return a table of the wires for each function."""
        found = []
        for wiring in self.wirings:
            found += [wiring.name, *_told(wiring, words), *columns(_table(wiring, words)), ""]
        if self.hidden is not None:
            head = (words.text("key", "row"), "s1", "s2")
            rows = [
                (gates.row_text(row), *(("?", "?") if pair is None else map(str, pair)))
                for row, pair in zip(gates.ROWS, self.hidden, strict=True)
            ]
            found += ["HIDDEN", *columns([head, *rows]), ""]
        return found[:-1]

    def below(self, words: Words) -> list[str]:
        """Return where the prediction and the live wires part, and whether a neuron gave the answer."""
        found = []
        carried = self._carried()
        if self.hidden is not None and carried is not None:
            rows = zip(gates.ROWS, self.hidden, carried, strict=True)
            parted = [gates.row_text(row) for row, said, live in rows if said is not None and said != live]
            if parted:
                found.append(words.text("xor", "hidden_differs", rows=", ".join(parted)))
            elif None not in self.hidden:
                found.append(words.text("xor", "hidden_same"))
        loose = [wiring.name for wiring in self.wirings if wiring.neurons is not None and wiring.output is None]
        return found + [words.text("xor", "not_returned", name=name) for name in loose]

    def _carried(self) -> list[Pair] | None:
        """What NAND and OR of the inputs carry in the student's own xor_gate; None where it has no such wires."""
        neurons = self.wirings[0].neurons or ()
        live = {neuron.gate: neuron.carries for neuron in neurons if set(neuron.reads) == {"x1", "x2"}}
        if not {"NAND", "OR"} <= live.keys():
            return None
        return list(zip(live["NAND"], live["OR"], strict=True))

    def draw(self, figure: "SubFigure", words: Words) -> None:
        """Draw one wiring for each row of the truth table and each function."""
        parts: Any = figure.subplots(len(self.wirings), 4)
        for line, wiring in zip(parts, self.wirings, strict=True):
            for index, axes in enumerate(line):
                _draw_wiring(axes, wiring, index, words)
        draw_key(figure, words, ("zero", "one", "none", "odd"))


def read(reader: Reader) -> XorPicture:
    """Ask for the table, the answers, and the wiring."""
    hidden = reader.value("HIDDEN", _hidden)
    return XorPicture(hidden, tuple(_wiring(reader, name) for name in FUNCTIONS))


def _hidden(answer: Any, asked: str) -> tuple[Pair | None, ...]:
    if not isinstance(answer, dict):
        expect.fail("not_a_table", asked=asked, actual=expect.show(answer))
    found: list[Pair | None] = []
    for row in gates.ROWS:
        pair: Any = answer.get(row)
        if pair is None:
            found.append(None)
            continue
        pair = pair.tolist() if hasattr(pair, "tolist") else pair
        if not isinstance(pair, (list, tuple)) or len(pair) != 2:
            expect.fail("other_form", asked=f"{asked}[{row}]", actual=expect.show(pair))
        found.append((bit(pair[0], f"{asked}[{row}]"), bit(pair[1], f"{asked}[{row}]")))
    return tuple(found)


def _wiring(reader: Reader, name: str) -> Wiring:
    answers = tuple(reader.call(name, row, bit) for row in gates.ROWS)
    if all(answer is None for answer in answers):
        return Wiring(name, answers, None, None)
    # A function that stumbles over answers it never gets from its gates is no gap: its wiring is not drawn.
    quiet = Reader(reader.student, name_s=math.inf)
    circuit = quiet.attempt(name, lambda: read_circuit(reader.student, name, Random(3)))
    neurons = None if circuit is None else _neurons(circuit)
    return Wiring(name, answers, neurons, None if circuit is None or neurons is None else circuit.output)


def _neurons(circuit: Circuit) -> tuple[Neuron, ...] | None:
    """Run a circuit on the four rows; None if it is too large, or a neuron reads anything but two wires as they are."""
    if not 0 < len(circuit.neurons) <= _MOST_DRAWN:
        return None
    wires: dict[str, tuple[int, ...]] = {
        "x1": tuple(row[0] for row in gates.ROWS),
        "x2": tuple(row[1] for row in gates.ROWS),
    }
    found = []
    for index, sources in enumerate(circuit.neurons):
        first, second = sources[:2]
        gate = circuit.gate(index)
        if gate is None or first.kind != "wire" or second.kind != "wire":
            return None
        weights = [source.what for source in sources[2:]]
        inputs = zip(wires[first.what], wires[second.what], strict=True)
        carries = tuple(int(gates.weighted_sum(weights, pair) > 0) for pair in inputs)
        wires[f"s{index + 1}"] = carries
        found.append(Neuron(gate, (first.what, second.what), carries))
    return tuple(found)


def _told(wiring: Wiring, words: Words) -> list[str]:
    """The wiring as sentences, a line for each neuron."""
    if wiring.neurons is None:
        return ["  " + words.text("xor", "unread")] if any(a is not None for a in wiring.answers) else []
    lines = [
        words.text("xor", "neuron", wire=f"s{index + 1}", gate=neuron.gate, reads=", ".join(neuron.reads))
        for index, neuron in enumerate(wiring.neurons)
    ]
    if wiring.output is not None:
        lines.append(words.text("xor", "returned", wire=f"s{wiring.output + 1}"))
    return ["  " + line for line in lines]


def _table(wiring: Wiring, words: Words) -> list[tuple[str, ...]]:
    hidden = {name: values for name, values in wiring.wires.items() if name.startswith("s")}
    rows = [(words.text("key", "row"), *hidden, words.text("key", "answer"), words.text("key", "wanted"))]
    for index, row in enumerate(gates.ROWS):
        answer = wiring.answers[index]
        live = [str(values[index]) for values in hidden.values()]
        rows.append((gates.row_text(row), *live, "?" if answer is None else str(answer), str(XOR[index])))
    return rows


def _draw_wiring(axes: "Axes", wiring: Wiring, index: int, words: Words) -> None:
    answer, row = wiring.answers[index], gates.ROWS[index]
    axes.set_title(f"{wiring.name}{gates.row_text(row)} = {'?' if answer is None else answer}", fontsize=9.5)
    if wiring.neurons is None:
        say_instead(axes, words.text("xor", "unread_short"))
        return
    places = _places(wiring.neurons)
    depth = max(x for x, _ in places.values())
    wires = _wires(wiring.neurons, places)
    if wiring.output is not None:
        start = places[f"s{wiring.output + 1}"]
        wires.append((f"s{wiring.output + 1}", start, (depth + 0.8, start[1])))
        draw_dot(axes, depth + 0.8, start[1], answer, odd=answer is not None and answer != XOR[index])
    looks: tuple[tuple[int, dict[str, Any]], ...] = (
        (1, {"color": BLUE}),
        (0, {"color": ORANGE, "linestyle": (0, (3, 2))}),
    )
    for carried, look in looks:
        alike = [(start, end) for wire, start, end in wires if wiring.wires[wire][index] == carried]
        draw_lines(axes, alike, linewidth=2.4, zorder=2, **look)
    # More than three neurons in a row are narrow.
    is_ = " = " if depth <= 3 else "\n= "
    for wire, (x, y) in places.items():
        carried = wiring.wires[wire][index]
        name = wire if wire.startswith("x") else f"{wire}\n{wiring.neurons[int(wire[1:]) - 1].gate}"
        colour = BLUE if carried else ORANGE
        box = {"boxstyle": "round,pad=0.35", "facecolor": "white", "edgecolor": colour, "linewidth": 2}
        axes.text(x, y, f"{name}{is_}{carried}", ha="center", va="center", fontsize=8, bbox=box, zorder=5)
    axes.set_xlim(-0.35, depth + 1.0)
    axes.set_ylim(-0.75, 1.75)
    axes.set_axis_off()


def _places(neurons: tuple[Neuron, ...]) -> dict[str, tuple[float, float]]:
    """Where each wire begins: inputs at the left, each neuron one step right of the last wire it reads."""
    column = {"x1": 0, "x2": 0}
    for index, neuron in enumerate(neurons):
        column[f"s{index + 1}"] = 1 + max(column[wire] for wire in neuron.reads)
    found = {}
    for step in range(max(column.values()) + 1):
        here = [wire for wire, at in column.items() if at == step]
        for order, wire in enumerate(here):
            height = 0.5 if len(here) == 1 else 1.25 - 1.5 * order / (len(here) - 1)
            found[wire] = (float(step), height)
    return found


def _wires(neurons: tuple[Neuron, ...], places: Mapping[str, Point]) -> list[tuple[str, Point, Point]]:
    """Return each wire that a neuron reads: its name, where it begins and where it ends."""
    found = []
    for number, neuron in enumerate(neurons):
        x, y = places[f"s{number + 1}"]
        # The two wires of one neuron end a little apart, also where both come from one place.
        found += [(wire, places[wire], (x, y + 0.09 - 0.18 * place)) for place, wire in enumerate(neuron.reads)]
    return found
