"""Hidden checks of kata 06: what each model computes with random weights, and whether it learns XOR."""

import pytest

from perceptron.shared import stacks
from perceptron.stacks import can_solve


# The public checks ask the same once, with other numbers.
@pytest.mark.check(points=0.5, step=2, needs="stack[{build}]")
@pytest.mark.parametrize("build", ["build_3", "build_5", "build_17", "build_11"])
def test_answers(student, build):
    """{build} answers as its layers should, whatever the weights are"""
    stacks.check_answers(student, build, anew=False)


# In pairs, so that one word for all six earns one pair at most.
@pytest.mark.check(points=0.4, step=4, needs="can_solve_words")
@pytest.mark.parametrize("pair", ["3 5", "9 17", "11 25"])
def test_can_solve(student, pair):
    """CAN_SOLVE is right for the stacks with {pair} parameters, each trained from 256 starts"""
    words = stacks.read_words(student.CAN_SOLVE)
    for params in map(int, pair.split()):
        can_solve.check_word(student, params, words[params])
