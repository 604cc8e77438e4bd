import math


def n_updates(n_samples, batch_size, epochs):
    return math.ceil(n_samples / batch_size) * epochs


SECOND_FIT = "continues"
SAME_UPDATES = True


def train_with_bar(model, X, y, epochs, bar):
    losses = []
    try:
        for _ in bar(range(epochs)):
            losses += model.fit(X, y, batch_size=4, epochs=1, verbose=0).history["loss"]
    finally:
        return losses
