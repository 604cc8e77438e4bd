"""Kata 09 names shelves and shows recorded curves: both have to be what the training engine says."""

import importlib.util

import numpy as np
import pytest

from grader.training import statistics
from grader.training.loop import train
from grader.training.spec import Adam, Recipe, dense_stack
from grader.training.starts import draw_starts
from tests.conftest import ROOT

X, Y = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([0, 1, 1, 0])


@pytest.fixture(scope="module")
def checks():
    path = ROOT / "exercises" / "09_plateaus" / "test_plateaus.py"
    spec = importlib.util.spec_from_file_location("kata_09_checks", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_kata_and_the_engine_name_every_loss_alike(checks):
    for loss in np.arange(0, 1.5, 0.0007).tolist():
        assert checks.right_name(loss) == statistics.name_plateau(loss), loss


@pytest.mark.parametrize(
    ("curve", "widths", "rate", "start"),
    [("2 -> 1", (2, 1), 0.001, 2), ("2 -> 1 -> 1", (2, 1, 1), 0.005, 5), ("2 -> 2 -> 1", (2, 2, 1), 0.005, 4)],
)
def test_the_recorded_curves_can_be_made_again(checks, curve, widths, rate, start):
    stack = dense_stack(widths, "sigmoid", "sigmoid")
    weights = draw_starts(stack, 12, seed=0, dtype="float32")
    recipe = Recipe(stack, "binary_crossentropy", Adam(rate), 8000)
    run = train(recipe, X, Y, weights=weights, seed=0, record=checks.EPOCHS)
    # Another processor may round exp differently, and 8000 epochs carry that on.
    assert run.loss_history[:, start] == pytest.approx(checks.CURVES[curve], abs=1e-3)
