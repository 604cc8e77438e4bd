"""The lecture's own loop, copied from the slide."""

import numpy as np


def note_step(w, b, x, y, lr):
    pred_y = w * x + b
    error = y - pred_y
    d1 = error / pred_y
    return w + lr * d1, b + lr * d1


def fit_new(X, y, epochs, lr, seed=0):
    w = np.random.rand(1)
    b = np.random.rand(1)
    for epoch in range(epochs):
        pred_y = w * X + b
        error = y - pred_y
        d1 = error / pred_y
        w = w + lr * d1
        b = b + lr * d1
        print("epoch", epoch, "w", w, "b", b, "pred", pred_y)
