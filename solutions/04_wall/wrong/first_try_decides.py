"""Kata 04: the wall.

A truth table is written here as its four outputs, for the rows (0, 0), (0, 1), (1, 0), (1, 1) in this order:
AND is (0, 0, 0, 1), OR is (0, 1, 1, 1), XOR is (0, 1, 1, 0). There are 16 of them.

One neuron answers 1 when x1*w1 + x2*w2 + b > 0, else 0. Which tables can it have, for some w1, w2 and b?
"""


def is_separable(truth):
    """True if some w1, w2, b make one neuron answer like `truth` on all four rows, else False.

    Search, or find an argument about the corners of the square: both are fine.
    """
    tries = [half / 2 for half in range(-4, 5)]
    for w1 in tries:
        for w2 in tries:
            for b in tries:
                answers = tuple(int(x1 * w1 + x2 * w2 + b > 0) for x1 in (0, 1) for x2 in (0, 1))
                if answers == truth:
                    return True
                else:
                    return False
    return False


def best_score(truth):
    """How many of the four rows of `truth` one neuron can get right at most, with the best w1, w2, b."""
    tries = [half / 2 for half in range(-4, 5)]
    best = 0
    for w1 in tries:
        for w2 in tries:
            for b in tries:
                answers = [int(x1 * w1 + x2 * w2 + b > 0) for x1 in (0, 1) for x2 in (0, 1)]
                best = max(best, sum(answer == want for answer, want in zip(answers, truth)))
    return best


# For how many of the 16 truth tables is there a neuron? Guess first, then count with is_separable.
HOW_MANY_OF_16 = 14

# A search that finds nothing proves nothing. This does: for XOR each row is one inequality. The row (0, 1) has to
# fire, so w2 + b > 0. Write down the other three. Then pair the four rows so that adding up each pair gives two
# inequalities that cannot both be true.
PROOF = [((0, 1), (1, 0)), ((0, 0), (1, 1))]
