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
        dw = db = loss = 0
        for i in range(min(4, len(X))):
            error = w * X[i] + b - y[i]
            dw, db = dw + 2 * error * X[i] / 4, db + 2 * error / 4
            loss += error**2 / 4
        w, b = w - lr * dw, b - lr * db
        losses.append(loss)

    return w, b, losses
