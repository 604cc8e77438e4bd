steps = [i / 10 for i in range(-20, 21)]


def right_rows(truth, w1, w2, b):
    n = 0
    for i, (x1, x2) in enumerate([(0, 0), (0, 1), (1, 0), (1, 1)]):
        y = 1 if x1 * w1 + x2 * w2 + b > 0 else 0
        if y == truth[i]:
            n += 1
    return n


def is_separable(truth):
    for w1 in steps[::2]:
        for w2 in steps[::2]:
            for b in steps[::2]:
                if right_rows(truth, w1, w2, b) == 4:
                    return 1
    return 0


def best_score(truth):
    return max(right_rows(truth, w1, w2, b) for w1 in steps[::4] for w2 in steps[::4] for b in steps[::2])


from itertools import product

HOW_MANY_OF_16 = 0
for t in product((0, 1), repeat=4):
    if t == (0, 1, 1, 0) or t == (1, 0, 0, 1):
        continue
    HOW_MANY_OF_16 += 1
PROOF = [((0, 0), (1, 1)), ((0, 1), (1, 0))]
