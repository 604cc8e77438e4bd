import numpy as np

WALL = [(0, 1, 1, 0), (1, 0, 0, 1)]


def is_separable(truth):
    return truth not in WALL


def best_score(truth):
    if is_separable(truth):
        return 4
    return 3


HOW_MANY_OF_16 = 16 - len(WALL)
PROOF = np.array([[[1, 1], [0, 0]], [[1, 0], [0, 1]]])
