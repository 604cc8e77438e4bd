import numpy as np

BEST_ONE_NEURON_LOSS = 0.693
WHY_50 = "loss optimum"
WHY_ACCURACY_STAYS = "same side"


def bce(p, y):
    p = np.clip(p, 1e-7, 1 - 1e-7)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def accuracy(p, y, threshold=0.5):
    return np.mean((p > threshold) == y)


def name_plateau(loss):
    shelves = {0.6931: "all tied", 0.4774: "one corner", 0.3466: "two tied", 0.0: "solved"}
    nearest = min(shelves, key=lambda shelf: abs(shelf - loss))
    return shelves[nearest] if abs(nearest - loss) < 0.1 else "still moving"
