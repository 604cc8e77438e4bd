"""The inner loop as a tape: a flat list of NumPy calls on arrays that were allocated once.

One epoch of a tiny network is a few thousand multiplications for hundreds of starts. What costs time is
neither arithmetic nor memory but starting each NumPy call (0.3 to 3 microseconds), so a tape keeps to few
calls, never allocates, and binds all arguments beforehand.

Every array has the starts as its last, contiguous axis: (units, rows, starts) for values and
(inputs, units, rows, starts) for products. A start never meets another start in any call, and sums run over
leading axes in index order, so a start's bytes do not depend on its neighbours, on the chunk or on threads.
BLAS is avoided for that reason: its order of summation depends on shape and threads.
"""

from collections.abc import Callable
from functools import partial

import numpy as np

from grader.training.spec import Array

Op = Callable[[], object]
Tape = list[Op]

# Up to this length single additions beat add.reduce; both sum in index order and give the same bytes.
_SHORT_SUM = 6


def sum_first_axis(terms: Array, out: Array) -> Tape:
    """Record out = terms[0] + terms[1] + ..., in this order."""
    if terms.shape[0] == 1:
        return [partial(np.copyto, out, terms[0])]
    if terms.shape[0] > _SHORT_SUM:
        return [partial(np.add.reduce, terms, 0, None, out)]
    tape: Tape = [partial(np.add, terms[0], terms[1], out)]
    tape += [partial(np.add, out, term, out) for term in terms[2:]]
    return tape


def activate(name: str, z: Array, slope: float) -> Tape:
    """Record the activation of z in place.

    Source: Keras, keras/src/backend/tensorflow/nn.py.
    """
    one, zero, leak = (np.array(value, z.dtype) for value in (1.0, 0.0, slope))
    match name:
        case "sigmoid":
            return [
                partial(np.negative, z, z),
                partial(np.exp, z, z),
                partial(np.add, z, one, z),
                partial(np.divide, one, z, z),
            ]
        case "tanh":
            return [partial(np.tanh, z, z)]
        case "relu":
            return [partial(np.maximum, z, zero, out=z)]
        case "leaky_relu":
            scaled = np.empty_like(z)
            return [partial(np.multiply, z, leak, scaled), partial(np.maximum, z, scaled, out=z)]
        case "softmax":
            row = np.empty_like(z[0])
            return [
                partial(np.maximum.reduce, z, 0, None, row),
                partial(np.subtract, z, row, z),
                partial(np.exp, z, z),
                *sum_first_axis(z, row),
                partial(np.divide, z, row, z),
            ]
    return []


def backtrack(name: str, a: Array, da: Array, slope: float) -> Tape:
    """Record the way back through an activation: da becomes dz in place, a is the activation's output."""
    one, leak = np.array(1.0, a.dtype), np.array(slope if name == "leaky_relu" else 0.0, a.dtype)
    t = np.empty_like(a)
    match name:
        case "sigmoid":
            slopes: Tape = [partial(np.subtract, one, a, t), partial(np.multiply, t, a, t)]
        case "tanh":
            slopes = [partial(np.multiply, a, a, t), partial(np.subtract, one, t, t)]
        case "relu" | "leaky_relu":
            # sign is 1 above zero and 0 or -1 elsewhere, so the larger of it and the slope is the derivative.
            slopes = [partial(np.sign, a, t), partial(np.maximum, t, leak, out=t)]
        case "softmax":
            row = np.empty_like(a[0])
            return [
                partial(np.multiply, da, a, t),
                *sum_first_axis(t, row),
                partial(np.subtract, da, row, da),
                partial(np.multiply, da, a, da),
            ]
        case _:
            return []
    return [*slopes, partial(np.multiply, da, t, da)]
