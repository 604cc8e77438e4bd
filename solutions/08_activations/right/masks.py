import numpy as np

MAX_SIGMOID_SLOPE = 0.25


def sigmoid(z):
    z = np.asarray(z, dtype=float)
    out = np.empty_like(z)
    right = z >= 0
    out[right] = 1 / (1 + np.exp(-z[right]))
    e = np.exp(z[~right])
    out[~right] = e / (1 + e)
    return out


def d_sigmoid(z):
    s = sigmoid(z)
    return s * (1 - s)


def relu(z):
    z = np.array(z)
    z[z < 0] = 0
    return z


def d_relu(z):
    out = np.zeros(np.shape(z))
    out[np.asarray(z) >= 0] = 1
    return out


def softmax(z):
    e = np.exp(z - np.max(z))
    return e / np.sum(e)


def chain_slope(d, z, layers):
    if layers == 0:
        return 1
    return d(z) * chain_slope(d, z, layers - 1)
