"""The engine against hand calculations, measured slopes and itself in other arrangements."""

import math
import os
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from grader.training import (
    ACTIVATIONS,
    SGD,
    Adam,
    Initializer,
    Layer,
    Recipe,
    RMSprop,
    Run,
    Stack,
    dense_stack,
    draw_starts,
    forward,
    shuffled_rows,
    train,
)
from tests.training_cases import NINE, X, Y, recipe_of


def bytes_of(run: Run) -> bytes:
    """Everything a run says, as bytes."""
    arrays = [*run.weights, run.loss, run.accuracy, run.best_accuracy, run.diverged_at, run.loss_history]
    return b"".join(array.tobytes() for array in arrays)


# One step by hand -----------------------------------------------------------------------------------------


def one_neuron(optimizer: SGD | Adam | RMSprop, epochs: int) -> list[float]:
    """Train w of prediction w * x on x = 2, y = 3 from w = 1; slope 2 * (2w - 3) * 2."""
    stack = Stack(1, (Layer(1, "linear", use_bias=False),))
    recipe = Recipe(stack, "mse", optimizer, epochs, dtype="float64")
    start = [np.ones((1, 1, 1))]
    run = train(recipe, np.array([[2.0]]), np.array([3.0]), weights=start, seed=0, record=range(epochs), film=[0])
    return [float(w) for w in run.film[0].ravel()]


def slope(w: float) -> float:
    """Slope of (2w - 3)^2."""
    return 4 * (2 * w - 3)


def test_sgd_subtracts_rate_times_slope() -> None:
    assert one_neuron(SGD(0.1), 1) == pytest.approx([1, 1 + 0.1 * 4], rel=1e-15)


def test_momentum_keeps_a_share_of_the_last_step() -> None:
    first = 1 + 0.1 * 4
    second = first + 0.9 * 0.4 - 0.1 * slope(first)
    assert one_neuron(SGD(0.1, momentum=0.9), 2) == pytest.approx([1, first, second], rel=1e-14)


def test_nesterov_looks_one_share_ahead() -> None:
    velocity = 0.4
    assert one_neuron(SGD(0.1, momentum=0.9, nesterov=True), 1) == pytest.approx(
        [1, 1 + 0.9 * velocity + 0.4], rel=1e-14
    )


def test_adams_first_step_is_the_rate_whatever_the_slope() -> None:
    # m = 0.1 g, v = 0.001 g^2, corrected rate 0.01 * sqrt(0.001) / 0.1
    m, v, alpha = 0.1 * -4, 0.001 * 16, 0.01 * math.sqrt(0.001) / 0.1
    assert one_neuron(Adam(0.01), 1)[1] == pytest.approx(1 - alpha * m / (math.sqrt(v) + 1e-7), rel=1e-12)
    assert one_neuron(Adam(0.01), 1)[1] == pytest.approx(1.01, rel=1e-6)


def test_rmsprop_has_epsilon_under_the_root() -> None:
    want = 1 + 0.01 * 4 / math.sqrt(0.1 * 16 + 1e-7)
    assert one_neuron(RMSprop(0.01), 1)[1] == pytest.approx(want, rel=1e-14)


# Slopes ---------------------------------------------------------------------------------------------------


def ends() -> list[tuple[str, str]]:
    """Pairs of loss and last activation that are covered."""
    losses = [("mse", name) for name in ACTIVATIONS]
    losses += [("binary_crossentropy", name) for name in ACTIVATIONS if name != "softmax"]
    return [*losses, ("categorical_crossentropy", "softmax")]


@pytest.mark.parametrize(("loss", "end"), ends())
@pytest.mark.parametrize("hidden", ACTIVATIONS)
def test_one_step_goes_down_the_measured_slope(hidden: str, loss: str, end: str) -> None:
    """SGD with rate 1 moves every weight by minus the central difference of the loss."""
    rng = np.random.default_rng(5)
    stack = Stack(3, (Layer(3, hidden), Layer(2, end)))
    x, y = rng.normal(size=(5, 3)), np.eye(2)[rng.integers(0, 2, 5)]
    recipe = Recipe(stack, loss, SGD(1.0), 1, dtype="float64")
    # Positive weights keep a linear or relu end inside 0 to 1 now and then, where clipping lets slopes pass.
    weights = [rng.uniform(0.05, 0.4, (1, *shape)) for shape in stack.shapes]
    after = train(recipe, x, y, weights=weights, seed=0).weights
    for index, array in enumerate(weights):
        measured = np.empty_like(array)
        for place in np.ndindex(array.shape):
            values = []
            for step in (1e-6, -1e-6):
                moved = [w.copy() for w in weights]
                moved[index][place] += step
                values.append(train(replace(recipe, epochs=0), x, y, weights=moved, seed=0).loss[0])
            measured[place] = (values[0] - values[1]) / 2e-6
        np.testing.assert_allclose(array - after[index], measured, rtol=1e-6, atol=1e-8, strict=True)


@pytest.mark.parametrize("hidden", ACTIVATIONS)
def test_forward_agrees_with_the_training_loop(hidden: str) -> None:
    """Two programs compute the prediction; their losses must be one."""
    stack = Stack(2, (Layer(3, hidden), Layer(1, "sigmoid")))
    weights = draw_starts(stack, 8, seed=1, dtype="float64")
    p = forward(stack, weights, X)[-1][:, :, 0]
    want = -(Y * np.log(p) + (1 - Y) * np.log(1 - p)).mean(axis=1)
    run = train(recipe_of(stack, epochs=0, dtype="float64"), X, Y, weights=weights, seed=0)
    np.testing.assert_allclose(run.loss, want, rtol=1e-12, strict=True)
    np.testing.assert_array_equal(run.accuracy, ((p > 0.5) == Y).mean(axis=1), strict=True)


# Starting weights -----------------------------------------------------------------------------------------

FAN_IN, FAN_OUT, MANY = 30, 20, 400


def drawn(rule: Initializer) -> np.ndarray:
    """Draw 240,000 numbers by one rule."""
    stack = Stack(FAN_IN, (Layer(FAN_OUT, "linear", kernel=rule),))
    return draw_starts(stack, MANY, seed=0, dtype="float64")[0]


@pytest.mark.parametrize(
    ("name", "limit"),
    [("glorot_uniform", math.sqrt(6 / (FAN_IN + FAN_OUT))), ("he_uniform", math.sqrt(6 / FAN_IN))],
)
def test_uniform_rules_fill_keras_limits(name: str, limit: float) -> None:
    values = drawn(Initializer(name))
    assert np.abs(values).max() <= limit
    assert np.abs(values).max() == pytest.approx(limit, rel=1e-3)
    assert values.std() == pytest.approx(limit / math.sqrt(3), rel=0.01)


@pytest.mark.parametrize(
    ("name", "stddev"),
    [("glorot_normal", math.sqrt(2 / (FAN_IN + FAN_OUT))), ("he_normal", math.sqrt(2 / FAN_IN))],
)
def test_normal_rules_are_cut_at_two_deviations_and_keep_their_spread(name: str, stddev: float) -> None:
    values = drawn(Initializer(name))
    assert values.std() == pytest.approx(stddev, rel=0.01)
    assert np.abs(values).max() <= 2 * stddev / 0.87962566103423978
    assert values.mean() == pytest.approx(0, abs=5 * stddev / math.sqrt(values.size))


def test_plain_rules_use_their_own_arguments() -> None:
    assert drawn(Initializer("random_normal", mean=1, stddev=0.2)).std() == pytest.approx(0.2, rel=0.01)
    uniform = drawn(Initializer("random_uniform", minval=2, maxval=3))
    assert (uniform.min() >= 2, uniform.max() < 3) == (True, True)
    assert set(drawn(Initializer("zeros")).ravel()) == {0.0}
    assert set(drawn(Initializer("ones")).ravel()) == {1.0}
    assert set(drawn(Initializer("constant", value=0.25)).ravel()) == {0.25}


def test_biases_follow_their_own_rule() -> None:
    stack = Stack(2, (Layer(2, "relu", bias=Initializer("constant", value=0.1)),))
    assert set(draw_starts(stack, 3, seed=0, dtype="float64")[1].ravel()) == {0.1}


def test_a_start_does_not_depend_on_how_many_there_are() -> None:
    few, many = (draw_starts(NINE, count, seed=4, dtype="float32") for count in (3, 50))
    assert all((a == b[:3]).all() for a, b in zip(few, many, strict=True))


def test_float32_and_float64_begin_at_the_same_point() -> None:
    single, double = (draw_starts(NINE, 5, seed=4, dtype=dtype) for dtype in ("float32", "float64"))
    assert all((a == b.astype("float32")).all() for a, b in zip(single, double, strict=True))


# The same bytes -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("batches", [{}, {"batch_size": 3}, {"batch_size": 3, "shuffle": True}], ids=str)
@pytest.mark.parametrize("widths", [(2, 2, 1), (2, 9, 17, 1)], ids=str)
def test_chunks_do_not_change_a_byte(widths: tuple[int, ...], batches: dict[str, object]) -> None:
    recipe = recipe_of(dense_stack(widths, "tanh", "sigmoid"), **batches)
    weights = draw_starts(recipe.stack, 37, seed=2, dtype="float32")
    runs = [train(recipe, X, Y, weights=weights, seed=2, record=[3], chunk=chunk) for chunk in (1, 7, 16, 37)]
    assert len({bytes_of(run) for run in runs}) == 1


def test_one_start_alone_gives_the_bytes_it_gives_in_company() -> None:
    weights = draw_starts(NINE, 40, seed=2, dtype="float32")
    together = train(recipe_of(), X, Y, weights=weights, seed=0)
    alone = train(recipe_of(), X, Y, weights=[array[7:8] for array in weights], seed=0)
    assert all((a[7] == b[0]).all() for a, b in zip(together.weights, alone.weights, strict=True))


def test_threads_do_not_change_a_byte() -> None:
    program = (
        "import hashlib, numpy as np\n"
        "from grader.training import *\n"
        "stack = dense_stack((2, 30, 30, 1), 'tanh', 'sigmoid')\n"
        "x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]); y = np.array([0, 1, 1, 0])\n"
        "recipe = Recipe(stack, 'binary_crossentropy', Adam(0.01), 20)\n"
        "run = train(recipe, x, y, weights=draw_starts(stack, 64, seed=0, dtype='float32'), seed=0)\n"
        "print(hashlib.sha256(b''.join(w.tobytes() for w in run.weights)).hexdigest())\n"
    )
    seen = set()
    for threads in ("1", "4"):
        names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
        env = {**os.environ, **dict.fromkeys(names, threads)}
        seen.add(subprocess.run([sys.executable, "-c", program], env=env, capture_output=True, check=True).stdout)
    assert len(seen) == 1


def test_a_longer_run_passes_through_the_shorter_ones_end() -> None:
    weights = draw_starts(NINE, 4, seed=2, dtype="float32")
    short = train(recipe_of(epochs=600), X, Y, weights=weights, seed=0)
    long = train(recipe_of(epochs=1300), X, Y, weights=weights, seed=0, record=[600], film=range(4))
    assert (long.loss_history[0] == short.loss).all()
    assert all((a[0] == b).all() for a, b in zip(long.film, short.weights, strict=True))


# Batches --------------------------------------------------------------------------------------------------


def test_a_batch_as_large_as_the_data_is_the_full_batch() -> None:
    weights = draw_starts(NINE, 4, seed=2, dtype="float32")
    runs = [train(recipe_of(batch_size=size), X, Y, weights=weights, seed=0) for size in (None, 4, 32)]
    assert len({bytes_of(run) for run in runs}) == 1


def test_batches_of_one_in_order_are_four_single_steps() -> None:
    weights = draw_starts(NINE, 3, seed=2, dtype="float64")
    recipe = recipe_of(optimizer=SGD(0.5), epochs=1, batch_size=1, dtype="float64")
    whole = train(recipe, X, Y, weights=weights, seed=0)
    step_by_step = weights
    for row in range(4):
        single = train(recipe, X[row : row + 1], Y[row : row + 1], weights=step_by_step, seed=0)
        step_by_step = single.weights
    assert all((a == b).all() for a, b in zip(whole.weights, step_by_step, strict=True))


def test_orders_are_permutations_that_differ_by_start_epoch_and_seed() -> None:
    starts = np.arange(200)
    order = shuffled_rows(5, starts, seed=1, epoch=0)
    assert (np.sort(order, axis=0) == np.arange(5)[:, None]).all()
    assert len({tuple(column) for column in order.T}) > 60
    assert (order != shuffled_rows(5, starts, seed=1, epoch=1)).any()
    assert (order != shuffled_rows(5, starts, seed=2, epoch=0)).any()
    assert (order[:, 3:5] == shuffled_rows(5, starts[3:5], seed=1, epoch=0)).all()


def test_every_row_is_equally_often_first() -> None:
    first = shuffled_rows(4, np.arange(8000), seed=0, epoch=3)[0]
    assert np.bincount(first).tolist() == pytest.approx([2000] * 4, abs=200)


# What a run reports ---------------------------------------------------------------------------------------


def test_history_holds_the_epochs_asked_for_and_the_last() -> None:
    weights = draw_starts(NINE, 3, seed=2, dtype="float32")
    run = train(recipe_of(), X, Y, weights=weights, seed=0, record=[4, 0, 4], film=[2])
    assert run.epochs.tolist() == [0, 4, 10]
    assert run.loss_history.shape == run.accuracy_history.shape == (3, 3)
    assert [array.shape for array in run.film] == [(3, 1, 2, 2), (3, 1, 2), (3, 1, 2, 1), (3, 1, 1)]
    assert (run.film[0][0, 0] == weights[0][2]).all()


def test_best_accuracy_of_every_epoch_is_that_of_a_full_record() -> None:
    weights = draw_starts(NINE, 64, seed=3, dtype="float32")
    for batches in ({}, {"batch_size": 3}):
        recipe = recipe_of(epochs=60, **batches)
        watched = train(recipe, X, Y, weights=weights, seed=0, every_epoch=True)
        recorded = train(recipe, X, Y, weights=weights, seed=0, record=range(60))
        assert (watched.best_accuracy == recorded.accuracy_history.max(axis=0)).all()
        assert (watched.best_accuracy == recorded.best_accuracy).all()


def test_one_neuron_never_answers_more_than_three_rows_even_on_the_fence() -> None:
    stack = dense_stack((2, 1), "relu", "sigmoid")
    weights = draw_starts(stack, 256, seed=0, dtype="float32")
    run = train(recipe_of(stack, optimizer=Adam(0.001), epochs=8000), X, Y, weights=weights, seed=0, every_epoch=True)
    assert run.best_accuracy.max() == 0.75


def test_the_lectures_nine_parameters_solve_xor_from_half_of_the_starts() -> None:
    weights = draw_starts(NINE, 256, seed=0, dtype="float32")
    recipe = recipe_of(optimizer=Adam(0.001), epochs=4000)
    run = train(recipe, X, Y, weights=weights, seed=0, record=[2000])
    early, late = (run.accuracy_history == 1).mean(axis=1)
    assert (0.15 < early < 0.35, 0.4 < late < 0.62) == (True, True)


def test_progress_counts_up_to_all_start_epochs() -> None:
    calls: list[tuple[int, int]] = []
    weights = draw_starts(NINE, 20, seed=0, dtype="float32")
    train(
        recipe_of(epochs=1200),
        X,
        Y,
        weights=weights,
        seed=0,
        chunk=16,
        progress=lambda done, total: calls.append((done, total)),
    )
    assert calls[-1] == (24_000, 24_000)
    assert [done for done, _ in calls] == sorted(done for done, _ in calls)
