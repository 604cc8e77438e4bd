def total(x1, x2, w1=1, w2=1, b=-1):
    return sum(x * w for x, w in zip((x1, x2, 1), (w1, w2, b)))


def neuron(x1, x2, w1, w2, b):
    return min(1, max(0, -(-total(x1, x2, w1, w2, b) // 1)))


ROWS = [(0, 0), (0, 1), (1, 0), (1, 1)]
Z = [total(*row) for row in ROWS]
OUT = [neuron(*row, 1, 1, -1) for row in ROWS]
