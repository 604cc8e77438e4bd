import random


def draws(truth, n):
    best = 0
    for _ in range(n):
        w1, w2, b = (random.uniform(-2, 2) for _ in range(3))
        z = (b, w2 + b, w1 + b, w1 + w2 + b)
        best = max(best, sum((s > 0) == bool(t) for s, t in zip(z, truth)))
        if best == 4:
            break
    return best


def is_separable(truth):
    return draws(truth, 10_000) == 4


def best_score(truth):
    return draws(truth, 10_000)


HOW_MANY_OF_16 = 14
PROOF = [["01", "10"], ["00", "11"]]
