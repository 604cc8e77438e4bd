"""Hidden checks of kata 02: no gate owes its answers to rounding."""

import pytest

from grader import expect
from perceptron.shared import gates


@pytest.mark.check(points=0.48, step=1, needs="rows[{gate}]")
@pytest.mark.parametrize("gate", ["AND", "NAND", "OR"])
def test_clear(student, gate):
    """{gate} fires where it fires by more than a rounding error"""
    check_clear(student, gate)


@pytest.mark.check(points=0.48, step=2, needs="beyond[{gate}]")
@pytest.mark.parametrize("gate", ["NOR", "A_NOT_B"])
def test_clear_beyond(student, gate):
    """{gate} fires where it fires by more than a rounding error (going beyond)"""
    check_clear(student, gate)


def check_clear(student, gate):
    weights = [float(number) for number in getattr(student, gate)]
    # Read anew, so compared anew: all zeros would fire nowhere, by luck or not.
    if gates.outputs(weights) != gates.TARGETS[gate]:
        expect.fail("wrong_value", asked=gate)
    if gates.lucky_row(weights):
        expect.fail("rounding_luck", asked=gate)
