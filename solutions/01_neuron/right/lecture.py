Z = [-1, 0, 0, 1]
OUT = [0, 0, 0, 1]


def neuron(x1, x2, w1, w2, b):
    # as in the lecture
    y = x1 * w1 + x2 * w2 + b
    if y <= 0:
        return 0
    elif y > 0:
        return 1
