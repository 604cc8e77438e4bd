"""Kata 08: squashers and slopes.

An activation function turns a neuron's sum z into its output. Its slope at z says how far the output moves when z moves
a little; learning sends its signal back through these slopes.

Except where it says otherwise, z is one number or an array of any shape, and what comes back has the same shape.
"""

import numpy as np

# Predict it from the drawing in the README before you compute it.
MAX_SIGMOID_SLOPE = ...  # TODO the slope of sigmoid where the curve is steepest


def sigmoid(z):
    """1 / (1 + e**-z), also far out: no NaN and no warning at z = 1000 and z = -1000."""
    ...  # TODO


def d_sigmoid(z):
    """The slope of sigmoid at z; it gets z itself, not sigmoid(z)."""
    ...  # TODO


def relu(z):
    """Return z where z is positive, else 0."""
    ...  # TODO


def d_relu(z):
    """The slope of relu at z. At exactly 0 the curve has a corner: 0 and 1 are both accepted there."""
    ...  # TODO


def softmax(z):
    """The probability of each class, from the scores z.

    z is an array of shape (classes,), one row; tables of rows are not asked for here. e**z_k divided by the sum of all
    e**z_j, also for scores such as 1000, with no NaN and no warning.
    """
    ...  # TODO


def chain_slope(d, z, layers):
    """The product of the slopes through `layers` layers that all sit at the same z; 1 if there are no layers.

    d is a function that gives a slope, for example d_relu: call it with z. z is one number.
    """
    ...  # TODO
