"""Kata 06's question which stack learns XOR: the judge measures, whatever the student's side says."""

import json

import pytest

from grader.checks.student import Student
from grader.expect import Mismatch
from grader.training import false_fail_probability
from perceptron.shared import stacks
from perceptron.stacks import can_solve

RIGHT = {3: "never", 5: "never", 9: "sometimes", 17: "nearly always", 11: "sometimes", 25: "sometimes"}


class Side:
    """A student's side whose models describe themselves with this text."""

    source = b""

    def __init__(self, text):
        self.text = text

    def open(self):
        """It is loaded."""

    def ask(self, op, **fields):
        if op == "get":
            return {"callable": fields["name"]}
        return {"model": 0} if op == "once" else self.text


def normal(stddev):
    return {"class_name": "RandomNormal", "config": {"mean": 0.0, "stddev": stddev}}


def uniform(low, high):
    return {"class_name": "RandomUniform", "config": {"minval": low, "maxval": high}}


def describe(kernel):
    layers = [{"class_name": "InputLayer", "config": {"batch_shape": [None, 2]}}]
    for units in (4, 1):
        initializers = {"kernel_initializer": kernel, "bias_initializer": "zeros"}
        config = {"units": units, "activation": "sigmoid", "use_bias": True, **initializers}
        layers.append({"class_name": "Dense", "config": config})
    return json.dumps({"config": {"layers": layers}})


def tag_of(text, params, word):
    try:
        can_solve.check_word(Student(Side(text), "check"), params, word)
    except Mismatch as mismatch:
        return mismatch.tag
    return None


@pytest.mark.parametrize("params", RIGHT)
def test_only_the_measured_word_passes(params):
    passed = [word for word in stacks.WORDS if tag_of(None, params, word) is None]
    assert passed == [RIGHT[params]]


def test_the_students_own_initialiser_counts_too():
    assert tag_of(describe("random_normal"), 17, "sometimes") is None
    assert tag_of(describe("random_normal"), 17, "nearly always") is None
    assert tag_of(describe("glorot_uniform"), 17, "sometimes") == "can_wide"


@pytest.mark.parametrize("kernel", ["zeros", "ones", normal(0), normal(1e-3), normal(1e30)])
def test_never_is_no_answer_for_a_stack_that_can_whatever_start_was_chosen(kernel):
    assert tag_of(describe(kernel), 17, "never") == "can_one_run"
    assert tag_of(describe(kernel), 17, "nearly always") is None


@pytest.mark.parametrize(
    "kernel",
    [normal(1e39), normal(1e308), uniform(-1e308, 1e308), {"class_name": "Constant", "config": {"value": 1e39}}],
)
def test_a_start_outside_float32_is_the_students_mistake(kernel):
    """RandomNormal(stddev=1e39) is finite in float64 and not in float32; the engine refuses it."""
    assert tag_of(describe(kernel), 17, "sometimes") == "can_start_too_large"
    assert tag_of(describe(kernel), 17, "nearly always") is None


@pytest.mark.parametrize(
    "text", [7, "", "[", "[1]", '{"config": 3}', '{"config": {"layers": [1]}}', "[" * 10_000, describe("none")]
)
def test_a_description_that_is_nonsense_changes_nothing(text):
    assert tag_of(text, 17, "nearly always") is None
    assert tag_of(text, 17, "sometimes") == "can_wide"


def test_the_word_changes_at_the_first_solved_start_and_above_four_of_five():
    assert [can_solve.word_for(n) for n in (0, 1, 204, 205)] == ["never", "sometimes", "sometimes", "nearly always"]
    assert can_solve.MANY / can_solve.STARTS > 0.8 >= (can_solve.MANY - 1) / can_solve.STARTS


def test_a_right_word_would_fail_with_other_seeds_once_in_a_million_at_most():
    """Shares measured by can_solve: 14 of 256 starts solve with 11 parameters, 244 with 17."""
    assert false_fail_probability(1, 256, 14 / 256) < 1e-6
    assert false_fail_probability(can_solve.MANY, 256, 244 / 256) < 1e-6
