"""Public checks of kata 02: each gate's four rows."""

import pytest

from grader import expect
from perceptron.shared import gates


@pytest.mark.check(points=0.8, step=1)
@pytest.mark.parametrize("gate", ["AND", "NAND", "OR"])
def test_rows(student, gate):
    """{gate} is right on all four rows"""
    check_rows(student, gate)


@pytest.mark.check(points=0.6, step=2)
@pytest.mark.parametrize("gate", ["NOR", "A_NOT_B"])
def test_beyond(student, gate):
    """{gate} is right on all four rows (going beyond)"""
    check_rows(student, gate)


def check_rows(student, gate):
    weights = three_numbers(getattr(student, gate), gate)
    target = gates.TARGETS[gate]
    if gates.outputs(weights) != target:
        name_mistake(gate, weights, target)
    lucky = gates.lucky_row(weights)
    if lucky:
        asked = f"{gate} = {expect.show(tuple(weights))}"
        expect.fail("rounding_luck", asked=asked, row=gates.row_text(lucky), z=gates.weighted_sum(weights, lucky))
    on_fence = [row for row in gates.ROWS if gates.weighted_sum(weights, row) == 0]
    margin = gates.margin(weights)
    if on_fence:
        student.note("fence", rows=", ".join(map(gates.row_text, on_fence)))
    elif margin >= 0.2:
        student.note("star", margin=margin)


def three_numbers(value, gate):
    """(w1, w2, b) from a tuple, list or array of exactly three real numbers."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if not isinstance(value, (tuple, list)):
        expect.fail("not_three", asked=gate, expected="(w1, w2, b)", actual=expect.show(value))
    shown = {"asked": gate, "expected": "(w1, w2, b)", "actual": expect.show(value)}
    if any(isinstance(part, (list, tuple)) or hasattr(part, "tolist") for part in value):
        expect.fail("weights_in_a_list", **shown)
    if len(value) < 3:
        expect.fail("too_few", **shown, n=len(value))
    if len(value) > 3:
        expect.fail("decimal_comma", **shown, n=len(value))
    if not all(isinstance(number, (bool, int, float)) for number in value):
        expect.fail("not_three", asked=gate, expected="(w1, w2, b)", actual=expect.show(value))
    return [float(number) for number in value]


def name_useless_bias(gate, weights, target, shown):
    """Fail if the weights forbid the gate whatever b is: a row that has to fire has no larger sum than another.

    The constant answers are the ones where one would go on turning b.
    """
    if len(set(gates.outputs(weights))) > 1:
        return
    sums = {row: row[0] * weights[0] + row[1] * weights[1] for row in gates.ROWS}
    wake = min((row for row, fires in zip(gates.ROWS, target, strict=True) if fires), key=sums.__getitem__)
    sleep = max((row for row, fires in zip(gates.ROWS, target, strict=True) if not fires), key=sums.__getitem__)
    if sums[wake] <= sums[sleep]:
        rows = {"wake": gates.row_text(wake), "sleep": gates.row_text(sleep)}
        expect.fail("no_b_helps", **shown, **rows, high=sums[sleep], low=sums[wake], name=gate)


def name_mistake(gate, weights, target):
    """Say which known mistake gives these weights; the most telling one first."""
    w1, w2, b = weights
    pattern = gates.outputs(weights)
    z = [gates.weighted_sum(weights, row) for row in gates.ROWS]
    wrong = next(i for i in range(4) if pattern[i] != target[i])
    row = gates.row_text(gates.ROWS[wrong])
    shown = {
        "asked": f"{gate} = {expect.show(tuple(weights))}",
        "expected": str(target),
        "actual": str(pattern),
    }

    if gates.sum_on_paper(weights, gates.ROWS[wrong]) == 0 and z[wrong] != 0:
        expect.fail("rounding_luck", **shown, row=row, z=z[wrong])
    if gates.outputs([w2, b, w1]) == target:
        expect.fail("bias_first", **shown, b=b, w1=w1)
    signs = [number > 0 for number in weights]
    opposite = [-abs(w1), -abs(w2), abs(b)]
    if gate == "NAND" and gates.outputs(opposite) == target and signs != [True, True, False]:
        expect.fail("half_negated", **shown, signs=" ".join("+" if sign else "-" for sign in signs))
    constant = len(set(pattern)) == 1
    if (w1 == 0) != (w2 == 0) and not constant:
        expect.fail("one_input_only", **shown, input="x2" if w1 == 0 else "x1")
    name_useless_bias(gate, weights, target, shown)
    if pattern == [1, 1, 1, 1]:
        # The sum that has to be passed is 1.5 for an AND of two weights of 1, and another one elsewhere.
        expect.fail("theta_sign" if (gate, w1, w2) == ("AND", 1, 1) else "all_fire", **shown)
    if pattern == [0, 0, 0, 0]:
        best = max(range(4), key=z.__getitem__)
        expect.fail("never_fires", **shown, zmax=z[best], row=gates.row_text(gates.ROWS[best]))
    names = {"gate": gates.gate_name(pattern), "target": gates.gate_name(target)}
    patterns = {"pattern": " ".join(map(str, pattern)), "tpattern": " ".join(map(str, target))}
    expect.fail("named_gate", **shown, **names, **patterns, row=row, z=z[wrong])
