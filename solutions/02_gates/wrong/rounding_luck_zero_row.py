# On paper (1, 1) gives 0.8 - 0.7 - 0.1 = 0 and stays silent; in floating point it is a little above.
AND = (1, 1, -1.5)
NAND = (-0.5, -0.5, 0.7)
OR = (0.8, 0.8, -0.1)
NOR = (-1, -1, 0.5)
A_NOT_B = (0.8, -0.7, -0.1)
