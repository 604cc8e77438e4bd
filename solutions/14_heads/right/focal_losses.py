"""Kata 14: the right head.

The head is the last layer of a network, with the loss and the metric that go with it. Hidden layers are free; the head
follows from the task: what comes out, and how is it compared with the label?
"""

import numpy as np


def one_hot(labels, k):
    """One row for each label: k numbers, all 0 but a 1 in the label's own column.

    labels is a list or an array of whole numbers 0, 1, ... k-1; the answer has the shape (number of labels, k).
    """
    rows = np.zeros((len(labels), k))
    rows[np.arange(len(labels)), labels] = 1
    return rows


def head(task):
    """The head for a task, as (units, activation, loss, metric) in Keras's own names.

    These are what Dense(units, activation=...) and compile(loss=..., metrics=[...]) take, for instance
    (3, 'tanh', 'hinge', 'auc'). None as activation is Keras's default, the same as 'linear'.

    'xor'          two numbers in; the answer is 0 or 1.
    'digits'       a picture in; the answer is one of the ten digits 0 to 9.
                   For 'xor' and 'digits' the label may be the class number or its one-hot row, as your loss wants it.
    'house price'  facts about a house in, its price out. Prices are scaled to mean 0: -1.3 and 2.4 are prices.
    'tags'         a photo in; five tags (sea, dog, night, ...), each of them there or not, several at once or none.
                   The label is a row such as [1, 0, 0, 1, 0].

    The metric is the number that a person reads: the share of right answers, where that means something.
    """
    return {
        "xor": (1, "sigmoid", "binary_focal_crossentropy", "accuracy"),
        "digits": (10, "softmax", "categorical_focal_crossentropy", "categorical_accuracy"),
        "house price": (1, None, "mse", "mae"),
        "tags": (5, "sigmoid", "BinaryFocalCrossentropy", "f1_score"),
    }[task]


def predict_class(p):
    """The label of each row of p, an array of probabilities with the shape (rows, classes).

    If a row's largest probability occurs twice, the label is the smaller one, the first.
    """
    return np.argmax(p, axis=1)


# model.compile(..., metrics=["acc"]), then history = model.fit(...).history: the key of the training accuracy in it.
HISTORY_KEY = "acc"
