import numpy as np

BEST_ONE_NEURON_LOSS = 0.6931471805599453
WHY_50 = "Loss optimum "
WHY_ACCURACY_STAYS = "same side"


def 로그(값):
    with np.errstate(divide="ignore"):
        return np.maximum(np.log(값), -100)


def bce(p, y):
    p, y = np.asarray(p, dtype=float), np.asarray(y, dtype=float)
    손실 = -(y * 로그(p) + (1 - y) * 로그(1 - p))
    print(손실)
    return 손실.mean()


def accuracy(p, y, threshold=0.5):
    예측 = np.where(p > threshold, 1, 0)
    return float(np.count_nonzero(예측 == y)) / len(y)


def name_plateau(loss):
    match = {
        "solved": loss <= 0.01,
        "all tied": abs(loss - np.log(2)) < 0.01,
        "one corner": abs(loss - 0.4774) < 0.01,
        "two tied": abs(loss - np.log(2) / 2) < 0.01,
        "still moving": True,
    }
    return next(이름 for 이름, 맞음 in match.items() if 맞음)
