def early_stop(val, patience):
    최고, 기다림 = 0, 0
    for 에포크 in range(1, len(val)):
        if val[에포크] < val[최고]:
            최고, 기다림 = 에포크, 0
        else:
            기다림 = 기다림 + 1
            if 기다림 >= patience:
                print("멈춤", 에포크)
                return 최고, 에포크
    return 최고, len(val) - 1


def diagnose(train, val):
    if train[-1] > 0.6:
        return "stuck"
    if train[-1] > 0.4:
        return "underfit"
    if val[-1] - train[-1] > 0.3:
        return "overfit"
    return "fine"


def majority_baseline(y):
    return max(y.count(label) for label in set(y)) / len(y)


def class_weights(y):
    종류 = sorted(set(y))
    return {라벨: len(y) / (len(종류) * y.count(라벨)) for 라벨 in 종류}
