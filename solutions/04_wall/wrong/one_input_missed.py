def is_separable(truth):
    # a line cuts off one corner
    return sum(truth) in (1, 3)


def best_score(truth):
    return 3 if tuple(truth) in ((0, 1, 1, 0), (1, 0, 0, 1)) else 4


HOW_MANY_OF_16 = 14
PROOF = [((0, 1), (1, 0)), ((0, 0), (1, 1))]
