# Given, and working. Call these; they need no change.
def neuron(x1, x2, w1, w2, b):
    """1 if the weighted sum is above zero, else 0."""
    z = x1 * w1 + x2 * w2 + b
    return 1 if z > 0 else 0


def and_gate(x1, x2):
    """0 0 0 1."""
    return neuron(x1, x2, 1, 1, -1)


def or_gate(x1, x2):
    """0 1 1 1."""
    return neuron(x1, x2, 0.8, 0.8, -0.1)


def nand_gate(x1, x2):
    """1 1 1 0."""
    return neuron(x1, x2, -0.5, -0.5, 0.7)


HIDDEN = {(0, 0): (1, 0), (0, 1): (1, 1), (1, 0): (1, 1), (1, 1): (0, 1)}


def xor_gate(x1, x2):
    only_first = neuron(x1, x2, w1=1.0, w2=-1.0, b=-0.5)
    only_second = neuron(x1, x2, w1=-1.0, w2=1.0, b=-0.5)
    return int(or_gate(only_first, only_second))


def xor_nand_only(x1, x2):
    w1, w2, b = -1, -1, 3 / 2
    s = neuron(x1, x2, w1, w2, b)
    t = neuron(x1, s, w1, w2, b)
    u = neuron(s, x2, w1, w2, b)
    return neuron(t, u, w1, w2, b)
