import numpy as np


def note_step(w, b, x, y, lr):
    prediction = w * x + b
    error = y - prediction
    step = error / prediction * lr
    return w + step, b + step


def fit_new(X, y, epochs, lr, seed=0):
    w = np.random.rand(1)
    b = np.random.rand(1)
    for epoch in range(epochs):
        pred_y = w * X + b
        error = y - pred_y
        d1 = error / pred_y
        w = w + d1 * lr
        b = b + d1 * lr
        print("epoch:", epoch, "w:", w, "b:", b, "pred:", pred_y)
