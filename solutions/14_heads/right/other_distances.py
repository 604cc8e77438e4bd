import numpy as np


def one_hot(labels, k):
    rows = np.zeros((len(labels), k), dtype=int)
    for row, label in enumerate(labels):
        rows[row][label] = 1
    return rows.tolist()


HEADS = {
    "xor": (1, "sigmoid", "bce", "binary_accuracy"),
    "digits": (10, "softmax", "categorical_crossentropy", "accuracy"),
    "house price": (1, "linear", "huber", "RootMeanSquaredError"),
    "tags": (5, "sigmoid", "binary_crossentropy", "binary_accuracy"),
}


def head(task):
    return HEADS[task]


def predict_class(p):
    return [int(np.argmax(row)) for row in p]


HISTORY_KEY = "acc"
