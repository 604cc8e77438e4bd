"""Kata 05: count parameters.

A parameter is a number that training may change. A dense layer has one weight for each arrow (from every input to
every unit) and, if it uses biases, one bias for each unit.

A stack is written as its widths, the inputs first: [2, 4, 2, 1] has 2 inputs, then layers of 4, 2 and 1 units.
"""


def dense_params(n_in, units, bias=True):
    """The parameters of one dense layer that reads n_in numbers; with bias=False the units have no biases."""
    return n_in * units + units


def stack_params(widths):
    """The parameters of each layer of a stack, as a list in the order of the layers; every layer has biases."""
    return [dense_params(a, b) for a, b in zip(widths, widths[1:])]


# The lecture's six models: total -> the number of each layer. Predict them by hand before you compute them.
LAYERS = {3: [3], 5: [2, 3], 9: [6, 3], 17: [12, 5], 11: [6, 3, 2], 25: [12, 10, 3]}


# Going beyond.
def stacks_with(total, max_layers=4):
    """Every stack from 2 inputs to 1 output with exactly `total` parameters, as a set or list of tuples of widths.

    A stack has at most `max_layers` layers; the inputs are no layer, so (2, 3, 1) has two of them.
    """
    ...  # TODO
