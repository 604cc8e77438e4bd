"""Kata 02: choose the weights.

A neuron adds up its weighted inputs and the bias, z = x1*w1 + x2*w2 + b, and fires (1) only when z > 0.
Each line below asks for three numbers (w1, w2, b), so that the neuron answers like the gate of that name
on the rows (0, 0), (0, 1), (1, 0), (1, 1).
"""

# 0 0 0 1: fires only when both inputs are 1
AND = (0.5, 0.5, -0.75)

# 1 1 1 0: the opposite of AND
NAND = (-0.5, -0.5, 0.75)

# 0 1 1 1: fires when at least one input is 1
OR = (0.5, 0.5, -0.25)

# Going beyond.
# 1 0 0 0: the opposite of OR
NOR = (-0.5, -0.5, 0.25)

# 0 0 1 0: the first input, but not the second
A_NOT_B = (1, 1, 1)
