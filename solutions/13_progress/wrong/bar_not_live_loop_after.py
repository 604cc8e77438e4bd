import math


def n_updates(n_samples, batch_size, epochs):
    return math.ceil(n_samples / batch_size) * epochs


SECOND_FIT = "continues"
SAME_UPDATES = True


def train_with_bar(model, X, y, epochs, bar):
    history = model.fit(X, y, batch_size=4, epochs=epochs, verbose=0)
    for _ in bar(range(epochs)):
        pass
    return history.history["loss"]
