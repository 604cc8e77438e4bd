def is_separable(truth):
    a, b, c, d = truth
    return not (a == d and b == c and a != b)


def best_score(truth):
    best = 0
    for w1 in (-1, 1):
        for w2 in (-1, 1):
            for b in (-1.5, -0.5, 0.5, 1.5):
                # keeps the last one
                best = sum((x1 * w1 + x2 * w2 + b > 0) == truth[2 * x1 + x2] for x1 in (0, 1) for x2 in (0, 1))
    return best


HOW_MANY_OF_16 = 14
PROOF = [((0, 1), (1, 0)), ((0, 0), (1, 1))]
