"""Kata 05: count parameters.

A parameter is a number that training may change. A dense layer has one weight for each arrow (from every input to
every unit) and, if it uses biases, one bias for each unit.

A stack is written as its widths, the inputs first: [2, 4, 2, 1] has 2 inputs, then layers of 4, 2 and 1 units.
"""


def dense_params(n_in, units, bias=True):
    """The parameters of one dense layer that reads n_in numbers; with bias=False the units have no biases."""
    weights = n_in * units
    return weights + units if bias else weights


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


def stacks_with(total, max_layers=4):
    result = []

    def add(stack):
        result.append(list(stack))
        add(stack + (1,))

    add((2,))
    return result
