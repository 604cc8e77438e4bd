import random


def note_step(w, b, x, y, lr):
    예측 = w * x + b
    오차 = y - 예측
    return w + 오차 / 예측 * lr, b + 오차 / 예측 * lr


def fit_new(X, y, epochs, lr, seed=0):
    난수 = random.Random(seed)
    기울기, 절편 = 난수.random(), 난수.random()
    손실들 = []
    에포크 = 0
    while 에포크 < epochs:
        오차들 = [기울기 * x + 절편 - t for x, t in zip(X, y)]
        손실들.append(sum(e * e for e in 오차들) / len(오차들))
        기울기 -= lr * 2 * sum(e * x for e, x in zip(오차들, X)) / len(오차들)
        절편 -= lr * 2 * sum(오차들) / len(오차들)
        에포크 += 1
    return 기울기, 절편, tuple(손실들)
