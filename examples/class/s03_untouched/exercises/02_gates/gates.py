"""Kata 02: choose the weights.

A neuron adds up its weighted inputs and the bias, z = x1*w1 + x2*w2 + b, and fires (1) only when z > 0.
Each line below asks for three numbers (w1, w2, b), so that the neuron answers like the gate of that name
on the rows (0, 0), (0, 1), (1, 0), (1, 1).
"""

# 0 0 0 1: fires only when both inputs are 1
AND = (..., ..., ...)  # TODO (w1, w2, b), for example 0.5

# 1 1 1 0: the opposite of AND
NAND = (..., ..., ...)  # TODO

# 0 1 1 1: fires when at least one input is 1
OR = (..., ..., ...)  # TODO

# Going beyond.
# 1 0 0 0: the opposite of OR
NOR = (..., ..., ...)  # TODO

# 0 0 1 0: the first input, but not the second
A_NOT_B = (..., ..., ...)  # TODO
