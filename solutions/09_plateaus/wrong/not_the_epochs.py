# Green at home: recorded, judged later: WHY_50
import numpy as np

BEST_ONE_NEURON_LOSS = 0.693
WHY_50 = "too few epochs"
WHY_ACCURACY_STAYS = "same side"


def bce(p, y):
    p = np.clip(p, 1e-7, 1 - 1e-7)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


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
