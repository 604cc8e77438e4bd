from collections import namedtuple
from decimal import Decimal
from fractions import Fraction

Neuron = namedtuple("Neuron", "w1 w2 b")

AND = Neuron(w1=Fraction(1, 3), w2=Fraction(1, 3), b=Fraction(-1, 2))
NAND = Neuron(*(-number for number in AND))
OR = (Decimal("0.5"), Decimal("0.5"), Decimal("-0.25"))
NOR = tuple(-number for number in OR)
A_NOT_B = (True, -1, False)
