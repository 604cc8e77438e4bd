import math

import numpy as np

BEST_ONE_NEURON_LOSS = 0.69
WHY_50 = "loss optimum"
WHY_ACCURACY_STAYS = "same side"


def bce(p, y):
    eps = 1e-10
    if np.ndim(p) == 0:
        p, y = [p], [y]
    total = 0
    for pi, yi in zip(p, y):
        pi = min(max(pi, eps), 1 - eps)
        if yi == 1:
            total = total - math.log(pi)
        else:
            total = total - math.log(1 - pi)
    return total / len(p)


def accuracy(p, y, threshold=0.5):
    right = 0
    for pi, yi in zip(p, y):
        answer = 1 if pi > threshold else 0
        if answer == yi:
            right += 1
    return right / len(y)


def name_plateau(loss):
    if loss < 0.0100001:
        return "solved"
    elif 0.683 < loss < 0.703:
        return "all tied"
    elif 0.4674 < loss < 0.4874:
        return "one corner"
    elif 0.3366 < loss < 0.3566:
        return "two tied"
    else:
        return "still moving"
