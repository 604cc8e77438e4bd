"""The one neuron of kata 12: what it is judged with, what it shows, and a file that is older than it."""

import re

import numpy as np
import pytest

from grader import training
from grader.authoring.stub import strip_markers
from grader.bank.kata import load_kata
from grader.intake import Submission
from grader.judge.judge import Judge, isolation_for_trusted_code
from grader.result import Outcome
from perceptron.train_xor import neuron
from tests.conftest import ROOT

KATA = load_kata(ROOT / "exercises" / "12_train_xor")
OF_THE_NEURON = {"slope_by_z", "neuron_steps", "neuron_learns", "slope_any", "neuron_any"}


@pytest.mark.parametrize("gate", neuron.GATES)
def test_the_steps_are_those_of_the_training_engine(gate):
    asked = neuron.draw_start(np.random.default_rng(4), neuron.GATES[gate], 0.7)
    recipe = training.Recipe(
        training.dense_stack((2, 1), "sigmoid", "sigmoid"),
        "binary_crossentropy",
        training.SGD(asked.lr),
        9,
        dtype="float64",
    )
    start = [asked.w[None, :, None], np.array([[asked.b]])]
    run = training.train(recipe, neuron.X, asked.y[:, None], weights=start, seed=0, record=range(9))
    places, losses = neuron.follow(asked, 9)
    np.testing.assert_allclose(places[-1][0], run.weights[0][0, :, 0], rtol=0, atol=1e-12)
    np.testing.assert_allclose(places[-1][1], run.weights[1][0, 0], rtol=0, atol=1e-12)
    np.testing.assert_allclose(losses, run.loss_history[:, 0], rtol=0, atol=1e-12)


@pytest.mark.parametrize("seed", range(20))
def test_the_rows_of_and_or_and_nand_are_learned_and_those_of_xor_end_at_one_half(seed):
    rng = np.random.default_rng(seed)
    for gate in ("AND", "OR", "NAND"):
        places, _ = neuron.follow(neuron.draw_start(rng, neuron.GATES[gate], 2.0), 200)
        assert [int(p > 0.5) for p in neuron.answers(places[-1])] == list(neuron.GATES[gate])
    places, losses = neuron.follow(neuron.draw_start(rng, neuron.GATES["XOR"], 2.0, width=3), 200)
    np.testing.assert_allclose(neuron.answers(places[-1]), 0.5, atol=1e-4)
    assert round(losses[-1], 4) == 0.6931


def test_a_file_from_before_the_neuron_loses_its_points_alone_and_is_told_the_name():
    reference = strip_markers((KATA.solution / "train_xor.py").read_text("utf-8"))
    older = re.sub(r"def row_loss.*?(?=SHELVES)", "", reference, flags=re.DOTALL)
    assert "neuron" not in older.split('"""')[2]
    with Judge((KATA,), isolation=isolation_for_trusted_code()) as judge:
        result = judge.grade(Submission("s", {KATA.name: older.encode()})).katas[0]
    lost = {check.id for check in result.checks if check.outcome is not Outcome.PASSED}
    assert lost == OF_THE_NEURON
    assert result.score == pytest.approx(8.5)
    told = {check.tag for check in result.checks if check.outcome is not Outcome.PASSED}
    assert told == {"missing_name", "blocked"}
