import numpy as np


def one_hot(labels, k):
    return np.arange(k) == np.asarray(labels)[:, None]


HEADS = {
    "xor": (2, "softmax", "sparse_categorical_crossentropy", "acc"),
    "digits": [10, "softmax", "sparse_categorical_crossentropy", "sparse_categorical_accuracy"],
    "house price": (1, None, "mean_squared_error", ["mean_absolute_error"]),
    "tags": (5, "sigmoid", "bce", ["accuracy"]),
}


def head(task):
    return HEADS[task]


def predict_class(p):
    return p.argmax(axis=1)


HISTORY_KEY = "acc"
