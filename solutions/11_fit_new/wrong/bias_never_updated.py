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
        # (3) prediction
        prediction = w * X + b

        # (4) error: how far off is each prediction?
        error = prediction - y

        # (5) slope: how does the mean squared error change with w, and how with b?
        dw, db = 2 * np.mean(error * X), 2 * np.mean(error)

        # (6) update: a step downhill, lr times the slope
        w = w - lr * dw

        # what this epoch leaves behind
        loss = np.mean(error**2)
        losses.append(loss)

    return w, b, losses
