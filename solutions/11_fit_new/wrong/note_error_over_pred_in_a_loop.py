import numpy as np


def note_step(w, b, x, y, lr):
    prediction = w * x + b
    error = y - prediction
    step = error / prediction * lr
    return w + step, b + step


def fit_new(X, y, epochs, lr, seed=0):
    # (1) parameters: a start for w and b, which the seed decides
    w, b = np.random.default_rng(seed).random(2)
    # (2) data: as arrays of decimals
    X, y = np.asarray(X, dtype=float), np.asarray(y, dtype=float)

    losses = []
    # (7) repeat: once for each epoch
    for _ in range(epochs):
        loss = 0
        for x_i, y_i in zip(X, y):
            loss += (w * x_i + b - y_i) ** 2 / len(X)
            w, b = note_step(w, b, x_i, y_i, lr)
        losses.append(loss)

    return w, b, losses
