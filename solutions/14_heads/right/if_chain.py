import numpy as np


def one_hot(labels, k):
    labels = np.array(labels)
    rows = np.zeros((labels.size, k), dtype=np.float32)
    rows[np.arange(labels.size), labels] = 1.0
    return rows


HEADS = {
    "xor": (1, "sigmoid", "binary_crossentropy", "accuracy"),
    "digits": (10, "softmax", "categorical_crossentropy", "accuracy"),
    "house price": (1, "linear", "mse", "mae"),
    "tags": (5, "sigmoid", "binary_crossentropy", "binary_accuracy"),
}


def head(task):
    if task == "xor":
        return 1, "sigmoid", "binary_crossentropy", "acc"
    elif task == "digits":
        return 10, "softmax", "sparse_categorical_crossentropy", "acc"
    elif task == "tags":
        return np.int64(5), "sigmoid", "binary_crossentropy", "accuracy"
    return 1, "linear", "mse", "mse"


def predict_class(p):
    return np.argmax(p, axis=-1).astype(float)


HISTORY_KEY = "acc"
