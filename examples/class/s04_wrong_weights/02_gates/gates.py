# The signs and the bias took a few tries; these felt right.
AND = (1, 1, 1.5)
NAND = (-1, -1, -1.5)
OR = (-0.5, 1, 1)
NOR = (-1, 0, 0.5)
A_NOT_B = (1, -1, 0.5)
