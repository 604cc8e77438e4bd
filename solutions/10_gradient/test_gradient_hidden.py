"""Hidden checks of kata 10: other functions, other data, and what the three rates really do."""

import numpy as np
import pytest

from grader import expect


@pytest.mark.check(points=0.5, step=2, needs="numeric_wide_step")
def test_numeric_any(student):
    """numeric_grad measures the slopes of other functions, at other points"""
    rng = student.rng
    for _ in range(4):
        # Two terms of degree 3 at most, so central differences are off by h**2 = 1e-10 of the factors.
        terms = [[factor, i, 3 - i] for factor, i in draw_terms(rng, 2)]
        w, b = rng.uniform(-3, 3, 2).tolist()
        with student.replacing("f", "polynomial", terms):
            answer = student.numeric_grad(student.f, w, b)
        by_w = sum(c * i * w ** max(i - 1, 0) * b**j for c, i, j in terms)
        by_b = sum(c * j * w**i * b ** max(j - 1, 0) for c, i, j in terms)
        expect.close(read_pair(answer), [by_w, by_b], rtol=1e-7, atol=1e-6, asked="numeric_grad")


def read_pair(answer):
    """Two numbers as the public checks read them: an array that holds one number is one, too."""
    parts = list(answer) if isinstance(answer, (list, tuple)) else answer
    if isinstance(parts, list) and all(map(expect.is_number, parts)):
        return [expect.number(part, asked="") for part in parts]
    return parts


def draw_terms(rng, count):
    return zip(rng.uniform(-5, 5, count).tolist(), rng.integers(0, 4, count).tolist(), strict=True)


@pytest.mark.check(points=0.2, step=2, needs="numeric_wide_step")
def test_numeric_uses_h(student):
    """numeric_grad steps as far as h says"""
    answers = []
    for h in (0.5, 1e-4):
        with student.replacing("f", "polynomial", [[1.0, 5, 0], [1.0, 0, 5]]):
            answers.append(student.numeric_grad(student.f, 1.0, 1.0, h))
        # Five powers of 0.5 and 1: even half the step shows, and a finer formula than asked for shows too.
        answers[-1] = expect.array(read_pair(answers[-1]), shape=(2,), asked="numeric_grad")
    if np.allclose(answers[0], answers[1], rtol=1e-3, atol=0):
        expect.fail("h_unused", asked="numeric_grad")


@pytest.mark.check(points=0.3, step=3, needs="grad[A]")
def test_grad_one_sample(student):
    """For a single sample grad is right"""
    for x, y, w, b in student.rng.normal(0, 3, (3, 4)).tolist():
        error = w * x + b - y
        check_grad(student, w, b, [x], [y], (2 * error * x, 2 * error), "number_of_samples")


@pytest.mark.check(points=0.4, step=3, needs="grad[A]")
def test_grad_edges(student):
    """Where X is 0 and where the targets are negative, grad is right"""
    check_grad(student, 2.0, 1.0, [0.0, 0.0, 0.0], [-3.0, -5.0, -1.0], (0.0, 8.0), "wrong_value")
    check_grad(student, 1.0, 0.0, [0.0, 2.0], [-4.0, -6.0], (16.0, 12.0), "wrong_value")
    # Every point on the line: no slope at all, and predictions of 0 among them.
    check_grad(student, 1.0, -1.0, [1.0, 2.0, 0.0], [0.0, 1.0, -1.0], (0.0, 0.0), "wrong_value")


@pytest.mark.check(points=0.6, step=3, needs="grad[A]")
def test_grad_any(student):
    """On other data, of any number of samples, grad is right; with whole numbers too"""
    rng = student.rng
    for rows in (2, 3, 8, 40):
        x, y = rng.integers(-9, 10, (2, rows))
        w, b = rng.normal(0, 2, 2).tolist()
        pairs = [(a, w * a + b - t) for a, t in zip(x.tolist(), y.tolist(), strict=True)]
        want = (2 / rows * sum(a * e for a, e in pairs), 2 / rows * sum(e for _, e in pairs))
        check_grad(student, w, b, x, y, want, "number_of_samples")


def check_grad(student, w, b, x, y, want, tag):
    answer = student.grad(w, b, np.asarray(x), np.asarray(y))
    # As in the public checks: a measured slope is as good.
    expect.close(read_pair(answer), list(want), rtol=1e-6, atol=1e-6, asked="grad", tag=tag)


@pytest.mark.check(points=0.8, step=1, needs="rates_form")
def test_rates(student):
    """RATES: 200 steps with each rate do what its word says"""
    rates = student.RATES
    # Read anew, so looked at anew: an empty table would hold nothing that is wrong.
    if not isinstance(rates, dict) or set(rates) != {"slow", "good", "diverges"}:
        expect.fail("rates_form", asked="RATES")
    for word, rate in rates.items():
        if not isinstance(rate, (int, float)) or rate not in (0.001, 0.1, 0.3) or word != what_happens(rate):
            expect.fail("rates_differ", asked="RATES")


def what_happens(rate):
    """The word for 200 steps from w = b = 0 on the four points of y = 2x + 1."""
    w = b = 0.0
    for _ in range(200):
        errors = [w * x + b - (2 * x + 1) for x in range(4)]
        w, b = w - rate * sum(x * e for x, e in enumerate(errors)) / 2, b - rate * sum(errors) / 2
    if abs(w - 2) < 0.01 and abs(b - 1) < 0.01:
        return "good"
    return "slow" if abs(w) < 10 else "diverges"
