import numpy as np


def one_hot(labels, k):
    return np.eye(k)[labels]


HEADS = {
    "xor": (2, "softmax", "categorical_crossentropy", "categorical_accuracy"),
    "digits": (10, "softmax", "CategoricalCrossentropy", "acc"),
    "house price": (1, "linear", "mae", "mse"),
    "tags": (5, "sigmoid", "BinaryCrossentropy", "acc"),
}


def head(task):
    return HEADS[task]


def predict_class(p):
    labels = []
    for row in p:
        best = 0
        for label in range(1, len(row)):
            if row[label] > row[best]:
                best = label
        labels.append(best)
    return tuple(labels)


HISTORY_KEY = "acc"
