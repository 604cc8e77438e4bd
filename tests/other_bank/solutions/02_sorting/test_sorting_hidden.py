"""Hidden checks of kata 02: other rows, and the row that came in."""

import pytest

from grader import expect
from letters.shared import sorting


@pytest.mark.check(points=0.8, step=1, needs="one_pass")
def test_any_row(student):
    """One pass over any row, also over an empty one"""
    rows = [student.rng.integers(0, 9, size=size).tolist() for size in (0, 1, 2, 5, 8)]
    for row in [*rows, [2, 2, 1]]:
        got = expect.array(student.one_pass(row), shape=(len(row),), asked="one_pass(row)").tolist()
        expect.equal(got, sorting.one_pass(row), asked="one_pass(row)")


@pytest.mark.check(points=0.8, step=2, needs="counts")
def test_any_count(student):
    """The passes of any row are counted"""
    rng = student.rng
    for row in [[], [1], [1, 2, 3], [3, 2, 1], *(rng.permutation(7).tolist() for _ in range(4))]:
        expect.equal(student.passes(row), sorting.passes(row), asked="passes(row)")
