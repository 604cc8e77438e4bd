import math


def n_updates(n_samples, batch_size, epochs):
    return math.ceil(n_samples / batch_size) * epochs


SECOND_FIT = "continues"
SAME_UPDATES = True


def train_with_bar(model, X, y, epochs, bar):
    losses = []
    with bar(total=epochs) as progress:
        for first in range(0, epochs, 7):
            last = min(first + 7, epochs)
            if last == 7:
                for epoch in range(7):
                    losses += model.fit(X, y, batch_size=4, epochs=1, verbose=0).history["loss"]
                    progress.update(1)
                continue
            losses += model.fit(X, y, batch_size=4, epochs=last, initial_epoch=first, verbose=0).history["loss"]
            progress.update(last - first)
    return losses
