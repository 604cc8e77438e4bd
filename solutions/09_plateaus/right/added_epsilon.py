import numpy as np

BEST_ONE_NEURON_LOSS = np.log(2)
WHY_50 = "loss optimum"
WHY_ACCURACY_STAYS = "same side"


def bce(p, y):
    eps = 1e-5
    return np.average(-y * np.log(p + eps) - (1 - y) * np.log(1 - p + eps))


def accuracy(p, y, threshold=0.5):
    return 1 - np.mean(np.abs((p > threshold) - y))


def name_plateau(loss):
    names = np.array(["all tied", "one corner", "two tied"])
    near = np.isclose(loss, [0.693, 0.477, 0.347], rtol=0, atol=0.01)
    if near.any():
        return names[near][0]
    return "solved" if loss <= 0.01 else "still moving"
