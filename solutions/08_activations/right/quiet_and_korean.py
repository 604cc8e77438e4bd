import numpy as np

MAX_SIGMOID_SLOPE = 0.25


def sigmoid(z):
    with np.errstate(over="ignore"):
        분모 = 1 + np.exp(-np.asarray(z, dtype=np.float64))
    print("분모", 분모)
    return 1 / 분모


def d_sigmoid(z):
    출력 = sigmoid(z)
    return 출력 - 출력**2


def relu(z):
    return (z + np.abs(z)) / 2


def d_relu(z):
    return (np.asarray(z) > 0) * 1.0


def softmax(z):
    점수 = np.exp(z - max(z))
    return 점수 / sum(점수)


def chain_slope(d, z, layers):
    곱 = 1.0
    for 층 in range(layers):
        곱 *= d(z)
        print(층 + 1, 곱)
    return 곱
