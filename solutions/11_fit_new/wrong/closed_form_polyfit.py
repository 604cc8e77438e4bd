import numpy as np


def note_step(w, b, x, y, lr):
    prediction = w * x + b
    error = y - prediction
    step = error / prediction * lr
    return w + step, b + step


def fit_new(X, y, epochs, lr, seed=0):
    w, b = np.random.default_rng(seed).random(2)
    losses = []
    for _ in range(epochs):
        losses.append(np.mean((w * X + b - y) ** 2))
        if lr > 0 and len(X) > 1:
            w, b = np.polyfit(X, y, 1)
    return w, b, losses
