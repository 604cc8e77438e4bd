# A model without a single Dense layer: the sums are written out, all kernels first, then all biases.
import keras
import numpy as np
from keras import ops

X_xor = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
y_xor = np.array([0, 1, 1, 0])


class Net(keras.Model):
    def __init__(self, widths, act):
        super().__init__()
        self.act = act
        self.ws = [self.add_weight(shape=(a, b)) for a, b in zip(widths[:-1], widths[1:])]
        self.bs = [self.add_weight(shape=(b,), initializer="zeros") for b in widths[1:]]
        self.built = True

    def call(self, x):
        for w, b in zip(self.ws[:-1], self.bs[:-1]):
            x = self.act(x @ w + b)
        return ops.sigmoid(x @ self.ws[-1] + self.bs[-1])


def build_3():
    return Net([2, 1], ops.sigmoid)


def build_5():
    return Net([2, 1, 1], ops.sigmoid)


def build_9():
    return Net([2, 2, 1], ops.sigmoid)


def build_17():
    return Net([2, 4, 1], ops.sigmoid)


def build_11():
    return Net([2, 2, 1, 1], ops.relu)


def build_25():
    return Net([2, 4, 2, 1], ops.relu)


CAN_SOLVE = {3: "never", 5: "never", 9: "sometimes", 17: "nearly always", 11: "sometimes", 25: "sometimes"}
