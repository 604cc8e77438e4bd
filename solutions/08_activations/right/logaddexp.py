from fractions import Fraction
from functools import reduce

import numpy as np

MAX_SIGMOID_SLOPE = Fraction(1, 4)


def sigmoid(z):
    return np.exp(-np.logaddexp(0, -np.asarray(z)))


def d_sigmoid(z):
    s = sigmoid(z)
    return s * (1 - s)


def relu(z):
    return z * (np.asarray(z) > 0)


d_relu = lambda z: (np.sign(z) + 1) // 2


def softmax(z):
    return np.exp(z - np.logaddexp.reduce(z))


def chain_slope(d, z, layers):
    return reduce(lambda a, b: a * b, (d(z) for _ in range(layers)), 1.0)
