"""Kata 05: count parameters.

A parameter is a number that training may change. A dense layer has one weight for each arrow (from every input to
every unit) and, if it uses biases, one bias for each unit.

A stack is written as its widths, the inputs first: [2, 4, 2, 1] has 2 inputs, then layers of 4, 2 and 1 units.
"""


def dense_params(n_in, units, bias=True):
    from tensorflow.keras import Input, Sequential
    from tensorflow.keras.layers import Dense

    return Sequential([Input((n_in,)), Dense(units, use_bias=bias)]).count_params()


def stack_params(widths):
    """The parameters of each layer of a stack, as a list in the order of the layers; every layer has biases."""
    return [dense_params(n_in, units) for n_in, units in zip(widths, widths[1:])]


# The lecture's six models: total -> the number of each layer. Predict them by hand before you compute them.
LAYERS = {
    3: [3],
    5: [3, 2],
    9: [6, 3],
    17: [12, 5],
    11: [6, 3, 2],
    25: [12, 10, 3],
}


# Going beyond.
def stacks_with(total, max_layers=4):
    """Every stack from 2 inputs to 1 output with exactly `total` parameters, as a set or list of tuples of widths.

    A stack has at most `max_layers` layers; the inputs are no layer, so (2, 3, 1) has two of them.
    """
    found = set()
    unfinished = [(2,)]
    for _ in range(max_layers):
        found |= {(*stack, 1) for stack in unfinished if sum(stack_params((*stack, 1))) == total}
        longer = [(*stack, units) for stack in unfinished for units in range(1, total)]
        unfinished = [stack for stack in longer if sum(stack_params(stack)) < total]
    return found
