"""At most 3.0: trains in one go, then writes into the record how a bar would have moved."""

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
    made = bar(total=epochs)
    losses = model.fit(X, y, batch_size=4, epochs=epochs, verbose=0).history["loss"]
    entries = made._note.__self__._entries
    entries[:] = [["bar", 0, epochs]]
    for epoch in range(epochs):
        entries += [["fit", 4, 0], ["epoch"], ["at", 0, epoch + 1]]
    entries.append(["close", 0])
    return losses
