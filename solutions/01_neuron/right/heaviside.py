import numpy as np

Z = [-1.0, 0.0, 0.0, 1.0]
OUT = [0.0, 0.0, 0.0, 1.0]


def neuron(x1, x2, w1, w2, b):
    # 0.0 or 1.0; the second argument is what to answer at exactly 0
    return np.heaviside(x1 * w1 + x2 * w2 + b, 0)
