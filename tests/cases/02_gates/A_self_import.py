import os
import sys

sys.path.insert(0, os.path.abspath(os.path.dirname(os.path.abspath(__file__))))
sys.path.append("..")
AND = (1, 1, -1)
OR = (0.8, 0.8, -0.1)
import test_gates

NAND = (-1, -1, 2)
