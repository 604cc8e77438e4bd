"""Kata 04: the wall.

A truth table is written here as its four outputs, for the rows (0, 0), (0, 1), (1, 0), (1, 1) in this order:
AND is (0, 0, 0, 1), OR is (0, 1, 1, 1), XOR is (0, 1, 1, 0). There are 16 of them.

One neuron answers 1 when x1*w1 + x2*w2 + b > 0, else 0. Which tables can it have, for some w1, w2 and b?
"""


def neurons(values):
    """Given: hands out every neuron (w1, w2, b) whose three numbers stand in the list `values`, one after the other."""
    for w1 in values:
        for w2 in values:
            for b in values:
                yield w1, w2, b


def is_separable(truth):
    """True if some w1, w2, b make one neuron answer like `truth` on all four rows, else False.

    Search, with a loop such as `for w1, w2, b in neurons([-1, 0, 1]):`, or find an argument about the corners of the
    square: both are fine.
    """
    return best_score(truth) == 4


def best_score(truth):
    """How many of the four rows of `truth` one neuron can get right at most, with the best w1, w2, b."""
    tries = [half / 2 for half in range(-4, 5)]
    best = 0
    for w1, w2, b in neurons(tries):
        answers = [int(x1 * w1 + x2 * w2 + b > 0) for x1 in (0, 1) for x2 in (0, 1)]
        best = max(best, sum(answer == want for answer, want in zip(answers, truth)))
    return best


# For how many of the 16 truth tables is there a neuron? Guess first, then count with is_separable.
HOW_MANY_OF_16 = 14

# A search that finds nothing proves nothing. This does: for XOR each row is one inequality. The row (0, 1) has to
# fire, so w2 + b > 0. Write down the other three. Then pair the four rows so that adding up each pair gives two
# inequalities that cannot both be true.
PROOF = {frozenset({(1, 0), (0, 1)}), frozenset({(1, 1), (0, 0)})}
