def is_separable(truth):
    for w1 in (0, 0.5, 1):
        for w2 in (0, 0.5, 1):
            for b in (-1, -0.5, 0):
                if all((x1 * w1 + x2 * w2 + b > 0) == truth[2 * x1 + x2] for x1 in (0, 1) for x2 in (0, 1)):
                    return True
    return False


def best_score(truth):
    return 3 if tuple(truth) in ((0, 1, 1, 0), (1, 0, 0, 1)) else 4


HOW_MANY_OF_16 = 14
PROOF = [((0, 1), (1, 0)), ((0, 0), (1, 1))]
