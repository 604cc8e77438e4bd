import math


def n_updates(n_samples, batch_size, epochs):
    return math.ceil(n_samples / batch_size) * epochs


SECOND_FIT = "continues"
SAME_UPDATES = True


from tqdm.auto import tqdm

for _ in tqdm(range(3), desc="연습"):
    pass


def train_with_bar(model, X, y, epochs, bar):
    """에포크마다 한 번씩 학습해요."""
    손실들 = []
    for 번호 in bar(range(1, epochs + 1)):
        기록 = model.fit(X, y, batch_size=4, epochs=번호, initial_epoch=번호 - 1, verbose=0)
        손실들.append(기록.history["loss"][-1])
        print(번호, 손실들[-1])
    return tuple(손실들)
