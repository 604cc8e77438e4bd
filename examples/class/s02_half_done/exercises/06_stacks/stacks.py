"""Kata 06: the lecture's stacks, in Keras.

Each function below builds one model and returns it: two numbers go in, one number comes out, and the layers between
are as its docstring says. The number in a function's name is how many parameters the model has.
Nothing has to be compiled or trained here.
"""

import numpy as np
from tensorflow.keras import Input, Sequential

from tensorflow.keras.layers import Dense, Activaion  # TODO: the lecture's line, and Python stops here

# XOR's truth table, one example per row. Keras 3 does not train on Python lists:
# X_xor has to be an array of shape (4, 2), y_xor one of shape (4,).
X_xor = [[0, 0], [0, 1], [1, 0], [1, 1]]  # TODO
y_xor = [0, 1, 1, 0]  # TODO


def build_3():
    """One layer: 1 sigmoid unit."""
    ...  # TODO


def build_5():
    """Two layers: 1 sigmoid unit, then 1 sigmoid unit."""
    ...  # TODO


def build_9():
    """Two layers: 2 sigmoid units, then 1 sigmoid unit."""
    ...  # TODO


def build_17():
    """Two layers: 4 sigmoid units, then 1 sigmoid unit."""
    ...  # TODO


def build_11():
    """Three layers: 2 relu units, then 1 relu unit, then 1 sigmoid unit."""
    ...  # TODO


def build_25():
    """Three layers: 4 relu units, then 2 relu units, then 1 sigmoid unit."""
    ...  # TODO


# Train each stack on XOR from many random starts: Adam, learning rate 0.1, 300 epochs of all four rows. How often does
# it end with all four rows right? 'never', 'sometimes' or 'nearly always' (more than 4 starts of 5).
CAN_SOLVE = {3: ..., 5: ..., 9: ..., 17: ..., 11: ..., 25: ...}  # TODO
