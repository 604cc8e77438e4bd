import numpy as np


def early_stop(val, patience):
    val = np.array(val)
    for epoch in range(len(val)):
        best = int(np.argmin(val[: epoch + 1]))
        if epoch - best >= max(patience, 1):
            break
    return np.array([best, epoch])


def diagnose(train, val):
    train, val = np.array(train), np.array(val)
    if np.ptp(train) < 0.05:
        return "stuck"
    if train[-5:].mean() > 0.45:
        return "underfit"
    if val[-1] > val.min() + 0.2:
        return "overfit"
    return "fine"


def majority_baseline(y):
    return np.unique(y, return_counts=True)[1].max() / len(y)


def class_weights(y):
    labels, counts = np.unique(y, return_counts=True)
    weights = len(y) / (len(labels) * counts)
    return dict(zip(labels, weights.astype(np.float32)))
