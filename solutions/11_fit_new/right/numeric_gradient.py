import numpy as np


def note_step(w, b, x, y, lr):
    p = w * x + b
    s = (y / p - 1) * lr
    return np.array([w + s, b + s])


def mse(w, b, X, y):
    return ((w * X + b - y) ** 2).mean()


def fit_new(X, y, epochs, lr, seed=0):
    rng = np.random.RandomState(seed)
    w, b = rng.randn(), rng.randn()
    losses = []
    h = 1e-5
    for _ in range(epochs):
        dw = (mse(w + h, b, X, y) - mse(w - h, b, X, y)) / (2 * h)
        db = (mse(w, b + h, X, y) - mse(w, b - h, X, y)) / (2 * h)
        losses.append(mse(w, b, X, y))
        w, b = w - lr * dw, b - lr * db
    return [w, b, losses]
