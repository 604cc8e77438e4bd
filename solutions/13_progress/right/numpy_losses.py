def n_updates(n_samples, batch_size, epochs):
    updates = 0
    for _ in range(epochs):
        left = n_samples
        while left > 0:
            left -= batch_size
            updates += 1
    return updates


SECOND_FIT = "continues"
SAME_UPDATES = True


import numpy as np


def train_with_bar(model, X, y, epochs, bar):
    losses = np.zeros(epochs)
    for i in bar(range(epochs), desc="epochs", leave=False, ncols=80):
        losses[i] = model.fit(x=X, y=y, batch_size=np.int64(4), epochs=1, verbose=0).history["loss"][0]
    return losses
