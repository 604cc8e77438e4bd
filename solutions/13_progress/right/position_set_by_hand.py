def n_updates(n_samples, batch_size, epochs):
    full, rest = divmod(n_samples, batch_size)
    return (full + (1 if rest else 0)) * epochs


SECOND_FIT = "continues"
SAME_UPDATES = True


def train_with_bar(model, X, y, epochs, bar):
    losses = []
    with bar(None, "training", epochs) as progress:
        while len(losses) < epochs:
            losses += model.fit(X, y, 4, 1, 0).history["loss"]
            progress.n = len(losses)
            progress.refresh()
    return losses
