def dense_params(n_in, units, bias=True):
    """Each unit has n_in weights and, with bias, one number more."""
    return sum(n_in + bool(bias) for _ in range(units))


def stack_params(widths):
    if len(widths) < 2:
        return []
    first, second, *rest = widths
    return [dense_params(first, second)] + stack_params([second] + rest)


LAYERS = {3: [3], 5: [3, 2], 9: [6, 3], 17: [12, 5], 11: [6, 3, 2], 25: [12, 10, 3]}


def stacks_with(total, max_layers=4, n_in=2):
    if max_layers < 1 or total < 1:
        return set()
    found = {(n_in, 1)} if dense_params(n_in, 1) == total else set()
    for units in range(1, total):
        left = total - dense_params(n_in, units)
        found |= {(n_in,) + tail for tail in stacks_with(left, max_layers - 1, units)}
    return found
