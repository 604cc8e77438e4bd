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
    def 곱하기(숫자들):
        return np.array(숫자들, dtype=float) * k

    가중치 = []
    가중치.append(곱하기([[NAND[0], OR[0]], [NAND[1], OR[1]]]))
    가중치.append(곱하기([NAND[2], OR[2]]))
    가중치.append(곱하기([[AND[0]], [AND[1]]]))
    가중치.append(곱하기([AND[2]]))
    print("k =", k)
    return 가중치


WHY_HALF = "z is 0"
from fractions import Fraction

BETTER_AND = (1, 1, Fraction(-3, 2))


def smallest_k(AND, NAND, OR, want=0.9):
    k = 1
    while k <= 100:
        확률 = answers(gates_to_weights(AND, NAND, OR, k)).tolist()
        if all([확률[0] <= 1 - want, 확률[1] >= want, 확률[2] >= want, 확률[3] <= 1 - want]):
            break
        k = k + 1
    else:
        return None
    return k
