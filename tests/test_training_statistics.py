"""Shares, shelves and silent units against values worked out elsewhere."""

import itertools
import math

import numpy as np
import pytest

from grader.errors import BadInput
from grader.training import (
    PLATEAUS,
    SGD,
    Layer,
    Recipe,
    Stack,
    count_plateaus,
    dead_units,
    dense_stack,
    false_fail_probability,
    forward,
    name_plateau,
    share,
    train,
)

X = np.array(list(itertools.product((0.0, 1.0), repeat=2)))
Y = np.array([0.0, 1.0, 1.0, 0.0])


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [
        # Newcombe, "Two-sided confidence intervals for the single proportion", 1998, table I, Wilson's score.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_intervals_are_those_of_the_literature(count: int, of: int, low: float, high: float) -> None:
    got = share(count, of)
    assert (got.value, round(got.low, 4), round(got.high, 4)) == (count / of, low, high)


def test_an_interval_reaches_the_end_exactly_when_all_or_none_succeed() -> None:
    assert (share(0, 256).low, share(256, 256).high) == (0.0, 1.0)


@pytest.mark.parametrize(("count", "of"), [(1, 0), (-1, 5), (6, 5)])
def test_a_share_of_nothing_is_refused(count: int, of: int) -> None:
    with pytest.raises(BadInput):
        share(count, of)


@pytest.mark.parametrize(
    ("loss", "name"),
    [
        (0.6931, "all tied"),
        (0.4774, "one corner"),
        (0.3466, "two tied"),
        (0.01, "solved"),
        (0.55, "still moving"),
        (0.4774 + 0.0101, "still moving"),
        (math.nan, "diverged"),
        (math.inf, "diverged"),
    ],
)
def test_plateaus_are_named_by_their_loss(loss: float, name: str) -> None:
    assert name_plateau(loss) == name


def test_four_rows_right_are_solved_whatever_the_loss() -> None:
    assert name_plateau(0.3466, solved=True) == "solved"


def test_shelves_are_the_losses_of_the_answers_they_describe() -> None:
    def loss(*p: float) -> float:
        return -float(np.log(np.where(Y == 1, p, 1 - np.array(p))).mean())

    assert name_plateau(loss(0.5, 0.5, 0.5, 0.5)) == "all tied"
    assert name_plateau(loss(1e-9, 2 / 3, 2 / 3, 2 / 3)) == "one corner"
    assert name_plateau(loss(1e-9, 1 - 1e-9, 0.5, 0.5)) == "two tied"


def test_every_start_is_counted_on_one_plateau() -> None:
    stack = dense_stack((2, 1), "relu", "sigmoid")
    weights = [np.array([0.0, 5.0]).reshape(2, 1, 1) * np.ones((2, 2, 1)), np.zeros((2, 1))]
    run = train(Recipe(stack, "binary_crossentropy", SGD(0.0), 1), X, Y, weights=weights, seed=0)
    counts = count_plateaus(run)
    assert list(counts) == list(PLATEAUS)
    assert counts == {**dict.fromkeys(PLATEAUS, 0), "all tied": 1, "still moving": 1}


def test_the_threshold_of_kata_12_rarely_fails_a_right_solution() -> None:
    assert false_fail_probability(8, 40, 0.54) == pytest.approx(2e-6, rel=0.2)
    assert false_fail_probability(8, 40, 0.50) == pytest.approx(2e-5, rel=0.2)


def test_false_fail_of_one_start_is_the_chance_to_miss_it() -> None:
    assert false_fail_probability(1, 1, 0.3) == pytest.approx(0.7)
    assert false_fail_probability(1, 3, 0.3) == pytest.approx(0.7**3)
    assert false_fail_probability(0, 3, 0.3) == 0


@pytest.mark.parametrize(("k", "n", "p"), [(4, 3, 0.5), (-1, 3, 0.5), (1, 0, 0.5), (1, 3, 1.5)])
def test_thresholds_that_make_no_sense_are_refused(k: int, n: int, p: float) -> None:
    with pytest.raises(BadInput):
        false_fail_probability(k, n, p)


def test_a_relu_unit_silent_on_all_rows_is_dead() -> None:
    stack = Stack(2, (Layer(2, "relu"), Layer(1, "sigmoid")))
    kernel = np.array([[[-1.0, 1.0], [-1.0, 1.0]]])
    weights = [kernel, np.zeros((1, 2)), np.ones((1, 2, 1)), np.zeros((1, 1))]
    hidden, output = dead_units(stack, weights, X)
    assert hidden.tolist() == [[True, False]]
    assert output.tolist() == [[False]]


def test_forward_is_the_arithmetic_of_the_course() -> None:
    stack = Stack(2, (Layer(1, "leaky_relu", slope=0.1), Layer(1, "linear", use_bias=False)))
    weights = [np.array([[[1.0], [-2.0]]]), np.array([[0.5]]), np.array([[[3.0]]])]
    hidden, out = forward(stack, weights, X)
    assert hidden.ravel().tolist() == pytest.approx([0.5, -0.15, 1.5, -0.05])
    assert out.ravel().tolist() == pytest.approx([1.5, -0.45, 4.5, -0.15])
