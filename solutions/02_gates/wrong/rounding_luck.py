# On paper 0.1 + 0.2 - 0.3 is 0, so (1, 1) would not fire.
AND = (0.1, 0.2, -0.3)
NAND = (-0.5, -0.5, 0.7)
OR = (0.8, 0.8, -0.1)
NOR = (-1, -1, 0.5)
A_NOT_B = (1, -1, -0.5)
