"""Kata 02: one pass of sorting.

A pass looks at each pair of neighbours from left to right and swaps those that stand in the wrong order.
"""

import numpy as np


def one_pass(row):
    """Return the row after one pass, as a new array; the row that came in stays as it is."""
    ### BEGIN SOLUTION
    new = np.array(row)
    for i in range(len(new) - 1):
        if new[i] > new[i + 1]:
            new[i], new[i + 1] = new[i + 1], new[i]
    return new
    ### STUB new = np.array(row)
    ### STUB ...  # TODO
    ### STUB return ...
    ### END SOLUTION


def passes(row):
    """Return after how many passes the row is sorted; 0 if it is sorted already."""
    ### BEGIN SOLUTION
    for count in range(len(row) + 1):
        if list(row) == sorted(row):
            return count
        row = one_pass(row)
    ### STUB return ...  # TODO
    ### END SOLUTION
