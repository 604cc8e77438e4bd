"""Kata 01: one neuron.

A neuron multiplies each input by that input's own weight, adds the products, and adds its bias b. That sum is called z.
Then it decides: it fires (1) when z is above 0, else it stays silent (0).
"""

# Predict on paper, before you write any code: w1 = 1, w2 = 1, b = -1.
# The rows (x1, x2) are (0, 0), (0, 1), (1, 0), (1, 1), in this order.
Z = [-1, 0, 0, 1]
OUT = [0, 0, 0, 1]


def neuron(x1, x2, w1, w2, b):
    """What the neuron answers: 0 or 1.

    x1 and x2 are the inputs (0 or 1), w1 and w2 their weights, b is the bias; weights and bias may be any numbers.
    """
    z = b + x1 * w1 + x1 * w2
    return 1 if z > 0 else 0
