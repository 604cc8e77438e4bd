import numpy as np


def dense_params(n_in: int, units: int, bias: bool = True) -> int:
    return (n_in + bool(bias)) * units


def stack_params(widths):
    match widths:
        case [n_in, units, *rest]:
            return [dense_params(n_in, units), *stack_params([units, *rest])]
        case _:
            return []


LAYERS = {
    3: np.array([3]),
    5: (3, 2),
    9: [6, 3],
    17: stack_params((2, 4, 1)),
    11: [6, 3, 2],
    25: [12, 10, 3],
}


def ways(width, left, layers):
    if width + 1 == left:
        yield [1]
    if layers > 1:
        for units in range(1, left // (width + 1) + 1):
            for way in ways(units, left - (width + 1) * units, layers - 1):
                yield [units, *way]


def stacks_with(total, max_layers=4):
    return [np.array([2, *way]) for way in ways(2, total, max_layers)]
