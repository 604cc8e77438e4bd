Z = [-1, 0, 0, 1]
OUT = [0, 0, 0, 1]

x1 = int(input("x1: "))
x2 = int(input("x2: "))


def neuron(x1, x2, w1, w2, b):
    return 1 if x1 * w1 + x2 * w2 + b > 0 else 0
