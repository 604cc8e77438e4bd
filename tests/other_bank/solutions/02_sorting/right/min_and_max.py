import numpy as np


def one_pass(row):
    row = np.asarray(row, dtype=float).copy()
    for left in range(row.size - 1):
        pair = row[left : left + 2]
        row[left], row[left + 1] = pair.min(), pair.max()
    return row


def passes(row):
    return int(max((sum(b > a for b in row[:i]) for i, a in enumerate(row)), default=0))
