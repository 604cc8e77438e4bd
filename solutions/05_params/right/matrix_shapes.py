from itertools import product


def dense_params(n_in, units, bias=True):
    shapes = [(n_in, units)] + [(1, units)] * int(bias)
    return sum(rows * columns for rows, columns in shapes)


def stack_params(widths):
    layers = {i: (widths[i], widths[i + 1]) for i in range(len(widths) - 1)}
    return [dense_params(*layers[i]) for i in sorted(layers)]


LAYERS = {
    **{3: stack_params([2, 1]), 5: stack_params([2, 1, 1]), 9: stack_params([2, 2, 1])},
    **{17: stack_params([2, 4, 1]), 11: stack_params([2, 2, 1, 1]), 25: stack_params([2, 4, 2, 1])},
}


def stacks_with(total, max_layers=4):
    found = []
    for hidden in range(max_layers):
        for widths in product(range(1, total), repeat=hidden):
            stack = (2, *widths, 1)
            if sum(stack_params(stack)) == total:
                found.append(stack)
    return found
