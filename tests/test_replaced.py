"""A stand-in takes the place of a function of the student's, for whoever calls it, and gives the place back."""

import pytest

from tests.test_world import student_of


def test_a_name_replaced_twice_is_itself_again():
    student = student_of("def neuron(x):\n    return x\ndef use(x):\n    return neuron(x)\n")
    with student.replacing("neuron", "sequence", [5]), student.replacing("neuron", "sequence", [6]):
        assert student.use(1) == 6
    assert student.use(1) == 1


def test_a_name_that_was_not_there_is_gone_again():
    student = student_of("def use(x):\n    return neuron(x)\n")
    with student.replacing("neuron", "sequence", [5]):
        assert student.use(1) == 5
    with pytest.raises(Exception, match="missing_name"):
        _ = student.neuron


def test_a_stand_in_is_a_function_like_any_other():
    student = student_of("def f():\n    return type(g).__name__, sorted(vars(g))\ndef g():\n    return 1\n")
    with student.replacing("g", "sequence", [1]):
        assert student.f() == ("function", [])


HOLDS = """from functools import partial
def neuron(x, w=1):
    return x * w
again = neuron
held = partial(neuron, w=2)
def use(x, gate=neuron):
    return again(x), held(x), gate(x)
"""


def test_a_stand_in_answers_for_whoever_held_the_function_before():
    student = student_of(HOLDS)
    with student.replacing("neuron", "sequence", [5, 6, 7]) as calls:
        assert student.use(1) == (5, 6, 7)
    assert calls == [((1,), {}), ((1,), {"w": 2}), ((1,), {})]
    assert student.use(3) == (3, 6, 3)


def test_a_function_that_closes_over_a_variable_is_replaced_by_name():
    student = student_of(
        "def make(n):\n    return lambda x: x + n\nf = make(1)\nheld = f\ndef use(x):\n    return f(x)\n"
    )
    with student.replacing("f", "sequence", [5]):
        assert (student.use(1), student.held(1)) == (5, 2)
    assert student.use(1) == 2


def test_sets_within_sets_may_hold_anything_but_nan():
    student = student_of(
        "PAIRS = {frozenset({(0, 1), (1, 0)}), frozenset({(0, 0)})}\nBAD = {frozenset({float('nan')})}\n"
    )
    assert set(student.PAIRS) == {frozenset({(0, 1), (1, 0)}), frozenset({(0, 0)})}
    with pytest.raises(Exception, match="not_finite"):
        _ = student.BAD
