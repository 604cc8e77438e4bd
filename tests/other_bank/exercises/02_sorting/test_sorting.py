"""Public checks of kata 02: one row that was worked out on paper."""

import pytest

from grader import expect
from letters.shared import sorting

ROW = [3, 1, 2, 0]


@pytest.mark.check(points=1.2, step=1)
def test_one_pass(student):
    """One pass over 3 1 2 0"""
    asked = f"one_pass({ROW})"
    wanted = sorting.one_pass(ROW)
    got = expect.array(student.one_pass(ROW), shape=(len(ROW),), asked=asked).tolist()
    if got == sorted(ROW):
        expect.fail("sorted_at_once", asked=asked, expected=wanted, actual=got)
    expect.equal(got, wanted, asked=asked)


@pytest.mark.check(points=1.2, step=2, needs="one_pass")
def test_counts(student):
    """3 1 2 0 is sorted after 3 passes"""
    asked = f"passes({ROW})"
    got = expect.number(student.passes(ROW), asked=asked)
    if got == sorting.passes(ROW) + 1:
        expect.fail("one_too_many", asked=asked, expected=3, actual=got)
    expect.equal(got, sorting.passes(ROW), asked=asked)
