"""The end of a network: from the last sums z to the loss, its slope dz and the rows answered right.

Two pairs are fused as Keras's TensorFlow backend fuses them, which never clips and stays exact far out on the
flat ends: sigmoid with binary cross-entropy, and softmax with categorical cross-entropy. Binary cross-entropy
after another activation goes through Keras's clipping.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from grader.training.spec import Array, Layer
from grader.training.tape import Tape, activate, backtrack

# keras.config.epsilon(): probabilities are kept this far from 0 and 1.
EPSILON = 1e-7


@dataclass(frozen=True)
class Head:
    """Recorded steps from z to dz; all arrays are (units, rows, starts) and belong to one pass."""

    forward: Tape
    backward: Tape
    dz: Array
    "filled by forward, then backward"
    count: Tape
    "after forward and before backward: fills hits"
    hits: Array
    "rows answered right, (starts,)"
    loss: Callable[[], Array]
    "after forward: mean loss, (starts,)"
    prepare: Tape = field(default_factory=list)
    "after new rows were put into y"


def make_head(loss: str, layer: Layer, z: Array, y: Array, *, binary: bool) -> Head:
    """Record the head of a stack.

    Args:
        loss: one of LOSSES.
        layer: the last layer.
        z: the array its sums arrive in, (units, rows, starts).
        y: the array its targets are put into, same shape.
        binary: True if every target is exactly 0 or 1.
    """
    pair = (loss, layer.activation)
    if pair == ("binary_crossentropy", "sigmoid"):
        return _margin_head(z, y) if binary else _logit_head(z, y)
    if pair == ("categorical_crossentropy", "softmax"):
        return _softmax_head(z, y)
    return _plain_head(loss, layer, z, y)


def _margin_head(z: Array, y: Array) -> Head:
    """Sigmoid and binary cross-entropy for targets 0 and 1, by the margin u = (2y - 1) z.

    The loss is log(1 + exp(-u)) and its slope -(2y - 1) / (1 + exp(u)): four calls, no cancellation.
    """
    sign, pull, fence, u, e = (np.empty_like(z) for _ in range(5))
    one = np.array(1, z.dtype)
    # Keras calls a row 1 if p > 0.5; the first p above 0.5 in this number type belongs to z just above eps.
    # Asking p itself would ask the last bit of exp, which lets a single neuron "solve" XOR on the fence.
    eps = np.finfo(z.dtype).eps

    def prepare() -> None:
        np.subtract(y * 2, one, sign)
        np.multiply(sign, z.dtype.type(-1 / (z.shape[0] * z.shape[1])), pull)
        np.copyto(fence, np.where(y == 1, eps, np.nextafter(-eps, z.dtype.type(-1))))

    def loss() -> Array:
        # Overflow to infinity is what a runaway margin means; the run reports it as diverged.
        return _mean(np.logaddexp(np.zeros_like(u), -u))

    hits, right = np.zeros(z.shape[2], np.intp), np.empty(z.shape[1:], bool)
    if z.shape[0] == 1:
        count: Tape = [
            partial(np.greater, u[0], fence[0], right),
            partial(np.add.reduce, right, 0, np.intp, hits),
        ]
    else:
        count = [lambda: np.copyto(hits, _count_rows(1 / (1 + np.exp(-z)), y))]
    return Head(
        forward=[partial(np.multiply, z, sign, u), partial(np.exp, u, e), partial(np.add, e, one, e)],
        backward=[partial(np.divide, pull, e, e)],
        dz=e,
        count=count,
        hits=hits,
        loss=loss,
        prepare=[prepare],
    )


def _logit_head(z: Array, y: Array) -> Head:
    """Sigmoid and binary cross-entropy for targets between 0 and 1."""
    p, dz = np.empty_like(z), np.empty_like(z)
    scale = np.array(1 / (z.shape[0] * z.shape[1]), z.dtype)

    def loss() -> Array:
        return _mean(np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z))))

    return _with_count(
        [partial(np.copyto, p, z), *activate("sigmoid", p, 0.0)],
        [partial(np.subtract, p, y, dz), partial(np.multiply, dz, scale, dz)],
        (p, y, dz),
        loss,
    )


def _softmax_head(z: Array, y: Array) -> Head:
    """Softmax and categorical cross-entropy."""
    p, dz = np.empty_like(z), np.empty_like(z)
    scale = np.array(1 / z.shape[1], z.dtype)

    def loss() -> Array:
        shifted = z - z.max(axis=0)
        log_total = np.log(np.add.reduce(np.exp(shifted), 0))
        return _mean(np.add.reduce(y * (log_total - shifted), 0)[None])

    return _with_count(
        [partial(np.copyto, p, z), *activate("softmax", p, 0.0)],
        [partial(np.subtract, p, y, dz), partial(np.multiply, dz, scale, dz)],
        (p, y, dz),
        loss,
    )


def _plain_head(name: str, layer: Layer, z: Array, y: Array) -> Head:
    """Mean squared error, or clipped binary cross-entropy, through the slope of the activation."""
    a, da = np.empty_like(z), np.empty_like(z)
    value, slope = {
        "mse": (_squared, _squared_slope),
        "binary_crossentropy": (_binary, _binary_slope),
    }[name]
    return _with_count(
        [partial(np.copyto, a, z), *activate(layer.activation, a, layer.slope)],
        [lambda: np.copyto(da, slope(a, y)), *backtrack(layer.activation, a, da, layer.slope)],
        (a, y, da),
        lambda: value(a, y),
    )


def _with_count(forward: Tape, backward: Tape, arrays: tuple[Array, Array, Array], loss: Callable[[], Array]) -> Head:
    a, y, dz = arrays
    hits = np.zeros(a.shape[2], np.intp)
    count: Tape = [lambda: np.copyto(hits, _count_rows(a, y))]
    return Head(forward=forward, backward=backward, dz=dz, count=count, hits=hits, loss=loss)


def _count_rows(p: Array, y: Array) -> Array:
    """Count the rows Keras's "accuracy" calls right: above 0.5 for one unit, the largest for several."""
    right = (p[0] > 0.5) == y[0] if p.shape[0] == 1 else p.argmax(axis=0) == y.argmax(axis=0)
    # nan > 0.5 is False and would agree with a target of 0; a start that left the numbers is never right.
    counts: Array = np.add.reduce(right & ~np.isnan(p).any(axis=0), 0, np.intp)
    return counts


def _mean(values: Array) -> Array:
    """Average over units and rows, one value per start, in the type of the values."""
    units, rows, _ = values.shape
    total: Array = np.add.reduce(np.add.reduce(values, 0), 0)
    mean: Array = total / values.dtype.type(units * rows)
    return mean


def _squared(a: Array, y: Array) -> Array:
    return _mean((a - y) ** 2)


def _squared_slope(a: Array, y: Array) -> Array:
    slope: Array = (a - y) * a.dtype.type(2 / (a.shape[0] * a.shape[1]))
    return slope


def _clip(p: Array) -> tuple[Array, Array]:
    """Keep p inside Keras's bounds; the second array is 1 where p was inside, 0 where the slope stops."""
    low, high = p.dtype.type(EPSILON), p.dtype.type(1.0 - EPSILON)
    clipped = np.clip(p, low, high)
    return clipped, (clipped == p).astype(p.dtype)


def _binary(p: Array, y: Array) -> Array:
    clipped, _ = _clip(p)
    return _mean(-(y * np.log(clipped) + (1 - y) * np.log(1 - clipped)))


def _binary_slope(p: Array, y: Array) -> Array:
    clipped, inside = _clip(p)
    slope: Array = ((1 - y) / (1 - clipped) - y / clipped) * inside
    slope *= p.dtype.type(1 / (p.shape[0] * p.shape[1]))
    return slope
