def early_stop(val, patience):
    for stop in range(len(val)):
        best = val.index(min(val[: stop + 1]))
        if stop - best >= patience and stop > best:
            return best, stop
    return best, stop


def diagnose(train, val):
    if train[-1] > 0.6:
        return "stuck"
    if train[-1] > 0.4:
        return "underfit"
    if val[-1] > 2 * train[-1]:
        return "overfit"
    return "fine"


def majority_baseline(y):
    return max(y.count(label) for label in set(y)) / len(y)


def class_weights(y):
    kinds = set(y)
    return {label: len(y) / (len(kinds) * y.count(label)) for label in kinds}
