"""Kata 13: a progress bar around fit, and how many updates a training makes.

Run this file itself, `python progress.py`, to see your bar with tqdm and Keras (both have to be installed).
"""

import math


def n_updates(n_samples, batch_size, epochs):
    """How many times the weights are updated: once for each batch, in every epoch.

    The last batch of an epoch may be smaller than the others; it counts like them.
    """
    return math.ceil(n_samples / batch_size) * epochs


# Predict. fit is called with epochs=1000, and then once more with epochs=1000. What does the second call do?
# One of 'starts over', 'continues', 'averages'
SECOND_FIT = "continues"

# Predict. One exam solved 20 times, or 20 exams of the same length solved once each, with batch_size=1:
# is the number of updates the same? True or False
SAME_UPDATES = True


def train_with_bar(model, X, y, epochs, bar):
    """Train the model for exactly `epochs` epochs under one progress bar; return the list of losses, one per epoch.

    model.fit(X, y, batch_size=..., epochs=..., verbose=...) trains and returns a history; history.history["loss"] is
    the list of its losses. The batch size is 4, and fit prints nothing of its own. The model comes ready: it is not
    compiled, built or reset here.

    bar makes a progress bar as tqdm does: bar(range(5)) counts while a loop goes over it; bar(total=5) is moved by
    its update(1), and `with bar(total=5) as b:` closes it at the end, whatever happens. It shows the epochs trained.
    """
    losses = []
    with bar(total=epochs) as shown:
        for i in range(epochs):
            history = model.fit(X, y, batch_size=4, epochs=1, verbose=0)
            losses += history.history["loss"]
            shown.update(i)
    return losses


def look():
    """Train one small Keras network twice: with your loop under tqdm, and with one fit under tqdm's own callback."""
    import keras
    import numpy as np
    from tqdm.auto import tqdm
    from tqdm.keras import TqdmCallback

    X, y = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype="float32"), np.array([0, 1, 1, 0], dtype="float32")
    weights = []
    for train in (
        lambda model: train_with_bar(model, X, y, 40, tqdm),
        lambda model: model.fit(X, y, batch_size=4, epochs=40, verbose=0, callbacks=[TqdmCallback(verbose=0)]),
    ):
        keras.utils.set_random_seed(0)
        layers = [keras.Input((2,)), keras.layers.Dense(2, "sigmoid"), keras.layers.Dense(1, "sigmoid")]
        model = keras.Sequential(layers)
        model.compile(optimizer="adam", loss="binary_crossentropy")
        train(model)
        weights.append(np.concatenate([array.ravel() for array in model.get_weights()]))
    print("largest difference between the two networks:", abs(weights[0] - weights[1]).max())


if __name__ == "__main__":
    look()
