Z = [-1, 0, 0, 1]
OUT = [0, 0, 0, 1]


def neuron(x1, x2, w1, w2, b):
    """뉴런 하나"""
    return 1 if x1 * w1 + x2 * w2 + b > 0 else 0
