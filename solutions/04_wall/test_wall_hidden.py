"""Hidden checks of kata 04: all 16 truth tables.

The oracle searches nothing that could be missed: weights of -1, 0 and 1 with b halfway between whole numbers give 14
tables, and the corner argument (opposite corners equal, neighbours different) rules out the other two.
"""

from itertools import product

import pytest

from grader import expect
from perceptron.shared import gates

TABLES = list(product((0, 1), repeat=4))
REACHED = {
    tuple(gates.outputs(weights)) for weights in product((-1, 0, 1), (-1, 0, 1), (-2.5, -1.5, -0.5, 0.5, 1.5, 2.5))
}
CONSTANT = {(0, 0, 0, 0), (1, 1, 1, 1)}
ONE_INPUT = {(0, 0, 1, 1), (1, 1, 0, 0), (0, 1, 0, 1), (1, 0, 1, 0)}
XNOR = (1, 0, 0, 1)


@pytest.mark.check(points=1.4, step=1)
def test_all_separable(student):
    """is_separable is right for all 16 truth tables"""
    possible = set()
    for truth, answer in zip(TABLES, student.is_separable.each([truth] for truth in TABLES), strict=True):
        got = expect.number(answer, asked="is_separable") if answer is None or expect.is_number(answer) else None
        if got not in (0, 1):
            expect.fail("not_yes_no", asked="is_separable")
        if got:
            possible.add(truth)
    called_impossible, called_possible = REACHED - possible, possible - REACHED
    if called_possible:
        expect.fail("mirror_missed" if called_possible == {XNOR} else "xor_true", asked="is_separable")
    if called_impossible:
        for tag, tables in (("constants_missed", CONSTANT), ("one_input_missed", ONE_INPUT | CONSTANT)):
            if called_impossible <= tables:
                expect.fail(tag, asked="is_separable")
        expect.fail("search_missed", asked="is_separable")


@pytest.mark.check(points=1.0, step=2)
def test_all_best(student):
    """best_score is right for all 16 truth tables"""
    answers = student.best_score.each([truth] for truth in TABLES)
    scores = [expect.number(answer, asked="best_score") for answer in answers]
    for truth, got in zip(TABLES, scores, strict=True):
        most = max(sum(a == t for a, t in zip(answers, truth, strict=True)) for answers in REACHED)
        if got != most:
            expect.fail("best_too_low" if got < most else "best_too_high", asked="best_score")
