def n_updates(n_samples, batch_size, epochs):
    return -(-n_samples // batch_size) * epochs


SECOND_FIT = "continues"
SAME_UPDATES = True


class Tick:
    def __init__(self, progress):
        self.progress = progress

    def on_epoch_end(self, *_):
        self.progress.update()


def train_with_bar(model, X, y, epochs, bar):
    with bar(total=epochs) as progress:
        history = model.fit(X, y, batch_size=4, epochs=epochs, verbose=0, callbacks=[Tick(progress)])
    return history.history["loss"]
