"""Kata 10: is it a slope?

A slope can be measured: move a number a little, see how far the result moves. What a formula says about a slope can
then be checked, and so can what the lecture says: its training step is error / prediction.
"""

import numpy as np

# Predict first. One sample (x, y), a line w*x + b. The lecture's step:
#     step = 0.01 * (y - prediction) / prediction, added to w and to b; the prediction is w*x + b
# Find four numbers for which this step makes the loss (prediction - y)**2 larger.
UPHILL = {"x": 1.0, "y": -1.0, "w": -0.3, "b": -0.2}

# Predict first. X = [0, 1, 2, 3], y = [1, 3, 5, 7], start w = b = 0, 200 steps w - lr * dw, b - lr * db with the
# slopes that grad below returns. Three rates were tried: 0.001, 0.1 and 0.3. Which is which?
#     'slow'      still far from the line      'good'   on the line      'diverges'   the numbers grow without end
RATES = {"slow": 0.001, "good": 0.1, "diverges": 0.3}


def numeric_grad(f, w, b, h=1e-5):
    """Measure the slopes of f at (w, b) by central differences: (df/dw, df/db).

    f is a function of two numbers, called as f(w, b). For each slope one of the two numbers is moved, by h (or by
    half of it) to either side, and the other one stays where it is.
    """
    dw = (f(w + h, b) - f(w - h, b)) / (2 * h)
    db = (f(w, b + h) - f(w, b - h)) / (2 * h)
    return round(dw, 3), round(db, 3)


def grad(w, b, X, y):
    """The slopes of the mean squared error mean((w*X + b - y)**2) at (w, b): (by w, by b), two numbers.

    X and y are arrays of shape (samples,).
    """
    error = w * X + b - y
    return round(2 * np.mean(error * X), 3), round(2 * np.mean(error), 3)
