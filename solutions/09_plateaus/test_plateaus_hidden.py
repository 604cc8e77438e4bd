"""Hidden checks of kata 09: random rows, sure mistakes, the edges of the shelves, the choices."""

import numpy as np
import pytest

from grader import expect


@pytest.mark.check(points=0.6, step=2, needs="bce_rows")
def test_bce_any(student):
    """Any p and y: bce is right, for labels that are whole numbers or decimals"""
    rng = student.rng
    for rows, kind in ((1, int), (4, float), (7, int), (30, int), (12, float)):
        # p from 0.05 on, so that an answer may move it by 1e-5.
        p = rng.uniform(0.05, 0.95, size=rows)
        y = rng.integers(0, 2, size=rows)
        want = -np.log(np.where(y == 1, p, 1 - p)).mean()
        expect.close(student.bce(p, y.astype(kind)), want, rtol=0, atol=5e-4, asked="bce")


@pytest.mark.check(points=0.3, step=2, needs="bce_edges")
def test_bce_sure_and_wrong(student):
    """A sure and wrong answer costs a lot, not everything"""
    for p, y in (([0.0], [1]), ([1.0], [0]), ([0.0, 0.0], [1, 1])):
        loss = expect.number(student.bce(np.array(p), np.array(y)), asked="bce")
        # Moving p by 1e-5 makes 11.5, by 1e-15 makes 34.5; libraries stop at 100 at the most.
        if loss < 11:
            expect.fail("sure_wrong_is_cheap")
        if loss > 1000:
            expect.fail("sure_wrong_is_endless")
    # 9.21; 0.1 less if 1e-5 was added to p.
    small = expect.number(student.bce(np.array([1e-4]), np.array([1])), asked="bce")
    if abs(small + np.log(1e-4)) > 0.11:
        expect.fail("sure_wrong_is_cheap")


@pytest.mark.check(points=0.4, step=3, needs="accuracy")
def test_accuracy_threshold(student):
    """Any p, y and threshold: accuracy is right"""
    rng = student.rng
    for limit in (0.5, 0.2, 0.8, 0.35):
        p, y = rng.uniform(0, 1, size=40), rng.integers(0, 2, size=40)
        by_hand = sum(1 for part, label in zip(p, y, strict=True) if (1 if part > limit else 0) == label) / 40
        answers = [student.accuracy(p, y, limit), student.accuracy(p, y, threshold=limit)]
        for answer in answers + ([student.accuracy(p, y)] if limit == 0.5 else []):
            got = expect.number(answer, asked="accuracy")
            if abs(got - by_hand) > 1e-9:
                expect.fail("wrong_value" if limit == 0.5 else "threshold_fixed")


@pytest.mark.check(points=0.6, step=4, needs="plateau[0.6931]")
def test_plateau_edges(student):
    """The shelves reach 0.01 to each side and no further"""
    # ln 2, 3/4 H(1/3), ln 2 / 2, by pocket calculator.
    heights = {"all tied": 0.693147, "one corner": 0.477386, "two tied": 0.346574}
    # Nothing between 0.0085 and 0.0115: a shelf with three digits is half a thousandth off.
    cases = []
    for name, height in heights.items():
        near, far = (0.0, 0.004, 0.0085, -0.004, -0.0085), (0.0115, 0.02, 0.05, -0.0115, -0.02, -0.05)
        cases += [(height + distance, name, "tolerance_tight") for distance in near]
        cases += [(height + distance, "still moving", "tolerance_wide") for distance in far]
    cases += [(loss, "solved", "solved_edge") for loss in (0.0, 1e-6, 0.004, 0.0095)]
    cases += [(loss, "still moving", "tolerance_wide") for loss in (0.012, 0.05, 0.2, 0.25, 0.9, 2.5)]
    answers = student.name_plateau.each([loss] for loss, _, _ in cases)
    for (_, want, tag), answer in zip(cases, answers, strict=True):
        expect_name(answer, want, tag)


def expect_name(answer, want, tag):
    if not isinstance(answer, str):
        expect.fail("plateau_word")
    if answer != want:
        expect.fail(tag if "still moving" in (answer, want) or want == "solved" else "other_shelf")


@pytest.mark.check(points=0.5, step=5, needs="choices")
def test_why_50(student):
    """WHY_50 is the reason"""
    wrong = {"overfitting": "overfit", "learning rate": "not_the_rate", "too few epochs": "not_the_epochs"}
    choose(student.WHY_50, "loss optimum", wrong)


@pytest.mark.check(points=0.4, step=5, needs="choices")
def test_why_accuracy_stays(student):
    """WHY_ACCURACY_STAYS is the reason"""
    wrong = {"rounding": "stays_rounding", "other rows": "stays_rows", "overfitting": "stays_overfit"}
    choose(student.WHY_ACCURACY_STAYS, "same side", wrong)


def choose(choice, right, wrong):
    """Compare a word that is read anew: the public check has seen another reading of it."""
    word = choice.strip().lower() if isinstance(choice, str) else ""
    if word != right:
        expect.fail(wrong.get(word, "not_a_choice"))
