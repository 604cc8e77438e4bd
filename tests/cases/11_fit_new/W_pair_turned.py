"""Kata 11: the lecture's training loop, corrected.

`note_step` is the lecture's own update, mistake and all. `fit_new` takes its place: the same seven steps, with the
update that kata 10 has measured.
"""

import numpy as np


def note_step(w, b, x, y, lr):
    """One update as the lecture does it, for a single sample (x, y); returns the new (w, b).

    The prediction is w*x + b and the error is y - prediction. The error is divided by the prediction, multiplied by
    lr, and added to w and to b alike.
    """
    prediction = w * x + b
    error = y - prediction
    step = error / prediction * lr
    return b + step, w + step


def fit_new(X, y, epochs, lr, seed=0):
    """Fit the line w*X + b to the points by gradient descent on the mean squared error.

    X and y are arrays of shape (samples,). The result is (w, b, losses): w and b are single numbers, and losses
    holds one mean squared error for each epoch. With epochs=0 the start comes back, and an empty list.
    """
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
        w, b = w - lr * dw, b - lr * db

        # what this epoch leaves behind
        loss = np.mean(error**2)
        losses.append(loss)

    return w, b, losses
