"""Public checks of kata 07: three gates as the weights of a network, and what the factor k does to it."""

import pytest

from grader import expect
from perceptron.gates_in_keras import gate_network
from perceptron.gates_in_keras.gate_network import LECTURE, Gates
from perceptron.shared import gates

BETTER = Gates((1, 1, -1.5), LECTURE.nand, LECTURE.or_)
# No two numbers are alike, so that no two places can be mixed up unseen.
LOPSIDED = Gates((1.3, 0.9, -1.7), (-0.7, -1.1, 1.4), (0.6, 1.2, -0.4))
SETS = {"lecture": LECTURE, "lopsided": LOPSIDED}

# The rows that must be 0 are the last to be sure of the one set, the rows that must be 1 of the other.
LOW_AND = Gates((1, 1, -1.2), (-1, -1, 1.5), (1, 1, -0.5))
HIGH_AND = Gates((1, 1, -1.7), (-1, -1, 1.5), (1, 1, -0.5))
# In each set another row is sure last, the rows (0, 0) to (1, 1) in turn.
LAST_ROWS = (
    Gates((1.3, 0.9, -1.6), (-1, -1, 1.5), (1, 1, -0.5)),
    Gates((1, 1, -1.6), (-1, -1, 1.5), (1, 0.7, -0.5)),
    Gates((1, 1, -1.6), (-1, -1, 1.5), (0.7, 1, -0.5)),
    Gates((0.9, 1.3, -1.6), (-1, -1, 1.5), (1, 1, -0.5)),
)
# The first and the last number that smallest_k tries.
FIRST_K = Gates((6, 6, -9), (-6, -6, 9), (6, 6, -3))
LAST_K = Gates((0.057, 0.057, -0.0855), (-0.057, -0.057, 0.0855), (0.057, 0.057, -0.0285))

WHY = {
    "k too small": "why_k",
    "not trained": "why_trained",
    "z is 0": None,
    "too few units": "why_units",
}
K = 50


@pytest.mark.check(points=0.4, step=2)
def test_shapes(student):
    """gates_to_weights gives four arrays, in shapes that Keras takes"""
    asked = expect.call_text("gates_to_weights", LECTURE.args)
    gate_network.read_weights(student.gates_to_weights(*LECTURE.args), asked=asked)


@pytest.mark.check(points=0.5, step=2, needs="shapes")
@pytest.mark.parametrize("gates", list(SETS))
def test_poured(student, gates):
    """Each number of the gates is in its place ({gates} gates)"""
    gate_network.check_weights(student, SETS[gates])


@pytest.mark.check(points=0.8, step=2, needs="poured[lopsided]")
def test_scaled(student):
    """All four arrays are multiplied by k"""
    for k in (2, K):
        gate_network.check_weights(student, LOPSIDED, k)


@pytest.mark.check(points=0.4, step=3)
def test_why_half(student):
    """WHY_HALF: why row (0, 0) is no XOR with the lecture's AND"""
    choice = student.WHY_HALF
    words = ", ".join(map(repr, WHY))
    if not isinstance(choice, str) or choice.strip().lower() not in WHY:
        expect.fail("not_a_choice", name="WHY_HALF", got=expect.show(choice), words=words)
    tag = WHY[choice.strip().lower()]
    if tag is not None:
        far = LECTURE.answers(4 * K)
        expect.fail(tag, k=4 * K, p=far.round(3))


@pytest.mark.check(points=0.8, step=3)
def test_better_and(student):
    """With BETTER_AND the network answers XOR at k = 50"""
    weights = read_gate(student.BETTER_AND)
    poured = Gates(weights, LECTURE.nand, LECTURE.or_)
    p = poured.answers(K)
    if not gate_network.is_sure(p, 0.9):
        name_gate_mistake(weights, p)


def read_gate(value):
    """(w1, w2, b) from a tuple, list or array of exactly three real numbers."""
    shown = {"asked": "BETTER_AND", "expected": "(w1, w2, b)", "actual": expect.show(value)}
    if hasattr(value, "tolist"):
        value = value.tolist()
    if not isinstance(value, (tuple, list)) or not all(isinstance(part, (bool, int, float)) for part in value):
        expect.fail("not_three", **shown)
    if len(value) != 3:
        expect.fail("decimal_comma", **shown, n=len(value))
    return tuple(float(part) for part in value)


def name_gate_mistake(weights, p):
    """Say why XOR does not come out; the most telling mistake first."""
    shown = {
        "asked": f"BETTER_AND = {expect.show(weights)}, k = {K}",
        "expected": "[< 0.1, > 0.9, > 0.9, < 0.1]",
        "actual": p.round(3),
    }
    # The rows of AND that XOR uses: NAND and OR never say 0 together.
    on_fence = [row for row in gates.ROWS[1:] if gates.sum_on_paper(weights, row) == 0]
    if on_fence:
        # (NAND, OR) is (1, 0) at row (0, 0), (0, 1) at row (1, 1), and (1, 1) at the two rows between.
        rows = {(1, 0): "(0, 0)", (0, 1): "(1, 1)", (1, 1): "(0, 1), (1, 0)"}
        expect.fail("fence", **shown, rows=", ".join(rows[row] for row in reversed(on_fence)))
    pattern = gates.outputs(weights)
    if pattern != [0, 0, 0, 1]:
        row = next(row for row, got, want in zip(gates.ROWS, pattern, [0, 0, 0, 1], strict=True) if got != want)
        name, z = gates.gate_name(pattern), gates.weighted_sum(weights, row)
        expect.fail("not_and", **shown, gate=name, pattern=" ".join(map(str, pattern)), row=gates.row_text(row), z=z)
    sums = [gates.weighted_sum(weights, row) for row in gates.ROWS[1:]]
    expect.fail("near_fence", **shown, z=min(sums, key=abs))


@pytest.mark.check(points=0.4, step=4, needs="scaled")
def test_smallest_k(student):
    """smallest_k finds the first k that is enough"""
    for poured in (BETTER, LOW_AND, HIGH_AND, *LAST_ROWS, FIRST_K, LAST_K):
        gate_network.check_smallest_k(student, poured)
    # With k = 0 all answers are 0.5; the first k to try is 1.
    for want in (0.75, 0.5):
        gate_network.check_smallest_k(student, BETTER, want)


@pytest.mark.check(points=0.4, step=4, needs="smallest_k")
def test_no_k(student):
    """With the lecture's gates there is no such k"""
    gate_network.check_smallest_k(student, LECTURE)
