import numpy as np


def dense_params(n_in, units, bias=True):
    kernel = np.zeros((n_in, units))
    biases = np.zeros(units) if bias else np.zeros(0)
    return kernel.size + biases.size


def stack_params(widths):
    widths = np.array(widths)
    return (widths[:-1] + 1) * widths[1:]


LAYERS = {}
for stack in ((2, 1), (2, 1, 1), (2, 2, 1), (2, 4, 1), (2, 2, 1, 1), (2, 4, 2, 1)):
    LAYERS[int(stack_params(stack).sum())] = stack_params(stack)


def stacks_with(total, max_layers=4):
    if max_layers == 0:
        return []
    found = [[2, 1]] if total == 3 else []
    queue = [[2]]
    while queue:
        stack = queue.pop()
        if len(stack) >= max_layers:
            continue
        for width in range(1, total):
            longer = stack + [width]
            if stack_params(longer).sum() < total:
                queue.append(longer)
                if stack_params(longer + [1]).sum() == total:
                    found.append(longer + [1])
    return found
