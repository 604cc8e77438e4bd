import math

import numpy as np

SECOND_FIT = "continues"
SAME_UPDATES = True


def n_updates(n_samples, batch_size, epochs):
    return math.ceil(n_samples / batch_size) * epochs


def train_with_bar(model, X, y, epochs, bar):
    # other batches than before
    order = np.random.default_rng(0).permutation(len(X))
    X, y = np.asarray(X)[order], np.asarray(y)[order]
    losses = []
    for _ in bar(range(epochs)):
        losses += model.fit(X, y, batch_size=4, epochs=1, verbose=0).history["loss"]
    return losses
