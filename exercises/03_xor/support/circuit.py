"""Reads how a function of the student's is wired: which neuron reads what, and whose answer comes back.

A gate that is called and then ignored looks fine in a truth table. So a stand-in takes the place of the global
`neuron`, answers as we please and records its arguments; what equals what over many runs is a wire. The record is made
in the student's process, so a check asks the syntax too (student.py, `Fact`), which no code of the student's can touch.
"""

from dataclasses import dataclass
from itertools import product
from random import Random
from typing import Any

from grader import expect
from perceptron.shared import gates

MOST_NEURONS = 60
"""A composition that calls `neuron` more often than this is not read."""

PARAMETERS = ("x1", "x2", "w1", "w2", "b")


@dataclass(frozen=True)
class Source:
    """Where one argument of a neuron came from."""

    kind: str
    """"wire": a wire as it is; "one": worked out from one wire; "number": always the same; "mixed": anything else."""
    what: Any
    """The wire ("x1", "x2", or "s1" for the first neuron's answer), the number, or None."""


@dataclass(frozen=True)
class Circuit:
    """The calls of `neuron` that a function makes on two inputs, in order."""

    count: int
    neurons: tuple[tuple[Source, ...], ...]
    """By neuron, the sources of x1, x2, w1, w2, b; empty when the calls differ from run to run."""
    output: int | None
    """The index of the neuron whose answer is always what the function returns; None if there is none."""

    def used(self) -> set[int]:
        """Indices of the neurons whose answers reach the output."""
        found: set[int] = set()
        waiting = [] if self.output is None else [self.output]
        while waiting:
            index = waiting.pop()
            if index not in found:
                found.add(index)
                wires = [source.what for source in self.neurons[index] if source.kind in ("wire", "one")]
                waiting += [int(wire[1:]) - 1 for wire in wires if wire[0] == "s"]
        return found

    def gate(self, index: int) -> str | None:
        """The name of the gate that a neuron's weights make; None if the weights are no fixed numbers."""
        weights = self.neurons[index][2:]
        if not all(source.kind == "number" and isinstance(source.what, float) for source in weights):
            return None
        return gates.gate_name(gates.outputs([source.what for source in weights]))


def read_circuit(student: Any, name: str, random: Random) -> Circuit:
    """Find out how a function is wired, by letting `neuron` answer as we please.

    While a stand-in takes the place of `neuron`, every combination of up to four answers, or 40 of more, is played
    through on rows in random order. What then equals what, in all runs, is a wire.

    Args:
        student: the check's `student`.
        name: a function of two inputs that calls the global `neuron`.
        random: for the order of the rows and the answers of large circuits.

    Raises:
        Mismatch: the function crashes on answers that a gate may give.
    """
    function = getattr(student, name)
    with student.replacing("neuron", "sequence", [0]) as calls:
        function(0, 0)
    count = len(calls)
    if not 0 < count <= MOST_NEURONS:
        return Circuit(count, (), None)
    answers = [list(bits) for bits in product((0, 1), repeat=count)] if count <= 4 else []
    while len(answers) < (20 if count <= 4 else 40):
        answers.append(random.choices((0, 1), k=count))
    # Every row equally often, so that a sign for "x1 differs from x2" never looks like one wire.
    rows = list(gates.ROWS) * (len(answers) // 4)
    random.shuffle(rows)
    with student.replacing("neuron", "sequence", [bit for bits in answers for bit in bits]) as calls:
        returned = list(function.each(rows))
    if len(calls) != count * len(rows):
        return Circuit(count, (), None)
    wires = {f"x{i + 1}": [row[i] for row in rows] for i in range(2)}
    wires |= {f"s{i + 1}": [bits[i] for bits in answers] for i in range(count)}
    neurons = tuple(
        tuple(_source([_argument(calls[run * count + i], k) for run in range(len(rows))], wires) for k in range(5))
        for i in range(count)
    )
    values = [_plain(value) for value in returned]
    matching = [i for i in range(count) if values == wires[f"s{i + 1}"]]
    return Circuit(count, neurons, matching[-1] if matching else None)


def _argument(call: Any, position: int) -> Any:
    """One argument of a recorded call ((args), {kwargs}); None where there is none."""
    if not (isinstance(call, tuple) and len(call) == 2 and isinstance(call[0], tuple) and isinstance(call[1], dict)):
        return None
    given, named = call
    return _plain(given[position]) if position < len(given) else _plain(named.get(PARAMETERS[position]))


def _plain(value: Any) -> Any:
    return expect.number(value, asked="") if expect.is_number(value) else expect.show(value)


def _source(column: list[Any], wires: dict[str, list[int]]) -> Source:
    if all(value == column[0] for value in column):
        return Source("number", column[0])
    for wire, bits in wires.items():
        if column == bits:
            return Source("wire", wire)
    for wire, bits in wires.items():
        if all(len({value for value, bit in zip(column, bits, strict=True) if bit == side}) < 2 for side in (0, 1)):
            return Source("one", wire)
    return Source("mixed", None)


def check_wires(circuit: Circuit, *, asked: str, kinds: tuple[str, ...]) -> None:
    """Look at every neuron on the way to the answer.

    Args:
        circuit: as read.
        asked: the function, for the message.
        kinds: what each of their arguments may be (see Source.kind).

    Raises:
        Mismatch: "not_from_gate"; "weights_change" if w1 or w2 follows a wire, so that Python chose between gates or
            multiplied two wires; "combined_outside" if Python has combined wires before a neuron got them.
    """
    if circuit.output is None:
        expect.fail("not_from_gate", asked=asked)
    for index in circuit.used():
        # b alone may be a wire: it is added, so that is one more input with a weight of its own.
        if any(source.kind != "number" for source in circuit.neurons[index][2:4]):
            expect.fail("weights_change", asked=asked)
        if any(source.kind not in kinds for source in circuit.neurons[index]):
            expect.fail("combined_outside", asked=asked)


def count_gates(circuit: Circuit) -> int:
    """Count the gates on the way to the answer; two that read the same are one, computed twice."""
    numbers: dict[str, str] = {}
    seen: dict[tuple[str, ...], str] = {}
    for index in sorted(circuit.used()):
        wires = [str(numbers.get(source.what, source.what)) for source in circuit.neurons[index][:2]]
        numbers[f"s{index + 1}"] = seen.setdefault(tuple(sorted(wires)), f"gate {len(seen)}")
    return len(seen)
