import numpy as np

BEST_ONE_NEURON_LOSS = 0.693
WHY_50 = "loss optimum"
WHY_ACCURACY_STAYS = "same side"


def bce(p, y):
    total = 0
    for a, b in zip(p, y):
        a = min(max(a, 1e-9), 1 - 1e-9)
        total -= b * np.log(a) + (1 - b) * np.log(1 - a)
    return total / len(y)


def accuracy(p, y, threshold=0.5):
    return np.mean((p > threshold) == y)


def name_plateau(loss):
    if loss <= 0.01:
        return "solved"
    if abs(loss - 0.6931) <= 0.01:
        return "all tied"
    if abs(loss - 0.4774) <= 0.01:
        return "one corner"
    if abs(loss - 0.3466) <= 0.01:
        return "two tied"
    return "still moving"
