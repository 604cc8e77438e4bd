"""Hidden checks of kata 12: any neuron, any weights, any rows, and how many starts a right training solves."""

import numpy as np
import pytest

from grader import expect
from perceptron.train_xor import neuron, xor_net
from perceptron.train_xor.xor_net import X, Y

# A right start must not fail by luck. The smallest share counted for a right rule is 0.52, for normal(0, 2), and
# training.false_fail_probability(6, 40, 0.5) is 7e-7; for uniform(-1, 1) it is below 1e-15. With four hidden units the
# smallest share is 0.95, and false_fail_probability(12, 20, 0.95) is 2e-7. tests/test_xor_net.py counts again.
LEAST_OF_40, LEAST_OF_20_WIDE = 6, 12
LONGEST = 640


@pytest.mark.check(points=0.2, step=1, needs="slope_by_z")
def test_slope_any(student):
    """The slope by z is the measured one for sums near 0 and far from it"""
    rng = student.rng
    neuron.check_slope(student, [*rng.uniform(-8, 8, 6), *rng.uniform(-0.2, 0.2, 2)], tag="other_z")


@pytest.mark.check(points=0.3, step=1, needs="neuron_steps")
def test_neuron_any(student):
    """Any four labels, any start: train_neuron takes the steps of gradient descent to the end"""
    rng = student.rng
    for epochs, width in ((5, 1.5), (300, 3.0)):
        for labels in (rng.permutation([0, 0, 0, 1]), rng.permutation([0, 0, 1, 1]), (1, 0, 0, 1)):
            asked = neuron.draw_start(rng, labels, float(rng.uniform(0.2, 2.5)), width=width)
            neuron.check_training(student, asked, epochs, tag="other_neuron")


@pytest.mark.check(points=1.0, step=3, needs="backward_hidden")
def test_gradient_any(student):
    """All slopes are the measured ones for weights small and large"""
    rng = student.rng
    for width in (0.1, 1.0, 3.0):
        for _ in range(2):
            weights = [rng.normal(0, width, shape) for shape in xor_net.shapes(2)]
            xor_net.check_slopes(student, weights, X, Y, "other_weights_slopes")


@pytest.mark.check(points=0.6, step=3, needs="backward_output")
def test_gradient_shapes(student):
    """All slopes are the measured ones for other rows, labels and numbers of hidden units"""
    rng = student.rng
    for hidden, rows in ((3, 4), (1, 7), (5, 1)):
        x = rng.normal(0, 1, (rows, 2))
        y = rng.integers(0, 2, (rows, 1)).astype(float)
        weights = [rng.normal(0, 1.0, shape) for shape in xor_net.shapes(hidden)]
        xor_net.check_slopes(student, weights, x, y, "other_shapes")


@pytest.mark.check(points=0.2, step=2, needs="init")
def test_seeds(student):
    """Every seed gives another start, with hidden units that all differ"""
    if sum(xor_net.accuracy_of(start) == 1 for start in xor_net.ask_starts(student, range(12), 2)) > 6:
        expect.fail("start_solved")
    starts = xor_net.ask_starts(student, range(12), 5)
    if any(xor_net.has_twins(start) for start in starts):
        expect.fail("symmetric_start")
    if len({tuple(np.concatenate([part.ravel() for part in start])) for start in starts}) < 12:
        expect.fail("seed_unused")


@pytest.mark.check(points=0.8, step=4, needs="follow")
def test_solved_share(student):
    """Enough of 40 starts end solved, and train itself solves one (fails by bad luck less than once in 500 000 runs)"""
    run = xor_net.extrapolate(student, 2, count=40)
    if int(run.solved.sum()) < LEAST_OF_40:
        expect.fail("few_solved")
    # The start that gets furthest, so that the last digits do not decide.
    best, epochs = int(np.nanargmin(run.loss)), xor_net.LONG_EPOCHS
    weights, losses = xor_net.read_training(student.train(best, 2, epochs, xor_net.LONG_LR), 2, epochs, asked="train")
    if xor_net.accuracy_of(weights) < 1 or not losses[-1] < 0.1:
        expect.fail("later_steps")
    # Longer than any training so far: all the epochs that were asked for.
    xor_net.check_end(student, best, 2, epochs=LONGEST, lr=0.5)


@pytest.mark.check(points=0.3, step=4, needs="follow")
def test_wider(student):
    """With four hidden units train goes the same way, and nearly every start ends solved"""
    start = xor_net.ask_start(student, 1, 4)
    frames, _ = xor_net.follow(start, lr=xor_net.LONG_LR, epochs=3)
    for epochs, tag in ((0, "other_start"), (3, "later_steps")):
        weights, _ = xor_net.read_training(student.train(1, 4, epochs, xor_net.LONG_LR), 4, epochs, asked="train")
        if not all(np.allclose(*pair, rtol=0, atol=1e-6) for pair in zip(weights, frames[epochs], strict=True)):
            expect.fail(tag, asked="train")
    if int(xor_net.extrapolate(student, 4, count=20).solved.sum()) < LEAST_OF_20_WIDE:
        expect.fail("few_solved")


@pytest.mark.check(points=0.6, step=5, needs="until_solved")
def test_until_any(student):
    """Other trainings too: train_until_solved finds the first solved one, gives up in time, and passes hidden on"""
    kinds = ["two tied", "all tied", "still moving", "still moving, OR", "one corner"]
    rng = student.rng
    order = [kinds[i] for i in rng.permutation(len(kinds))]
    for first in (0, 4):
        xor_net.check_search(student, [*order[:first], "solved", "solved"], rng, hidden=2, most=40)
    xor_net.check_search(student, [*order, "solved"], rng, hidden=2, most=5)
    xor_net.check_search(student, [order[0], "solved, barely"], rng, hidden=4, most=3)
