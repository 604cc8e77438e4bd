import math


def n_updates(n_samples, batch_size, epochs):
    return math.ceil(n_samples / batch_size) * epochs


SECOND_FIT = "continues"
SAME_UPDATES = True


def train_with_bar(model, X, y, epochs, bar):
    losses = []
    with bar(total=epochs, desc="training") as progress:
        for epoch in range(epochs):
            result = model.fit(X, y, batch_size=4, epochs=1, verbose=False)
            loss = result.history["loss"][0]
            losses.append(loss)
            progress.set_postfix(loss=loss)
            progress.update(1)
    return losses
