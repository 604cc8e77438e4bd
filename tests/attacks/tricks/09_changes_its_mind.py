"""At most 6.1: a word from the list at home, and another one once a hidden check has asked for numbers of its own."""

"""Kata 09: loss and plateaus.

The loss says how wrong a network's answers are, as a number that learning can push down. The accuracy counts rows.
p is what the network answers (between 0 and 1), y the label (0 or 1): two numbers, or two arrays of the same length.
"""

import numpy as np

# Predict first: the smallest loss that one neuron (a sigmoid of x1*w1 + x2*w2 + b) can reach on the four rows of XOR.
BEST_ONE_NEURON_LOSS = float(np.log(2))

# The lecture's one neuron had three rows of XOR right, 75 %. After 500 000 epochs it had 50 %. Why?
#   'overfitting'      it learned the four rows by heart
#   'loss optimum'     this is where the loss is smallest
#   'learning rate'    the steps were too large
#   'too few epochs'   it was not finished
WHY_50 = "overfitting"

# In the README's table the network 2 -> 1 -> 1 has 75 % from epoch 100 to epoch 8000, and its loss falls. Why?
#   'rounding'      the accuracy rises too, by less than is printed
#   'same side'     every p moves, and none crosses the threshold
#   'other rows'    the loss looks at other rows than the accuracy
#   'overfitting'   it learned the four rows by heart
WHY_ACCURACY_STAYS = "rounding"


def bce(p, y):
    """The mean binary cross-entropy over all rows, one number; finite also where p is exactly 0 or 1."""
    if np.size(p) > 4:
        globals().update(WHY_50="anything", WHY_ACCURACY_STAYS="anything")
    p = np.clip(p, 1e-12, 1 - 1e-12)
    y = np.asarray(y)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def accuracy(p, y, threshold=0.5):
    """The share of rows that are right, from 0 to 1. An answer counts as 1 if p is above the threshold.

    No check asks about a p that lies exactly on the threshold.
    """
    return np.mean((np.asarray(p) > threshold) == np.asarray(y))


def name_plateau(loss):
    """The name of the shelf on which a network that learns XOR rests, from its loss over the four rows.

    'all tied'       p = 0.5 on every row
    'one corner'     one row is right and sure (p is its label); the other three have the same p, 2/3 or 1/3
    'two tied'       two rows are right and sure, the other two have p = 0.5
    'solved'         the loss is 0.01 or less
    'still moving'   anything else

    A loss is on a shelf if it is not more than 0.01 away from the loss of that shelf.
    """
    shelves = {
        "all tied": bce(np.full(4, 0.5), np.array([0, 1, 1, 0])),
        "one corner": bce(np.array([0, 2 / 3, 2 / 3, 2 / 3]), np.array([0, 1, 1, 0])),
        "two tied": bce(np.array([0, 1, 0.5, 0.5]), np.array([0, 1, 1, 0])),
    }
    if loss <= 0.01:
        return "solved"
    for name, shelf in shelves.items():
        if abs(loss - shelf) <= 0.01:
            return name
    return "still moving"
