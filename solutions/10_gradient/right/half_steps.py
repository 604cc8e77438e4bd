import numpy as np

UPHILL = {"w": -0.5, "b": 1, "x": -4, "y": 0}
RATES = {"slow": 0.001, "good": 0.1, "diverges": 0.3}


def numeric_grad(f, w, b, h=1e-5):
    return (f(w + h / 2, b) - f(w - h / 2, b)) / h, (f(w, b + h / 2) - f(w, b - h / 2)) / h


def grad(w, b, X, y):
    error = w * X + b - y
    return 2 * np.mean(error * X), 2 * np.mean(error)
