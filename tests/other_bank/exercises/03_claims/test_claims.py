"""Public checks of kata 03: claims that can be tried out on every short row; no verdict is written down."""

from itertools import permutations

import pytest

from letters.claims import verdicts
from letters.shared import sorting

ROWS = list(permutations(range(5)))
CLAIMS = {
    "s01": all(sorting.one_pass(row)[-1] == max(row) for row in ROWS),
    "s02": all(sorting.one_pass(row)[0] == min(row) for row in ROWS),
    "s03": all(list(row) == sorted(row) for row in ROWS if sorting.one_pass(row) == list(row)),
}


@pytest.mark.check(points=0.4, step=1)
@pytest.mark.parametrize("name", CLAIMS)
def test_tried(student, name):
    """{name}: the verdict is what all rows of five say"""
    verdicts.judge(getattr(student, name), CLAIMS[name], asked=name)
