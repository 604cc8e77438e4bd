"""Kata 07: gates inside Keras.

XOR = AND(NAND, OR) is three neurons, and build_9 of kata 06 has places for three neurons: two in its hidden layer, one
behind them. Here the gates' numbers go into that network by hand, without any training.
A gate is (w1, w2, b), as in kata 02. Instead of 0 or 1 a sigmoid unit answers p = 1 / (1 + e**-z), between 0 and 1.
"""

import numpy as np

ROWS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])

# The lecture's gates, (w1, w2, b).
LECTURE_AND = (1, 1, -1)
LECTURE_NAND = (-0.5, -0.5, 0.7)
LECTURE_OR = (0.8, 0.8, -0.1)


def sigmoid(z):
    """1 / (1 + e**-z), written so that a large z does not overflow. Given, it works."""
    return 0.5 * (1 + np.tanh(z / 2))


def answers(weights):
    """What build_9 answers on the four ROWS after set_weights(weights), shape (4,). Given, it works."""
    W1, b1, W2, b2 = weights
    hidden = sigmoid(ROWS @ W1 + b1)
    return sigmoid(hidden @ W2 + b2)[:, 0]


def gates_to_weights(AND, NAND, OR, k=1.0):
    """Pour three gates into the network 2 -> 2 -> 1, so that it computes AND(NAND(x1, x2), OR(x1, x2)).

    AND's w1 belongs to what NAND says, its w2 to what OR says.
    Returns [W1, b1, W2, b2] as Keras's set_weights wants them: NumPy arrays of shapes (2, 2), (2,), (2, 1), (1,).
    W1 has one row for each input and one column for each hidden unit. All four are multiplied by k.
    """
    W1 = np.array([[NAND[0], OR[0]], [NAND[1], OR[1]]])
    b1 = np.array([NAND[2], OR[2]])
    W2 = np.array([[AND[0]], [AND[1]]])
    b2 = np.array([AND[2]])
    return k * np.array([W1, b1, W2, b2])


# With the lecture's three gates and k = 50 the answers are 0.58, 1, 1, 0.50: row (0, 0) is no XOR, whatever k is.
# Why? One of: 'k too small', 'not trained', 'z is 0', 'too few units'
WHY_HALF = "z is 0"

# (w1, w2, b) of an AND with which XOR comes out at k = 50, beside the lecture's NAND and OR:
# below 0.1 where XOR is 0, above 0.9 where it is 1.
BETTER_AND = (1, 1, -1.5)


def smallest_k(AND, NAND, OR, want=0.9):
    """The smallest whole number k from 1 to 100 at which the network is sure of XOR on all four ROWS.

    Sure: at least `want` on the rows whose XOR is 1, and at most 1 - want on the rows whose XOR is 0.
    Returns None if no k from 1 to 100 is enough.
    """
    for k in range(1, 101):
        p = answers(gates_to_weights(AND, NAND, OR, k))
        if min(p[1], p[2]) >= want and max(p[0], p[3]) <= 1 - want:
            return k
    return None
