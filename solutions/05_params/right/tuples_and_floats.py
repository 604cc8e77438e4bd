def dense_params(n_in, units, bias=True):
    if bias:
        return (n_in + 1) * units
    return n_in * units


def stack_params(widths):
    return tuple(map(lambda n, u: u * (n + 1.0), widths[:-1], widths[1:]))


LAYERS = {
    3: (3,),
    5: (3, 2),
    9: (6, 3),
    17: (12, 5),
    11: (6, 3, 2),
    25: (12.0, 10.0, 3.0),
}


def stacks_with(total, max_layers=4):
    stacks = {(2,): 0}
    found = set()
    for layer in range(max_layers):
        longer = {}
        for stack, used in stacks.items():
            if used + stack[-1] + 1 == total:
                found.add(stack + (1,))
            for units in range(1, total):
                now = used + (stack[-1] + 1) * units
                if now >= total:
                    break
                longer[stack + (units,)] = now
        stacks = longer
    return frozenset(found)
