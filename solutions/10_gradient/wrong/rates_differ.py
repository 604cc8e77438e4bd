# Green at home: recorded, judged later: RATES
import numpy as np

UPHILL = {"x": 1.0, "y": -1.0, "w": -0.3, "b": -0.2}
RATES = {"slow": 0.001, "good": 0.3, "diverges": 0.1}


def numeric_grad(f, w, b, h=1e-5):
    dw = (f(w + h, b) - f(w - h, b)) / (2 * h)
    db = (f(w, b + h) - f(w, b - h)) / (2 * h)
    return dw, db


def grad(w, b, X, y):
    error = w * X + b - y
    return 2 * np.mean(error * X), 2 * np.mean(error)
