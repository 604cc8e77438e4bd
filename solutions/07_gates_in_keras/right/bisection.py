# Halving instead of trying one after the other; the answer is a float without a fraction.
import numpy as np

ROWS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
LECTURE_AND = (1, 1, -1)
LECTURE_NAND = (-0.5, -0.5, 0.7)
LECTURE_OR = (0.8, 0.8, -0.1)


def sigmoid(z):
    return 0.5 * (1 + np.tanh(z / 2))


def answers(weights):
    W1, b1, W2, b2 = weights
    hidden = sigmoid(ROWS @ W1 + b1)
    return sigmoid(hidden @ W2 + b2)[:, 0]


def gates_to_weights(AND, NAND, OR, k=1.0):
    W1 = np.array([[NAND[0], OR[0]], [NAND[1], OR[1]]])
    b1 = np.array([NAND[2], OR[2]])
    W2 = np.array([[AND[0]], [AND[1]]])
    b2 = np.array([AND[2]])
    return [k * W1, k * b1, k * W2, k * b2]


WHY_HALF = "z is 0"
BETTER_AND = (10, 12, -17)


def sure(AND, NAND, OR, k, want):
    p = answers(gates_to_weights(AND, NAND, OR, k))
    return min(p[1], p[2], 1 - p[0], 1 - p[3]) >= want


def smallest_k(AND, NAND, OR, want=0.9):
    low, high = 0, 100
    if not sure(AND, NAND, OR, high, want):
        return
    while high - low > 1:
        middle = (low + high) // 2
        if sure(AND, NAND, OR, middle, want):
            high = middle
        else:
            low = middle
    return float(high)
