def is_separable(truth):
    a, b, c, d = truth
    return not (a == d and b == c and a != b)


def best_score(truth):
    return 1.0 if is_separable(truth) else 0.75


HOW_MANY_OF_16 = 14
PROOF = [((0, 1), (1, 0)), ((0, 0), (1, 1))]
