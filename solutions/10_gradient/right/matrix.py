import numpy as np

UPHILL = {"x": 1.0, "y": -1.0, "w": -0.3, "b": -0.2}
RATES = {"slow": 0.001, "good": 0.1, "diverges": 0.3}


def numeric_grad(f, w, b, h=1e-5):
    p = np.array([w, b], dtype=float)
    out = np.zeros(2)
    for i in range(2):
        step = np.zeros(2)
        step[i] = h
        out[i] = (f(*(p + step)) - f(*(p - step))) / 2 / h
    return out


def grad(w, b, X, y):
    A = np.column_stack([X, np.ones(len(X))])
    return A.T @ (A @ np.array([w, b]) - y) * 2 / len(y)
