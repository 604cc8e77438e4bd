Z = [-1, 0, 0, 1]
OUT = [0, 0, 0, 1]


def neuron(x1, x2, w1, w2, b):
    z = (x1 * w1 + x2 * w2) / 2 + b
    return 1 if z > 0 else 0
