import numpy as np

UPHILL = {"x": 1.0, "y": -1.0, "w": -0.3, "b": -0.2}
RATES = {"slow": 0.001, "good": 0.1, "diverges": 0.3}


def numeric_grad(f, w, b, h=1e-5):
    slope = (f(w + h, b + h) - f(w - h, b - h)) / (2 * h)
    return slope, slope


def grad(w, b, X, y):
    error = w * X + b - y
    return 2 * np.mean(error * X), 2 * np.mean(error)
