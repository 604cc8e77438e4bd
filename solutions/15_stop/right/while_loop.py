def early_stop(val, patience):
    epoch = best = waited = 0
    while epoch < len(val) - 1 and waited < max(1, patience):
        epoch += 1
        if val[epoch] < val[best]:
            best, waited = epoch, 0
        else:
            waited += 1
    return best, epoch


def diagnose(train, val):
    learned = train[-1] < 0.2
    if learned:
        return "fine" if val[-1] < 0.4 else "overfit"
    return "stuck" if train[-1] > 0.9 * train[0] else "underfit"


def majority_baseline(y):
    most = max(set(y), key=y.count)
    return sum(label == most for label in y) / len(y)


def class_weights(y):
    kinds = set(y)
    return {label: len(y) / (len(kinds) * y.count(label)) for label in kinds}
