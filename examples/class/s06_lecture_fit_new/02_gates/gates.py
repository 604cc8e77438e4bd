# The lecture's own numbers: AND lies on the fence, and is right by the rule.
AND = (1, 1, -1)
NAND = (-0.5, -0.5, 0.7)
OR = (0.8, 0.8, -0.1)
NOR = (-1, -1, 0.5)
A_NOT_B = (1, -2, 0)
