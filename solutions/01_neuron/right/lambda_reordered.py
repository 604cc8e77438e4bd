Z = [-1, 0, 0, 1]
OUT = [0, 0, 0, 1]


def step(z):
    return int(not z <= 0)


neuron = lambda x1, x2, w1, w2, b: step(b + w2 * x2 + w1 * x1)
