import numpy as np


class Line:
    def __init__(self, seed):
        self.w, self.b = np.random.default_rng(seed).standard_normal(2) * 0.01

    def __call__(self, X):
        return self.w * X + self.b

    def step(self, X, y, lr):
        error = self(X) - y
        self.w -= lr * 2 * (error * X).mean()
        self.b -= lr * 2 * error.mean()
        return (error**2).mean()


def note_step(w, b, x, y, lr):
    pred = w * x + b
    d = (y - pred) / pred
    return np.float64(w + lr * d), np.float64(b + lr * d)


def fit_new(X, y, epochs, lr, seed=0):
    line = Line(seed)
    losses = [line.step(X, y, lr) for _ in range(epochs)]
    return line.w, line.b, losses


if __name__ == "__main__":
    print(fit_new(np.arange(4), 2 * np.arange(4) + 1, 500, 0.1))
