import math

SECOND_FIT = "continues"
SAME_UPDATES = True


def n_updates(n_samples, batch_size, epochs):
    return math.ceil(n_samples / batch_size) * epochs


def train_with_bar(model, X, y, epochs, bar, losses=[]):
    for _ in bar(range(epochs)):
        history = model.fit(X, y, batch_size=4, epochs=1, verbose=0)
        losses.extend(history.history["loss"])
    return losses
