import numpy as np

X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
rng = np.random.default_rng()
W = rng.normal(size=(20_000, 2))
B = rng.normal(size=20_000)
ANSWERS = (W @ X.T + B[:, None] > 0).astype(int)


def is_separable(truth):
    return np.any(np.all(ANSWERS == np.array(truth), axis=1))


def best_score(truth):
    return np.max(np.sum(ANSWERS == np.array(truth), axis=1))


HOW_MANY_OF_16 = len(np.unique(ANSWERS, axis=0))
PROOF = (((1, 0), (0, 1)), ((1, 1), (0, 0)))
