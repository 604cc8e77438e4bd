from itertools import product


def dense_params(n_in, units, bias=True):
    if bias:
        return (n_in + 1) * units
    return n_in * units


def stack_params(widths):
    total = 0
    for n, u in zip(widths, widths[1:]):
        total += dense_params(n, u)
    return total


LAYERS = {3: [3], 5: [3, 2], 9: [6, 3], 17: [12, 5], 11: [6, 3, 2], 25: [12, 10, 3]}




def stacks_with(total, max_layers=4):
    found = []
    for hidden in range(max_layers):
        for widths in product(range(1, total), repeat=hidden):
            stack = (2, *widths, 1)
            if sum(stack_params(stack)) == total:
                found.append(stack)
    return found
