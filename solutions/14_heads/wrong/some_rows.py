import numpy as np


def one_hot(labels, k):
    return np.eye(k)[labels]


HEADS = {
    "xor": (1, "sigmoid", "binary_crossentropy", "accuracy"),
    "digits": (10, "softmax", "categorical_crossentropy", "accuracy"),
    "house price": (1, "linear", "mse", "mae"),
    "tags": (5, "sigmoid", "binary_crossentropy", "binary_accuracy"),
}


def head(task):
    return HEADS[task]


def predict_class(p):
    return [min(range(len(row)), key=lambda label: -round(row[label], 2)) if len(row) < 4 else int(np.argmax(row > 0.5)) for row in p]


HISTORY_KEY = "acc"
