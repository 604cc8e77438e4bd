# The steepest loss that is accepted: twice the sum of the squares, one sample after the other.
import numpy as np


def note_step(w, b, x, y, lr):
    pred = x * w + b
    return w + lr * ((y - pred) / pred), b + lr * ((y - pred) / pred)


def fit_new(X, y, epochs, lr, seed=0):
    rng = np.random.default_rng(seed)
    w, b = float(rng.random()), float(rng.random())
    losses = []
    for _ in range(epochs):
        pred = w * X + b
        losses.append(2 * float(np.sum((pred - y) ** 2)))
        dw, db = 4 * np.sum((pred - y) * X), 4 * np.sum(pred - y)
        w, b = w - lr * dw, b - lr * db
    return w, b, losses
