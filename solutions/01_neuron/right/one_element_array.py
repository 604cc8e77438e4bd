import numpy as np

Z = np.array([-1, 0, 0, 1])
OUT = np.array([False, False, False, True])


def neuron(x1, x2, w1, w2, b):
    z = np.array([x1, x2]) @ np.array([[w1], [w2]]) + b
    return np.where(z > 0, 1, 0)
