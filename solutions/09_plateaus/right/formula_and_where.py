import math

import numpy as np

BEST_ONE_NEURON_LOSS = math.log(2)
WHY_50 = "loss optimum"
WHY_ACCURACY_STAYS = "same side"


def bce(p, y):
    q = np.where(np.asarray(y) == 1, p, 1 - np.asarray(p))
    return float(np.mean(-np.log(np.maximum(q, 1e-15))))


def accuracy(p, y, threshold=0.5):
    p, y = np.asarray(p), np.asarray(y)
    return ((p >= threshold).astype(int) == y).sum() / y.size


def name_plateau(loss):
    shelves = [
        ("all tied", math.log(2)),
        ("one corner", 0.75 * math.log(3) - 0.5 * math.log(2)),
        ("two tied", math.log(2) / 2),
        ("solved", 0),
    ]
    for name, shelf in shelves:
        if abs(loss - shelf) <= 0.01:
            return name
    return "still moving"
