"""What the katas about sorting share: one pass of bubble sort, and how many a row needs."""

from collections.abc import Sequence


def one_pass(row: Sequence[int]) -> list[int]:
    """Return a row after one pass: from left to right, each pair of neighbours in the wrong order is swapped."""
    found = list(row)
    for place in range(len(found) - 1):
        found[place : place + 2] = sorted(found[place : place + 2])
    return found


def passes(row: Sequence[int]) -> int:
    """Return after how many passes a row is sorted; 0 if it is."""
    count = 0
    while list(row) != sorted(row):
        row = one_pass(row)
        count += 1
    return count
