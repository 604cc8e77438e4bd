import numpy as np

BEST_ONE_NEURON_LOSS = -np.mean(np.log([0.5, 0.5, 0.5, 0.5]))
WHY_50 = "loss optimum"
WHY_ACCURACY_STAYS = "same side"


def bce(p, y):
    # the cost of a row is softplus of its logit with the label's sign
    p = np.clip(np.asarray(p, dtype=np.float64), 1e-14, 1 - 1e-14)
    z = np.log(p / (1 - p))
    return np.mean(np.logaddexp(0, np.where(np.asarray(y) > 0, -z, z)))


def accuracy(p, y, threshold=0.5):
    return sum((a > threshold) == (b > 0) for a, b in zip(p, y)) / len(p)


def name_plateau(loss):
    y = np.array([0, 1, 1, 0])
    rows = {
        "all tied": np.array([0.5, 0.5, 0.5, 0.5]),
        "one corner": np.array([1 / 3, 1, 1 / 3, 1 / 3]),
        "two tied": np.array([0.5, 1, 0.5, 0]),
        "solved": y,
    }
    for name, p in rows.items():
        if abs(bce(p, y) - loss) <= 0.01:
            return name
    return "still moving"
