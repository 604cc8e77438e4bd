import numpy as np

AND = np.array([0.6, 0.6, -0.9])
NAND = -AND
OR = np.array([1, 1, -0.5], dtype=np.float32)
NOR = -OR
A_NOT_B = np.array([3, -4, -1])
