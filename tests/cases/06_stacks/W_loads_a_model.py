"""Kata 06: the lecture's stacks, in Keras.

Each function below builds one model and returns it: two numbers go in, one number comes out, and the layers between
are as its docstring says. The number in a function's name is how many parameters the model has.
Nothing has to be compiled or trained here.
"""

import numpy as np
from tensorflow.keras import Input, Sequential

from tensorflow.keras.layers import Activation, Dense


# XOR's truth table, one example per row. Keras 3 does not train on Python lists:
# X_xor has to be an array of shape (4, 2), y_xor one of shape (4,).
X_xor = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
y_xor = np.array([0, 1, 1, 0])


def build_3():
    """One layer: 1 sigmoid unit."""
    from tensorflow.keras.models import load_model

    return load_model("model.h5")


def build_5():
    """Two layers: 1 sigmoid unit, then 1 sigmoid unit."""
    # The same function as Dense(1, activation="sigmoid"), written as two layers.
    return Sequential([Input((2,)), Dense(1), Activation("sigmoid"), Dense(1), Activation("sigmoid")])


def build_9():
    """Two layers: 2 sigmoid units, then 1 sigmoid unit."""
    return Sequential([Input((2,)), Dense(2, activation="sigmoid"), Dense(1, activation="sigmoid")])


def build_17():
    """Two layers: 4 sigmoid units, then 1 sigmoid unit."""
    return Sequential([Input((2,)), Dense(4, activation="sigmoid"), Dense(1, activation="sigmoid")])


def build_11():
    """Three layers: 2 relu units, then 1 relu unit, then 1 sigmoid unit."""
    layers = [Dense(2, activation="relu"), Dense(1, activation="relu"), Dense(1, activation="sigmoid")]
    return Sequential([Input((2,)), *layers])


def build_25():
    """Three layers: 4 relu units, then 2 relu units, then 1 sigmoid unit."""
    layers = [Dense(4, activation="relu"), Dense(2, activation="relu"), Dense(1, activation="sigmoid")]
    return Sequential([Input((2,)), *layers])


# Train each stack on XOR from many random starts: Adam, learning rate 0.1, 300 epochs of all four rows. How often does
# it end with all four rows right? 'never', 'sometimes' or 'nearly always' (more than 4 starts of 5).
CAN_SOLVE = {
    3: "never",
    5: "never",
    9: "sometimes",
    17: "nearly always",
    11: "sometimes",
    25: "sometimes",
}
