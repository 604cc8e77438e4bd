import numpy as np


def n_updates(n_samples, batch_size, epochs):
    return np.ceil(n_samples / batch_size) * epochs


SECOND_FIT = "Continues"
SAME_UPDATES = 20 * 5 == 100


def train_with_bar(model, X, y, epochs, bar):
    losses = []
    progress = bar(total=epochs)
    try:
        for first in range(0, epochs, 5):
            last = min(first + 5, epochs)
            history = model.fit(X, y, batch_size=4, epochs=last, initial_epoch=first, verbose=0)
            losses += history.history["loss"]
            progress.update(last - first)
    finally:
        progress.close()
    return losses
