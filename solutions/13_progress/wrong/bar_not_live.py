import math


def n_updates(n_samples, batch_size, epochs):
    return math.ceil(n_samples / batch_size) * epochs


SECOND_FIT = "continues"
SAME_UPDATES = True


def train_with_bar(model, X, y, epochs, bar):
    with bar(total=epochs) as progress:
        history = model.fit(X, y, batch_size=4, epochs=epochs, verbose=0)
        progress.update(epochs)
    return history.history["loss"]
