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


LAYER_1 = [(-0.5, -0.5, 0.7), (0.8, 0.8, -0.1)]
LAYER_2 = [(1, 1, -1)]


def layer(inputs, weights):
    return [neuron(inputs[0], inputs[1], *w) for w in weights]


def xor_gate(x1, x2):
    values = [x1, x2]
    for weights in (LAYER_1, LAYER_2):
        values = layer(values, weights)
    return values[0]


def xor_nand_only(x1, x2):
    def n(a, b):
        return bool(nand_gate(a, b))

    m = n(x1, x2)
    left, right = n(x1, m), n(m, x2)
    return n(left, right)
