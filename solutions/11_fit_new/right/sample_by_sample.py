import numpy as np


def note_step(w, b, x, y, lr):
    prediction = w * x + b
    w += lr * (y - prediction) / prediction
    b += lr * (y - prediction) / prediction
    return (w, b)


def fit_new(X, y, epochs, lr, seed=0):
    rng = np.random.default_rng(seed)
    w = rng.normal()
    b = 0.0
    losses = []
    for _ in range(epochs):
        total = 0
        for i in rng.permutation(len(X)):
            error = w * X[i] + b - y[i]
            w -= lr * 2 * error * X[i]
            b -= lr * 2 * error
            total += error**2
        losses.append(total / len(X))
    return w, b, losses
