from collections import Counter


def early_stop(val, patience):
    best, stop = 0, len(val) - 1
    for epoch in range(1, len(val)):
        if val[epoch] < val[best]:
            best = epoch
        elif epoch - best >= patience:
            stop = epoch
            break
    return best, stop


def diagnose(train, val):
    train_gain = train[0] - train[-1]
    val_gain = val[0] - val[-1]
    if abs(train_gain) < 0.03 and abs(val_gain) < 0.03:
        return "stuck"
    if train[-1] >= 0.2:
        return "underfit"
    return "overfit" if val_gain < 0 else "fine"


def majority_baseline(y):
    return Counter(y).most_common(1)[0][1] / len(y)


def class_weights(y):
    counts = Counter(y)
    return {label: len(y) / len(counts) / counts[label] for label in counts}
