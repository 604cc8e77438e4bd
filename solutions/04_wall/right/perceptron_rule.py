def is_separable(truth):
    """The perceptron rule ends if and only if a line exists; 100 rounds are more than four rows need."""
    w1 = w2 = b = 0
    for _ in range(100):
        mistakes = 0
        for i, t in enumerate(truth):
            x1, x2 = divmod(i, 2)
            y = int(x1 * w1 + x2 * w2 + b > 0)
            w1, w2, b = w1 + (t - y) * x1, w2 + (t - y) * x2, b + (t - y)
            mistakes += t != y
        if mistakes == 0:
            return True
    return False


def best_score(truth):
    return 4 if is_separable(truth) else max(best_score(flip(truth, i)) - 1 for i in range(4))


def flip(truth, i):
    return tuple(1 - t if i == k else t for k, t in enumerate(truth))


HOW_MANY_OF_16 = sum(is_separable((n >> 3 & 1, n >> 2 & 1, n >> 1 & 1, n & 1)) for n in range(16))
PROOF = [{(0, 1), (1, 0)}, {(0, 0), (1, 1)}]
