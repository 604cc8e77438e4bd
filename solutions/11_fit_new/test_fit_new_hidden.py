"""Hidden checks of kata 11: what has to hold on any data, for any lr and seed."""

import numpy as np
import pytest

from grader import expect
from perceptron.fit_new import line_fit

X = np.array([0.0, 1.0, 2.0, 3.0])
Y = 2 * X + 1


@pytest.mark.check(points=0.4, step=1, needs="note_one_step[x=3]")
def test_note_anywhere(student):
    """note_step is the lecture's update for other numbers too, negative predictions included"""
    for w, b, x, y in student.rng.normal(0, 2, (6, 4)):
        answer = line_fit.note_step(student, w, b, x, y, 0.03)
        step = 0.03 * (y - (w * x + b)) / (w * x + b)
        expect.close(list(answer), [w + step, b + step], rtol=1e-9, atol=1e-9, asked="note_step")


@pytest.mark.check(points=0.4, step=1, needs="note_one_step[x=1]")
def test_note_runs_away(student):
    """Where the lecture's update breaks, note_step breaks with it: targets of -1 and 0"""
    # Neither walk comes near a prediction of 0, where the last digit would decide what follows.
    for w, b, y, lr, steps in ((-1.0, -1.0, -1, 0.5, 10), (0.35, 0.3, 0, 0.1, 6)):
        want_w, want_b = w, b
        for _ in range(steps):
            w, b = line_fit.note_step(student, w, b, 1, y, lr)
            change = lr * (y - (want_w + want_b)) / (want_w + want_b)
            want_w, want_b = want_w + change, want_b + change
        expect.close([w, b], [want_w, want_b], rtol=1e-6, atol=1e-6, asked="note_step, many times")


@pytest.mark.check(points=0.4, step=2, needs="first_step")
def test_same_seed(student):
    """The same seed gives the same start, for several seeds"""
    for seed in (0, 1, 7):
        first, second = (line_fit.fit(student, X, Y, epochs=0, lr=0.1, seed=seed) for _ in range(2))
        if (first.w, first.b) != (second.w, second.b):
            expect.fail("not_reproducible")


@pytest.mark.check(points=0.4, step=3, needs="same_seed")
def test_lr_zero(student):
    """With lr = 0 nothing moves"""
    lines = [line_fit.fit(student, X, Y, epochs=epochs, lr=0.0, seed=3) for epochs in (0, 1, 5)]
    if any((line.w, line.b) != (lines[0].w, lines[0].b) for line in lines):
        again = line_fit.fit(student, X, -Y, epochs=1, lr=0.0, seed=3)
        # Moved without lr, and the same way for other targets: then no step was taken, another start was drawn.
        expect.fail("reinit" if (again.w, again.b) == (lines[1].w, lines[1].b) else "lr_zero_moves")


@pytest.mark.check(points=0.4, step=3, needs="first_step")
def test_lr_doubles(student):
    """Twice the lr makes twice the step"""
    for x, y in student.rng.normal(0, 3, (2, 2, 4)):
        line_fit.check_rates(student, x, y)
        line_fit.check_same_place(student, x, y, lr=0.02)
        line_fit.check_steady(student, x, y)


@pytest.mark.check(points=0.6, step=3, needs="first_step")
def test_any_number_of_samples(student):
    """The first step goes down the slope for 1, 2 and 7 samples"""
    rng = student.rng
    for rows in (1, 2, 7):
        # From positive inputs to negative ones, so that a loop over the first four of seven goes astray.
        x = np.linspace(4.0, -3.0, rows) + rng.uniform(0.0, 0.5, rows)
        # Targets above the line of any start near 0: no error cancels another.
        line_fit.check_rows(student, x, rng.uniform(20.0, 40.0, rows))


@pytest.mark.check(points=0.6, step=3, needs="first_step")
def test_targets(student):
    """fit_new arrives for negative targets and for targets of 0"""
    x = np.array([-2.0, -1.0, 1.0, 2.0])
    for w, b in ((-2.0, -1.0), (0.0, 0.0), (0.0, -3.0)):
        # As in the public check: every accepted loss arrives at this rate, the flattest within 0.001.
        line = line_fit.fit(student, x, w * x + b, epochs=200, lr=0.04)
        if not (abs(line.w - w) < 0.01 and abs(line.b - b) < 0.01):
            expect.fail("not_arrived")


@pytest.mark.check(points=0.5, step=3, needs="first_step")
def test_no_formula(student):
    """One small step leaves most of the way still to go"""
    for x, y in student.rng.normal(0, 3, (2, 2, 4)):
        goal = line_fit.least_squares(x, y)
        for epochs in (0, 1):
            line = line_fit.fit(student, x, y, epochs=epochs, lr=1e-6)
            if np.allclose((line.w, line.b), goal, rtol=1e-3, atol=1e-3):
                expect.fail("closed_form")


@pytest.mark.check(points=0.3, step=3, needs="first_step")
def test_whole_numbers(student):
    """Arrays of whole numbers give the same line as the same numbers with a decimal point"""
    line_fit.check_whole_numbers(student, [1, 2, 4, -3], [3, -1, 6, 2])
