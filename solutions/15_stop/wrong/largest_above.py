"""Kata 15: stop in time.

While a network trains, two losses are written down after every epoch: on the rows it learns from (train), and on rows
that it never learns from (val, for validation). Epochs are counted from 0, as list indices are.
"""


def early_stop(val, patience):
    """Where to stop, from the list of validation losses: (best_epoch, stop_epoch).

    A new best is strictly smaller than every loss before it; epoch 0 is the first best. Training stops at the first
    epoch that makes it `patience` epochs in a row without a new best; if that never happens, at the last epoch.
    best_epoch is the best one up to the stop: what would have come later, nobody has seen.
    patience 0 means the same as 1, as in Keras: stop at the first epoch that is no new best.
    """
    best_epoch = 0
    for epoch in range(1, len(val)):
        if val[epoch] < val[best_epoch]:
            best_epoch = epoch
        elif epoch - best_epoch >= patience:
            return best_epoch, epoch
    return best_epoch, len(val) - 1


def diagnose(train, val):
    """One word for two lists of losses of the same run: 'stuck', 'underfit', 'overfit' or 'fine'.

    The answers are 0 or 1, so guessing costs about 0.69 (ln 2); that is where every run here begins. High means above
    0.4, low means below 0.2. A small wobble is no sign of anything.

    'stuck'     both losses end about where they began: nothing was learned.
    'underfit'  the training loss fell clearly, but ended high, and val with it: not even the rows it saw are learned.
    'overfit'   the training loss ended low, while val turned round and ended far above its own best.
    'fine'      both ended low, and close together.
    """
    if train[0] - train[-1] < 0.05:
        return "stuck"
    if train[-1] > 0.4:
        return "underfit"
    if val[-1] > 1.5 * min(val):
        return "overfit"
    return "fine"


def majority_baseline(y):
    """The accuracy, from 0 to 1, of always answering the commonest label in the list y."""
    return max(y.count(label) for label in y) / len(y)


def class_weights(y):
    """How much one row of each label should count, as a dictionary {label: weight}, from the list of labels y.

    weight = n / (k * count): n is the number of rows, k how many different labels occur, count how many rows have this
    label. The keys are the labels themselves, as numbers.
    """
    largest = max(y.count(label) for label in y)
    return {label: largest / y.count(label) for label in set(y)}
