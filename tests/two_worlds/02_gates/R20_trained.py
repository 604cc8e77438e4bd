"""Kata 02: choose the weights.

A neuron adds up its weighted inputs and the bias, z = x1*w1 + x2*w2 + b, and fires (1) only when z > 0.
Each line below asks for three numbers (w1, w2, b), so that the neuron answers like the gate of that name
on the rows (0, 0), (0, 1), (1, 0), (1, 1).
"""


def lerne(ziel, eta=0.1, runden=50):
    w1 = w2 = b = 0.0
    for _ in range(runden):
        for (x1, x2), t in zip([(0, 0), (0, 1), (1, 0), (1, 1)], ziel):
            o = 1 if w1 * x1 + w2 * x2 + b > 0 else 0
            d = eta * (t - o)
            w1 += d * x1
            w2 += d * x2
            b += d
    return w1, w2, b


# 0 0 0 1: fires only when both inputs are 1
AND = lerne([0, 0, 0, 1])

# 1 1 1 0: the opposite of AND
NAND = lerne([1, 1, 1, 0])

# 0 1 1 1: fires when at least one input is 1
OR = lerne([0, 1, 1, 1])

# Going beyond.
# 1 0 0 0: the opposite of OR
NOR = lerne([1, 0, 0, 0])

# 0 0 1 0: the first input, but not the second
A_NOT_B = lerne([0, 0, 1, 0])
