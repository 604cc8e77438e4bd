def dense_params(n_in, units, bias=True):
    count = 0
    for u in range(units):
        for i in range(n_in):
            count += 1
        if bias:
            count += 1
    return count


def stack_params(widths):
    counts = []
    for i in range(1, len(widths)):
        counts.append(dense_params(widths[i - 1], widths[i]))
    return counts


LAYERS = {3: [3], 5: [3, 2], 9: [6, 3], 17: [12, 5], 11: [6, 3, 2], 25: [12, 10, 3]}


def stacks_with(total, max_layers=4):
    # a list with repeats is fine: the same stack twice is one stack
    sizes = range(0, total)
    result = []
    for a in sizes:
        for b in sizes if a else [0]:
            for c in sizes if b else [0]:
                stack = [2] + [width for width in (a, b, c) if width] + [1]
                if len(stack) - 1 <= max_layers and sum(stack_params(stack)) == total:
                    result.append(stack)
                    result.append(stack)
    if max_layers > 4:
        # one layer more
        for stack in stacks_from(total, max_layers):
            result.append(stack)
    return result


def stacks_from(total, most, start=(2,)):
    for width in range(1, total // 2 + 1):
        longer = (*start, width)
        spent = sum(stack_params(longer))
        if spent == total and width == 1:
            yield longer
        if spent < total and len(longer) <= most:
            yield from stacks_from(total, most, longer)
