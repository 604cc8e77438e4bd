from math import exp

import numpy as np

MAX_SIGMOID_SLOPE = 0.25


@np.vectorize
def sigmoid(z):
    if z < 0:
        return exp(z) / (1 + exp(z))
    return 1 / (1 + exp(-z))


def d_sigmoid(z):
    s = sigmoid(z)
    return s * (1 - s)


@np.vectorize
def relu(z):
    return z if z > 0 else 0 * z


@np.vectorize
def d_relu(z):
    if z > 0:
        return 1
    else:
        return 0


def softmax(z):
    top = max(z)
    e = [exp(score - top) for score in z]
    return [value / sum(e) for value in e]


def chain_slope(d, z, layers):
    product = 1
    i = 0
    while i < layers:
        product = product * d(z)
        i += 1
    return product
