Z = [-1, 0, 0, 1]
OUT = [0, 0, 0, 1]


def neuron(x1, x2, w1, w2, b):
    # an input of 0 or 1 switches its weight off or on
    z = b
    if x1:
        z += w1
    if x2 == 1:
        z = z + w2
    if z > 0:
        return True
    return False
