Z = [-1, 0, 0, 1]
OUT = [0, 0, 0, 1]


def neuron(x1, x2, w1, w2, b):
    z = 0
    for x, w in ((x1, w1), (x2, w2)):
        z += x * w + b
    return 1 if z > 0 else 0
