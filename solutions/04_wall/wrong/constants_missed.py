def is_separable(truth):
    # opposite corners equal
    return not (truth[0] == truth[3] and truth[1] == truth[2])


def best_score(truth):
    return 3 if tuple(truth) in ((0, 1, 1, 0), (1, 0, 0, 1)) else 4


HOW_MANY_OF_16 = 14
PROOF = [((0, 1), (1, 0)), ((0, 0), (1, 1))]
