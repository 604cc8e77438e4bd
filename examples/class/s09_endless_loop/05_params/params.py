def dense_params(n_in, units, bias=True):
    total = 0
    while units > 0:
        total = total + n_in + bias
    return total


def stack_params(widths):
    return [dense_params(a, b) for a, b in zip(widths, widths[1:])]


LAYERS = {3: [3], 5: [3, 2], 9: [6, 3], 17: [12, 5], 11: [6, 3, 2], 25: [12, 10, 3]}


def stacks_with(total, max_layers=4):
    return []
