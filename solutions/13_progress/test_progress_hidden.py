"""Hidden checks of kata 13: other counts, other numbers of epochs, a bar that keeps up and is always closed."""

import math

import numpy as np
import pytest

from grader import expect
from perceptron.progress.rehearsal import BATCH_SIZE, follow, rehearse


def data(student, rows=4):
    rng = student.rng
    return rng.normal(0, 1, (rows, 2)), rng.normal(0, 1, rows)


@pytest.mark.check(points=0.4, step=1)
def test_updates_any(student):
    """n_updates counts any training, also with a smaller last batch, one large batch or no epoch"""
    rng = student.rng
    cases = [(3, 32, 4), (10, 4, 0), (1, 1, 1), *rng.integers([6, 2, 2], [400, 40, 60], (12, 3)).tolist()]
    for (n, batch, epochs), answer in zip(cases, student.n_updates.each(cases), strict=True):
        got = expect.number(answer, asked="n_updates")
        if got != math.ceil(n / batch) * epochs:
            expect.fail("floor" if got == n // batch * epochs else "last_batch_or_epochs")


@pytest.mark.check(points=0.5, step=2)
def test_any_epochs(student):
    """train_with_bar works for other data and other numbers of epochs"""
    for epochs, rows in zip((1, *student.rng.integers(11, 30, 2).tolist()), (4, 5, 9), strict=True):
        inputs, targets = data(student, rows)
        run = rehearse(student, inputs, targets, epochs, fails_at=None)
        wanted, weights, _ = follow(inputs, targets, epochs)
        if run.epochs != epochs:
            expect.fail("other_epochs")
        if any(size != BATCH_SIZE or verbose != 0 for size, verbose in run.of("fit")):
            expect.fail("other_fit")
        if run.of("compile") or run.of("set_weights"):
            expect.fail("resets")
        handed_back = expect.numbers(run.losses)
        if handed_back is None or handed_back.shape != wanted.shape:
            expect.fail("losses_differ")
        expect.close(handed_back, wanted, rtol=1e-6, atol=1e-9, asked=run.asked, tag="losses_differ")
        # Other data lead elsewhere, too; only behind the right losses something else has touched the model.
        if not np.allclose(run.weights, weights, rtol=1e-6, atol=1e-9):
            expect.fail("resets")
        if run.of("bar") != [(0, epochs)] or run.position != epochs:
            expect.fail("other_bar")


@pytest.mark.check(points=0.5, step=3)
def test_live(student):
    """The bar is never more than 5 epochs away from the training"""
    run = rehearse(student, *data(student), 24, fails_at=None)
    if run.epochs != 24 or not run.of("bar"):
        expect.fail("other_bar")
    if run.farthest > 5:
        expect.fail("bar_far")


@pytest.mark.check(points=0.5, step=3)
def test_closes(student):
    """The bar is closed at the end, and also when fit stops with an error"""
    inputs, targets = data(student)
    for fails_at, tag in ((None, "not_closed"), (6, "not_closed_after_error")):
        run = rehearse(student, inputs, targets, 12, fails_at=fails_at)
        if run.epochs != (12 if fails_at is None else fails_at) or not run.of("bar"):
            expect.fail("other_bar")
        if run.failed != (fails_at is not None):
            expect.fail("error_swallowed")
        if {number for number, _ in run.of("bar")} - {number for (number,) in run.of("close")}:
            expect.fail(tag)


@pytest.mark.check(points=0.5, step=3)
def test_no_epochs(student):
    """With epochs=0 nothing is trained, no loss comes back, and the bar is closed at 0 of 0"""
    run = rehearse(student, *data(student), 0, fails_at=None)
    losses = run.losses.tolist() if hasattr(run.losses, "tolist") else run.losses
    if run.epochs or not isinstance(losses, (list, tuple)) or len(losses):
        expect.fail("none_is_none")
    if run.of("bar") != [(0, 0)] or run.position or not run.of("close"):
        expect.fail("none_is_none")
