UPHILL = {"x": 1.0, "y": -1.0, "w": -0.3, "b": -0.2}
RATES = {"slow": 0.001, "good": 0.1, "diverges": 0.3}


def numeric_grad(f, w, b, h=1e-5):
    오른쪽, 왼쪽 = f(w + h, b), f(w - h, b)
    위, 아래 = f(w, b + h), f(w, b - h)
    print(오른쪽 - 왼쪽, 위 - 아래)
    return [(오른쪽 - 왼쪽) / (2 * h), (위 - 아래) / (2 * h)]


def grad(w, b, X, y):
    오차 = [w * x + b - t for x, t in zip(X, y)]
    n = len(오차)
    return 2 * sum(e * x for e, x in zip(오차, X)) / n, 2 * sum(오차) / n
