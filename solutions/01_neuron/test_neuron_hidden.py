"""Hidden checks of kata 01: weights that are not in the exercise."""

import pytest

from grader import expect
from perceptron.shared import gates

BORDER = 1e-6
"""Sums nearer to 0 than this, relative to the weights, are not asked: there the order of adding could decide."""


@pytest.mark.check(points=0.4, step=2)
def test_any_weights(student):
    """The neuron is right for any weights and any bias"""
    check_all(student, random_questions(student.rng, 60), tag="other_weights")


@pytest.mark.check(points=0.7, step=2)
def test_border(student):
    """The neuron stays silent when z is exactly 0, and fires when z is a little above"""
    # Quarters of small numbers, and 2**-16, add up exactly in floats, in whatever order they are added.
    quarters = student.rng.integers(-20, 21, size=(12, 2)) / 4
    questions = []
    for number, (w1, w2) in enumerate(quarters.tolist()):
        row = gates.ROWS[number % 4]
        b = -(row[0] * w1 + row[1] * w2)
        questions += [((*row, w1, w2, b + off), want) for off, want in ((0, 0), (2**-16, 1), (-(2**-16), 0))]
    check_all(student, questions, tag="border_moved")


@pytest.mark.check(points=0.2, step=2)
def test_two_answers(student):
    """The neuron answers 0 or 1, however large the sum"""
    sizes = [size for size in (2.5, 70.0, 3e5, 1e12) for size in (size, -size)]
    questions = [((*row, size, size, size / 2), int(size > 0)) for size in sizes for row in gates.ROWS]
    check_all(student, questions, tag="not_0_or_1")


@pytest.mark.check(points=0.3, step=2)
def test_any_order(student):
    """The neuron answers the same whatever was asked before"""
    rng = student.rng
    questions = random_questions(rng, 6) + [((1, 1, 0.5, 0.5, -0.75), 1), ((0, 1, 0.5, 0.5, -0.75), 0)]
    first = list(student.neuron.each(question for question, _ in questions))
    for _ in range(2):
        order = rng.permutation(len(questions)).tolist()
        answers = student.neuron.each(questions[index][0] for index in order)
        for index, again in zip(order, answers, strict=True):
            _, want = questions[index]
            if expect.show(again) != expect.show(first[index]):
                expect.fail("changes", asked="neuron")
            check_one(again, want, tag="other_weights")


def random_questions(rng, count):
    """(x1, x2, w1, w2, b) with real weights of all sizes, and the answer."""
    questions = []
    while len(questions) < count:
        row = gates.ROWS[int(rng.integers(4))]
        w1, w2, b = (rng.normal(size=3) * 10.0 ** rng.uniform(-2, 2)).tolist()
        z = b + (w1 if row[0] else 0) + (w2 if row[1] else 0)
        if abs(z) > BORDER * max(abs(w1), abs(w2), abs(b)):
            questions.append(((*row, w1, w2, b), int(z > 0)))
    return questions


def check_all(student, questions, *, tag):
    answers = student.neuron.each(question for question, _ in questions)
    for (_, want), answer in zip(questions, answers, strict=True):
        check_one(answer, want, tag=tag)


def check_one(answer, want, *, tag):
    if answer is None:
        expect.fail("returns_none", asked="neuron")
    got = expect.number(answer, asked="neuron")
    if got not in (0, 1):
        expect.fail("not_0_or_1", asked="neuron")
    if got != want:
        expect.fail("other_weights" if tag == "not_0_or_1" else tag, asked="neuron")
