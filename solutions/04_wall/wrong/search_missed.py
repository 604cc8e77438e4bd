def is_separable(truth):
    # the same weight for both inputs
    for w in (-1, -0.5, 0, 0.5, 1):
        for b in (-1.5, -0.75, -0.25, 0.25, 0.75, 1.5):
            if [int(x1 * w + x2 * w + b > 0) for x1 in (0, 1) for x2 in (0, 1)] == list(truth):
                return True
    return False


def best_score(truth):
    return 3 if tuple(truth) in ((0, 1, 1, 0), (1, 0, 0, 1)) else 4


HOW_MANY_OF_16 = 14
PROOF = [((0, 1), (1, 0)), ((0, 0), (1, 1))]
