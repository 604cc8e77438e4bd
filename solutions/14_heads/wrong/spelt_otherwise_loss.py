import numpy as np


def one_hot(labels, k):
    return np.eye(k)[labels]


HEADS = {
    "xor": (1, "sigmoid", "binary_crossentropy", "accuracy"),
    "digits": (10, "softmax", "categorical_crossentropy", "accuracy"),
    "house price": (1, "linear", "mse", "mae"),
    "tags": (5, "sigmoid", "binary_cross_entropy", "accuracy"),
}


def head(task):
    return HEADS[task]


def predict_class(p):
    return p.argmax(axis=1)


HISTORY_KEY = "acc"
