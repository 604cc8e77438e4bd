def neuron(x1, x2, w1, w2, b):
    z = x1 * w1 + x2 * w2 + b
    return 1 if z > 0 else 0


def and_gate(x1, x2):
    return neuron(x1, x2, 1, 1, -1)


def or_gate(x1, x2):
    return neuron(x1, x2, 0.8, 0.8, -0.1)


def nand_gate(x1, x2):
    return neuron(x1, x2, -0.5, -0.5, 0.7)


HIDDEN = {(0, 0): (1, 0), (0, 1): (1, 1), (1, 0): (1, 1), (1, 1): (0, 1)}


def xor_gate(x1, x2):
    s = nand_gate(x1, x2)
    return 1 / 0


def xor_nand_only(x1, x2):
    both = nand_gate(x1, x2)
    return nand_gate(nand_gate(x1, both), nand_gate(both, x2))
