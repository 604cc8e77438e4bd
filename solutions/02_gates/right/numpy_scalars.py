import numpy as np

AND = (np.float64(10), np.int64(10), np.float32(-15))
NAND = (np.float64(-10), np.int64(-10), np.float32(15))
OR = (1e6, 1e6, -1)
NOR = (-1e6, -1e6, 1)
A_NOT_B = (1e-3, -1e-3, -1e-4)
