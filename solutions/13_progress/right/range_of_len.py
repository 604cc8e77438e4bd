import math


def n_updates(n_samples, batch_size, epochs):
    return math.ceil(n_samples / batch_size) * epochs


SECOND_FIT = "continues"
SAME_UPDATES = True


def train_with_bar(model, X, y, epochs, bar):
    return [
        model.fit(X, y, batch_size=4, verbose=0, epochs=1).history["loss"][0]
        for _ in bar(list(range(epochs)), total=epochs)
    ]
