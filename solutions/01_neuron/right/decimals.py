from decimal import Decimal as D

Z = [D(-1), D(0), D(0), D(1)]
OUT = [0, 0, 0, 1]


def neuron(x1, x2, w1, w2, b):
    return D(1) if D(x1) * D(w1) + D(x2) * D(w2) + D(b) > 0 else D(0)
