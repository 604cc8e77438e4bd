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
    b1 = np.array([[NAND[2]], [OR[2]]])
    W2 = np.array([[AND[0]], [AND[1]]])
    b2 = np.array([AND[2]])
    return [k * W1, k * b1, k * W2, k * b2]


WHY_HALF = "z is 0"
BETTER_AND = (1, 1, -1.5)


def smallest_k(AND, NAND, OR, want=0.9):
    for k in range(1, 101):
        p = answers(gates_to_weights(AND, NAND, OR, k))
        if p[1] >= want and p[2] >= want and p[0] <= 1 - want and p[3] <= 1 - want:
            return k
    return None
