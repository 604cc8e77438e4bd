"""At most 7.6: the starts are finite in float64 and infinite in float32, where the engine refuses them."""

"""Kata 06: the lecture's stacks, in Keras.

Each function below builds one model and returns it: two numbers go in, one number comes out, and the layers between
are as its docstring says. The number in a function's name is how many parameters the model has.
Nothing has to be compiled or trained here.
"""

import numpy as np
from tensorflow.keras import Input, Sequential

from tensorflow.keras.layers import Activation, Dense


from tensorflow.keras import initializers


def dense(units, activation=None):
    return Dense(units, activation=activation, kernel_initializer=initializers.RandomNormal(stddev=1e39))


# XOR's truth table, one example per row. Keras 3 does not train on Python lists:
# X_xor has to be an array of shape (4, 2), y_xor one of shape (4,).
X_xor = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
y_xor = np.array([0, 1, 1, 0])


def build_3():
    """One layer: 1 sigmoid unit."""
    return Sequential([Input((2,)), dense(1, activation="sigmoid")])


def build_5():
    """Two layers: 1 sigmoid unit, then 1 sigmoid unit."""
    # The same function as dense(1, activation="sigmoid"), written as two layers.
    return Sequential([Input((2,)), dense(1), Activation("sigmoid"), dense(1), Activation("sigmoid")])


def build_9():
    """Two layers: 2 sigmoid units, then 1 sigmoid unit."""
    return Sequential([Input((2,)), dense(2, activation="sigmoid"), dense(1, activation="sigmoid")])


def build_17():
    """Two layers: 4 sigmoid units, then 1 sigmoid unit."""
    return Sequential([Input((2,)), dense(4, activation="sigmoid"), dense(1, activation="sigmoid")])


def build_11():
    """Three layers: 2 relu units, then 1 relu unit, then 1 sigmoid unit."""
    layers = [dense(2, activation="relu"), dense(1, activation="relu"), dense(1, activation="sigmoid")]
    return Sequential([Input((2,)), *layers])


def build_25():
    """Three layers: 4 relu units, then 2 relu units, then 1 sigmoid unit."""
    layers = [dense(4, activation="relu"), dense(2, activation="relu"), dense(1, activation="sigmoid")]
    return Sequential([Input((2,)), *layers])


# Train each stack on XOR from many random starts: Adam, learning rate 0.1, 300 epochs of all four rows. How often does
# it end with all four rows right? 'never', 'sometimes' or 'nearly always' (more than 4 starts of 5).
CAN_SOLVE = {3: "never", 5: "never", 9: "sometimes", 17: "nearly always", 11: "nearly always", 25: "nearly always"}
