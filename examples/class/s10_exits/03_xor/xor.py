"""Kata 03: XOR from gates.

One neuron cannot be XOR, so the lecture uses two layers. Both inputs go into two hidden neurons, whose outputs are the
hidden wires s1 and s2; one more gate reads the two wires and gives the answer.

    s1 = NAND of x1 and x2
    s2 = OR of x1 and x2
    y  = which gate of s1 and s2?
"""


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


# What do the hidden wires carry? Predict it on paper: inputs (x1, x2) -> wires (s1, s2), each 0 or 1.
HIDDEN = {
    (0, 0): (1, 0),
    (0, 1): (1, 1),
    (1, 0): (1, 1),
    (1, 1): (0, 1),
}


def xor_gate(x1, x2):
    """0 1 1 0, made of the gates above.

    What it returns has to come out of a gate (or of neuron with weights of your own). Python decides nothing here:
    no if, no and, no ==, no ^.
    """
    s1 = nand_gate(x1, x2)
    s2 = or_gate(x1, x2)
    return and_gate(s1, s2)


# Going beyond.
def xor_nand_only(x1, x2):
    """0 1 1 0 again, from four NAND gates and nothing else."""
    both = nand_gate(x1, x2)
    return nand_gate(nand_gate(x1, both), nand_gate(both, x2))
