import numpy as np

UPHILL = {"x": 1.0, "y": -1.0, "w": -0.3, "b": -0.2}
RATES = {"slow": 0.001, "good": 0.1, "diverges": 0.3}


def numeric_grad(f, w, b, h=1e-5):
    return (f(w + h, b) - f(w - h, b)) / 2 * h, (f(w, b + h) - f(w, b - h)) / 2 * h


def grad(w, b, X, y):
    error = w * X + b - y
    return 2 * np.mean(error * X), 2 * np.mean(error)
