"""Runs that leave the numbers, and input that cannot be trained: each named, start by start."""

import math

import numpy as np
import pytest

from grader.errors import BadInput, Unsupported, UsageError
from grader.training import SGD, Initializer, Layer, Recipe, Run, Stack, dense_stack, draw_starts, memory, train
from tests.training_cases import NINE, X, Y, recipe_of


def line(rate: float, epochs: int, starts: list[float]) -> Run:
    """Fit y = 2x + 1 from several w, with a rate that may be too large."""
    stack = Stack(1, (Layer(1, "linear"),))
    x = np.arange(4.0)[:, None]
    weights = [np.array(starts).reshape(-1, 1, 1), np.zeros((len(starts), 1))]
    recipe = Recipe(stack, "mse", SGD(rate), epochs)
    return train(recipe, x, 2 * x[:, 0] + 1, weights=weights, seed=0, record=[0])


def test_a_run_that_left_the_numbers_is_diverged_not_unsolved() -> None:
    run = line(0.3, 2000, [0.0, 1.0])
    assert run.diverged.all()
    assert not run.solved.any()
    assert np.isnan([*run.loss, *run.accuracy]).all()
    assert (run.diverged_at < 2000).all()
    assert np.isfinite(run.loss_history[0]).all()


def test_a_run_whose_loss_exploded_but_is_finite_is_diverged() -> None:
    assert line(0.3, 40, [0.0]).diverged_at.tolist() == [40]


def test_divergence_is_told_start_by_start() -> None:
    stack = Stack(1, (Layer(1, "linear", use_bias=False),))
    # The slope is (w x - y) x, so a start that already is right does not move, whatever the rate.
    weights = [np.array([2.0, 0.0]).reshape(2, 1, 1)]
    x = np.array([[1.0], [2.0]])
    run = train(Recipe(stack, "mse", SGD(10.0), 500), x, 2 * x[:, 0], weights=weights, seed=0)
    assert run.diverged.tolist() == [False, True]
    assert run.loss[0] == 0


def test_zero_units_are_named() -> None:
    with pytest.raises(BadInput, match="units is 0"):
        Layer(0, "relu")


@pytest.mark.parametrize("widths", [(2,), (0, 1), (2, -1)], ids=str)
def test_impossible_widths_are_refused(widths: tuple[int, ...]) -> None:
    with pytest.raises(BadInput):
        dense_stack(widths, "relu", "sigmoid")


@pytest.mark.parametrize(
    ("make", "part"),
    [
        (lambda: Layer(2, "gelu"), "gelu"),
        (lambda: Initializer("lecun_normal"), "lecun_normal"),
        (lambda: recipe_of(loss="hinge"), "hinge"),
        (lambda: recipe_of(optimizer="adam"), "adam"),
        (lambda: recipe_of(dtype="float16"), "float16"),
        (lambda: recipe_of(dense_stack((2, 2), "relu", "softmax")), "softmax"),
        (
            lambda: recipe_of(dense_stack((2, 2), "relu", "sigmoid"), loss="categorical_crossentropy"),
            "sigmoid",
        ),
        (lambda: Layer(2, "leaky_relu", slope=1.5), "leaky_relu"),
    ],
)
def test_what_is_not_covered_is_named(make: object, part: str) -> None:
    with pytest.raises(Unsupported, match=part):
        make()  # type: ignore[operator]  # each row is a function


def start_with(value: float) -> list[np.ndarray]:
    """Three starts, the second of which holds value."""
    weights = draw_starts(NINE, 3, seed=0, dtype="float32")
    weights[2][1, 0, 0] = value
    return weights


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_a_start_that_is_no_number_is_named(value: float) -> None:
    with pytest.raises(BadInput, match=r"Start 1 .* array 2"):
        train(recipe_of(), X, Y, weights=start_with(value), seed=0)


@pytest.mark.parametrize(
    ("x", "y", "words"),
    [
        (X, np.zeros(3), r"y has shape \(3,\); \(4, 1\)"),
        (X, np.zeros((4, 2)), r"y has shape \(4, 2\)"),
        (np.zeros((4, 3)), Y, r"x has shape \(4, 3\)"),
        (np.zeros((0, 2)), np.zeros(0), r"x has shape \(0, 2\)"),
        (X, Y * 2, "outside 0 to 1"),
        (X * math.nan, Y, "x contains nan"),
        (X, np.array(["a", "b", "c", "d"]), "y cannot be read"),
    ],
)
def test_data_that_does_not_fit_is_named(x: np.ndarray, y: np.ndarray, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        train(recipe_of(), x, y, weights=draw_starts(NINE, 2, seed=0, dtype="float32"), seed=0)


def test_rows_that_are_not_one_hot_are_named() -> None:
    stack = dense_stack((2, 2), "relu", "softmax")
    recipe = recipe_of(stack, loss="categorical_crossentropy")
    with pytest.raises(BadInput, match="add up to 1"):
        train(recipe, X, np.ones((4, 2)), weights=draw_starts(stack, 2, seed=0, dtype="float32"), seed=0)


def test_starting_arrays_that_do_not_fit_are_named() -> None:
    weights = draw_starts(NINE, 2, seed=0, dtype="float32")
    with pytest.raises(BadInput, match="3 starting arrays"):
        train(recipe_of(), X, Y, weights=weights[:3], seed=0)
    with pytest.raises(BadInput, match="Starting array 0 has shape"):
        train(recipe_of(), X, Y, weights=[weights[0][:, :1], *weights[1:]], seed=0)


def test_more_memory_than_is_free_is_refused_with_both_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "free_bytes", lambda: 2048)
    weights = draw_starts(NINE, 100, seed=0, dtype="float32")
    with pytest.raises(UsageError) as refused:
        train(recipe_of(), X, Y, weights=weights, seed=0)
    assert refused.value.text == "too_much_memory"
    assert (refused.value.values["starts"], refused.value.values["free"]) == ("100", "2 KB")


def test_a_run_of_more_epochs_than_memory_could_list_begins() -> None:
    class Seen(Exception):
        pass

    def stop(done: int, total: int) -> None:
        raise Seen(done, total)

    weights = draw_starts(NINE, 1, seed=0, dtype="float32")
    with pytest.raises(Seen):
        train(recipe_of(epochs=10**12), X, Y, weights=weights, seed=0, progress=stop)


@pytest.mark.parametrize("wrong", [{"record": [11]}, {"record": [-1]}, {"film": [2]}, {"chunk": 0}], ids=str)
def test_numbers_out_of_range_are_refused(wrong: dict[str, object]) -> None:
    weights = draw_starts(NINE, 2, seed=0, dtype="float32")
    with pytest.raises(BadInput):
        train(recipe_of(), X, Y, weights=weights, seed=0, **wrong)  # type: ignore[arg-type]  # one wrong field


def test_starts_and_seeds_below_their_least_are_refused() -> None:
    for count, seed in ((0, 0), (1, -1)):
        with pytest.raises(BadInput):
            draw_starts(NINE, count, seed=seed, dtype="float32")
