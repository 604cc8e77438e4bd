"""An answer whose digits are cut is told so at home already: rounded, or held in a type with few digits."""

import math

import numpy as np
import pytest

from grader import expect
from grader.authoring.answers import reference_of
from grader.bank.kata import load_katas
from grader.intake import Submission
from grader.judge.judge import Judge
from tests.conftest import ROOT

KATAS = {kata.name[:2]: kata for kata in load_katas(ROOT)}

CUT = """
import numpy as np
def _cut(value):
    if isinstance(value, (list, tuple)):
        return type(value)(_cut(part) for part in value)
    return {how} if isinstance(value, (float, np.floating, np.ndarray)) else value
_whole = {name}
def {name}(*args, **kwargs):
    return _cut(_whole(*args, **kwargs))
"""
ROUND = "np.round(value, {})"
FLOAT16 = "value.astype(np.float16) if isinstance(value, np.ndarray) else np.float16(value)"
FLOAT32 = FLOAT16.replace("16", "32")

CUTS = [
    *((kata, name, FLOAT16) for kata, name in (("08", "relu"), ("08", "softmax"), ("08", "chain_slope"))),
    *(("08", name, ROUND.format(places)) for name in ("relu", "sigmoid", "softmax") for places in (2, 4)),
    *(("10", name, ROUND.format(places)) for name in ("grad", "numeric_grad") for places in (2, 3, 5)),
    ("08", "chain_slope", ROUND.format(8)),
    ("09", "accuracy", ROUND.format(2)),
    *(("09", "bce", ROUND.format(places)) for places in (2, 3)),
    ("11", "note_step", FLOAT32),
    ("15", "majority_baseline", ROUND.format(3)),
]


def judge(number, source):
    kata = KATAS[number]
    with Judge((kata,)) as opened:
        return opened.grade(Submission("s", {kata.name: source.encode()})).katas[0].checks


@pytest.mark.parametrize(("number", "name", "how"), CUTS)
def test_cut_digits_are_named_by_a_public_check(number, name, how):
    checks = judge(number, reference_of(KATAS[number]).source + CUT.format(name=name, how=how))
    assert "rounded" in [check.tag for check in checks if not check.hidden]


IN_FLOAT32 = """
import numpy as np
_whole = {name}
def {name}(z, *args):
    return _whole(np.float32(z), *args)
"""


@pytest.mark.parametrize("name", ["sigmoid", "d_sigmoid", "relu", "d_relu", "softmax"])
def test_activations_may_be_computed_in_float32(name):
    """Keras does, and its digits are enough for everything that kata 08 asks."""
    checks = judge("08", reference_of(KATAS["08"]).source + IN_FLOAT32.format(name=name))
    assert [check.id for check in checks if check.tag] == []


def test_right_numbers_in_another_order_are_told_so():
    swapped = "\n_whole = note_step\ndef note_step(*args):\n    return _whole(*args)[::-1]\n"
    checks = judge("11", reference_of(KATAS["11"]).source + swapped)
    assert checks[0].tag == "other_order"


def test_an_array_of_one_number_is_one_number_in_hidden_checks_too():
    tail = "\n_whole = {0}\ndef {0}(*args):\n    return tuple(np.array([part]) for part in _whole(*args))\n"
    for name in ("grad", "numeric_grad"):
        checks = judge("10", reference_of(KATAS["10"]).source + tail.format(name))
        assert [check.id for check in checks if check.outcome.value != "passed"] == []


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        (0.33, 1 / 3),
        (0.3333, 1 / 3),
        (float(np.float16(0.7)), 0.7),
        ([1.41, 3.14], [math.sqrt(2), math.pi]),
    ],
)
def test_numbers_with_fewer_digits_are_rounded(actual, expected):
    assert expect.is_rounded(actual, expected)


@pytest.mark.parametrize(
    ("actual", "expected"),
    [(0.0, 1e-4), (0.5, 1 / 3), (0.34, 1 / 3), ([0.0, 0.0], [1e-3, 0.001]), (1.5, 1.0), (0.1, 0.104)],
)
def test_other_numbers_are_not(actual, expected):
    assert not expect.is_rounded(actual, expected)
