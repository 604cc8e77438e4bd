Z = (-1, 0, 0, 1)
OUT = (False, False, False, True)


def neuron(x1, x2, w1, w2, b):
    return x1 * w1 + x2 * w2 + b > 0
