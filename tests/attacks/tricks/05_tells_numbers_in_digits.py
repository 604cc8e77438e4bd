"""At most 0: 1e300 is a whole number of 301 digits, and there are thousands of them."""

HUGE = [1e300] * 6_000
LAYERS = dict.fromkeys((3, 5, 9, 17, 11, 25), HUGE)


def dense_params(n_in, units, bias=True):
    return 1e300


def stack_params(widths):
    return HUGE


def stacks_with(total, max_layers=4):
    return [(2, 1e300, 1)] * 6_000
