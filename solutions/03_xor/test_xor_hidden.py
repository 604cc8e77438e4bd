"""Hidden checks of kata 03: every value on the way to the answer comes from a neuron."""

from random import Random

import pytest

from grader import expect
from perceptron.shared import gates
from perceptron.xor.circuit import check_wires, count_gates, read_circuit

XOR = [0, 1, 1, 0]


@pytest.mark.check(points=0.8, step=2, needs="made_of_gates")
def test_wired(student):
    """In xor_gate at least two neurons work together, and only neurons combine wires"""
    circuit = read(student, "xor_gate")
    check_wires(circuit, asked="xor_gate", kinds=("wire", "one", "number"))
    if len(circuit.used()) < 2:
        expect.fail("one_neuron")


@pytest.mark.check(points=0.4, step=2, needs="made_of_gates")
def test_again(student):
    """xor_gate gives the same answers in any order and as often as asked, also for True and False"""
    function = student.xor_gate
    order = student.rng.integers(0, 4, size=12).tolist()
    rows = [[(int, bool)[step % 2](bit) for bit in gates.ROWS[index]] for step, index in enumerate(order)]
    for index, row, answer in zip(order, rows, function.each(rows), strict=True):
        expect.equal(answer, XOR[index], asked=expect.call_text("xor_gate", row), tag="changes")


@pytest.mark.check(points=0.8, step=3, needs="nand_only_rows")
def test_four_nands(student):
    """xor_nand_only is made of four NAND gates"""
    circuit = read(student, "xor_nand_only")
    check_wires(circuit, asked="xor_nand_only", kinds=("wire", "number"))
    if count_gates(circuit) != 4:
        expect.fail("nand_count")


def read(student, name):
    return read_circuit(student, name, Random(int(student.rng.integers(2**32))))
