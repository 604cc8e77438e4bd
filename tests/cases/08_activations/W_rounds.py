"""Kata 08: squashers and slopes.

An activation function turns a neuron's sum z into its output. Its slope at z says how far the output moves when z moves
a little; learning sends its signal back through these slopes.

Except where it says otherwise, z is one number or an array of any shape, and what comes back has the same shape.
"""

import numpy as np

# Predict it from the drawing in the README before you compute it.
MAX_SIGMOID_SLOPE = 0.25


def sigmoid(z):
    """1 / (1 + e**-z), also far out: no NaN and no warning at z = 1000 and z = -1000."""
    small = np.exp(-np.abs(z))
    return np.where(np.asarray(z) >= 0, 1, small) / (1 + small)


def d_sigmoid(z):
    """The slope of sigmoid at z; it gets z itself, not sigmoid(z)."""
    s = sigmoid(z)
    return s * (1 - s)


def relu(z):
    """Return z where z is positive, else 0."""
    return np.round(np.maximum(z, 0), 2)


def d_relu(z):
    """The slope of relu at z. At exactly 0 the curve has a corner: 0 and 1 are both accepted there."""
    return np.where(np.asarray(z) > 0, 1.0, 0.0)


def softmax(z):
    """The probability of each class, from the scores z.

    z is an array of shape (classes,), one row; tables of rows are not asked for here. e**z_k divided by the sum of all
    e**z_j, also for scores such as 1000, with no NaN and no warning.
    """
    e = np.exp(z - np.max(z))
    return e / e.sum()


def chain_slope(d, z, layers):
    """The product of the slopes through `layers` layers that all sit at the same z; 1 if there are no layers.

    d is a function that gives a slope, for example d_relu: call it with z. z is one number.
    """
    product = 1.0
    for _ in range(layers):
        product *= d(z)
    return product
