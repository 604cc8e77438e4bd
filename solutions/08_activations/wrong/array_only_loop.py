import numpy as np

MAX_SIGMOID_SLOPE = 0.25


def sigmoid(z):
    out = []
    for number in z:
        out.append(1 / (1 + np.exp(-number)))
    return np.array(out)


def d_sigmoid(z):
    s = sigmoid(z)
    return s * (1 - s)


def relu(z):
    return np.maximum(0, z)


def d_relu(z):
    return (np.asarray(z) > 0) * 1.0


def softmax(z):
    e = np.exp(z - np.max(z))
    return e / np.sum(e)


def chain_slope(d, z, layers):
    return d(z) ** layers
