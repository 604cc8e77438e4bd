"""What kata 12 judges with: the engine's steps, the weights made by hand, and bounds that luck does not cross."""

import importlib.util

import numpy as np
import pytest

from grader import training
from grader.sandbox import stand_ins
from perceptron.train_xor import xor_net
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def hidden_checks():
    path = ROOT / "solutions" / "12_train_xor" / "test_train_xor_hidden.py"
    spec = importlib.util.spec_from_file_location("kata_12_hidden", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def draw(rng, hidden, width=1.0):
    return [rng.normal(0, width, shape) for shape in xor_net.shapes(hidden)]


def test_measured_slopes_are_those_of_the_chain_rule():
    rng = np.random.default_rng(0)
    for hidden, width in ((1, 1.0), (2, 1.0), (5, 1.0), (2, 6.0)):
        weights = draw(rng, hidden, width)
        h, p = xor_net.outputs(weights, xor_net.X)
        by_z2 = (p - xor_net.Y) / 4
        by_z1 = by_z2 @ weights[2].T * h * (1 - h)
        chain = [xor_net.X.T @ by_z1, by_z1.sum(axis=0), h.T @ by_z2, by_z2.sum(axis=0)]
        for measured, derived in zip(xor_net.measured_slopes(weights, xor_net.X, xor_net.Y), chain, strict=True):
            np.testing.assert_allclose(measured, derived, rtol=1e-9, atol=1e-13)


def test_the_engine_takes_the_steps_of_the_measured_slopes():
    start = draw(np.random.default_rng(1), 3)
    frames, losses = xor_net.follow(start, lr=0.5, epochs=4)
    assert len(frames) == len(losses) == 5
    for here, there, loss in zip(frames, frames[1:], losses, strict=False):
        assert loss == pytest.approx(float(xor_net.loss_of(here, xor_net.X, xor_net.Y)), abs=1e-12)
        slopes = xor_net.measured_slopes(here, xor_net.X, xor_net.Y)
        for old, new, slope in zip(here, there, slopes, strict=True):
            np.testing.assert_allclose(new, old - 0.5 * slope, rtol=0, atol=1e-9)


@pytest.mark.parametrize("kind", xor_net._KINDS)
@pytest.mark.parametrize("hidden", [2, 4])
@pytest.mark.parametrize("seed", range(20))
def test_weights_made_by_hand_end_where_their_name_says(kind, hidden, seed):
    weights, losses = xor_net.trained_to(kind, np.random.default_rng(seed), hidden)
    word = kind.split(",")[0]
    solved = xor_net.accuracy_of(weights) == 1
    assert solved == (word == "solved")
    assert training.name_plateau(losses[-1], solved=solved) == word


def test_weights_made_by_hand_are_others_for_another_file():
    one, other = (xor_net.trained_to("solved", np.random.default_rng(seed)) for seed in (0, 1))
    assert not all(np.array_equal(*pair) for pair in zip(one[0], other[0], strict=True))


def test_equal_units_are_seen_in_any_order_and_unequal_ones_are_not():
    weights = draw(np.random.default_rng(2), 4)
    assert not xor_net.has_twins(weights)
    for part in (weights[0].T, weights[1], weights[2]):
        part[3] = part[1]
    assert xor_net.has_twins(weights)


@pytest.mark.parametrize("hidden", [2, 4])
def test_a_right_start_fails_the_count_less_than_once_in_500_000(hidden_checks, hidden):
    least, count = {2: (hidden_checks.LEAST_OF_40, 40), 4: (hidden_checks.LEAST_OF_20_WIDE, 20)}[hidden]
    rng = np.random.default_rng(3)
    shapes = xor_net.shapes(hidden)
    # The two ends of what counts as right: as wide as the docstring says, and twice as wide as it means.
    for width in ("uniform", "normal"):
        starts = [
            rng.uniform(-1, 1, (800, *shape)) if width == "uniform" else rng.normal(0, 2, (800, *shape))
            for shape in shapes
        ]
        run = training.train(
            xor_net._recipe(hidden, xor_net.LONG_LR, xor_net.LONG_EPOCHS),
            xor_net.X,
            xor_net.Y,
            weights=starts,
            seed=0,
        )
        # 0.02 is one standard error of a share of 800 starts.
        share = float(run.solved.mean())
        assert training.false_fail_probability(least, count, share - 0.02) <= 2e-6, (width, share)


def test_the_stand_ins_calculate_and_look_up():
    f = stand_ins.make("polynomial", [[2.0, 1, 1], [-1.0, 0, 2]]).value
    assert f(3.0, 4.0) == 2 * 3 * 4 - 16
    made = stand_ins.make("training_table", {(0, 2): "a", (0, 4): "b", None: "other"})
    table = made.value
    assert [table(0), table(seed=0, hidden=4), table(1, 2, epochs=5)] == ["a", "b", "other"]
    assert made.read() == [(0, 2), (0, 4), (1, 2)]
