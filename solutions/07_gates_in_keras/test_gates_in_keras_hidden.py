"""Hidden checks of kata 07: other gates, other k, other demands."""

from dataclasses import replace

import pytest

from perceptron.gates_in_keras import gate_network
from perceptron.gates_in_keras.gate_network import MOST_K, Gates, is_sure

ROWS = (0, 1, 2, 3)


@pytest.mark.check(points=1.2, step=2, needs="scaled")
def test_other_gates(student):
    """Any three gates and any k go into the network, one call after the other"""
    rng = student.rng
    for k in (1, 7, 0.5, 120):
        gate_network.check_weights(student, gate_network.draw_gates(rng), k)
    gate_network.check_weights(student, gate_network.draw_gates(rng))


@pytest.mark.check(points=1.0, step=4, needs="smallest_k")
def test_other_demands(student):
    """smallest_k finds the first k for other gates, and for any want"""
    rng = student.rng
    for last, want in zip(ROWS, (0.75, 0.8, 0.95, 0.99), strict=True):
        gate_network.check_smallest_k(student, draw_with_last_row(rng, last, want), want)
    drawn = gate_network.draw_gates(rng)
    # The same gates with larger and smaller numbers: k = 1 is enough for the first, the last needs all 200.
    for least in (0.5, MOST_K - 0.5):
        gate_network.check_smallest_k(student, sure_from(drawn, least))
    # With k = 0 all answers are 0.5; the first k to try is 1.
    gate_network.check_smallest_k(student, sure_from(drawn, 20.5), 0.5)


def sure_from(gates, least):
    """The same gates with other numbers: the network is sure of XOR from k = `least` on, if k need not be whole."""
    high = gates.smallest_k(0.9)
    low = high - 1
    for _ in range(12):
        middle = (low + high) / 2
        low, high = (low, middle) if is_sure(gates.answers(middle), 0.9) else (middle, high)
    return Gates(*(tuple(high / least * part for part in gate) for gate in gates.args))


def draw_with_last_row(rng, last, want):
    """Gates whose row `last` needs a larger k than the other three: a search without it ends too early."""
    others = tuple(row for row in ROWS if row != last)
    while True:
        drawn = gate_network.draw_gates(rng)
        if drawn.smallest_k(want, rows=others) < drawn.smallest_k(want):
            return drawn


@pytest.mark.check(points=0.6, step=4, needs="no_k")
def test_other_fences(student):
    """smallest_k says so for other gates that never get there"""
    drawn = gate_network.draw_gates(student.rng)
    w1, w2, _ = drawn.and_
    # z = 0 at one row or two; and an AND that is an OR. None of 300 draws of each got there.
    for never in ((w1, w2, -max(w1, w2)), drawn.or_):
        gate_network.check_smallest_k(student, replace(drawn, and_=never))
    # It would be sure at 201.
    gate_network.check_smallest_k(student, sure_from(drawn, MOST_K + 0.5))
