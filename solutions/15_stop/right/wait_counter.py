def early_stop(val, patience):
    best_loss = float("inf")
    best_epoch = 0
    wait = 0
    for epoch, loss in enumerate(val):
        wait += 1
        if loss < best_loss:
            best_loss = loss
            best_epoch = epoch
            wait = 0
            continue
        if wait >= patience:
            break
    return [best_epoch, epoch]


def diagnose(train, val):
    if val[-1] > 1.2 * min(val):
        return "overfit"
    elif train[0] - train[-1] < 0.1 * train[0]:
        return "stuck"
    elif train[-1] > 0.3:
        return "underfit"
    else:
        return "fine"


def majority_baseline(y):
    return max(y.count(label) for label in set(y)) / len(y)


def class_weights(y):
    weights = {}
    for label in y:
        weights[label] = weights.get(label, 0) + 1
    for label in weights:
        weights[label] = len(y) / (len(weights) * weights[label])
    return weights
