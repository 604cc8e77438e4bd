"""Random numbers of the engine: starting weights and orders of rows, one stream per start.

Start number i of seed s is the same whatever the number of starts, the size of the chunks, or the machine's
threads. Weights come from NumPy's PCG64 seeded with SeedSequence(s, spawn_key=(i,)), drawn layer by layer,
kernel before bias, in float64 and then rounded, so float32 and float64 runs begin at the same point.
Keras's own streams are not reproduced, only its formulas.

Orders of rows come from SplitMix64: every (seed, start, epoch, row) has one 64-bit number, and an epoch
visits the rows in ascending order of it.
"""

import math

import numpy as np

from grader.errors import BadInput
from grader.training.spec import Array, DType, Initializer, Stack

# Standard deviation of a standard normal cut off at +-2: Keras divides by it to keep the variance.
_TRUNCATED_STDDEV = 0.87962566103423978


def draw_starts(stack: Stack, count: int, *, seed: int, dtype: DType) -> list[Array]:
    """Draw the starting weights of many starts.

    Args:
        stack: the architecture; its layers name the initialisers.
        count: number of starts, >= 1.
        seed: >= 0; start i depends on the seed and on i only.
        dtype: type of the returned arrays.

    Returns:
        Arrays in the order of Keras's get_weights(), each with the starts in front,
        e.g. shapes (count, 2, 1) and (count, 1) for one neuron with two inputs.

    Raises:
        BadInput: count is below 1, seed below 0, or a rule draws numbers that are not finite in this type.

    Source: Keras, keras/src/initializers/random_initializers.py, VarianceScaling.
    """
    if count < 1 or seed < 0:
        raise BadInput(f"{count} starts with seed {seed}: at least one start and a seed from 0 are needed.")
    weights = [np.empty((count, *shape), dtype) for shape in stack.shapes]
    for start in range(count):
        rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(start,))))
        arrays = iter(weights)
        for layer in stack.layers:
            for rule in (layer.kernel, layer.bias)[: 1 + layer.use_bias]:
                array = next(arrays)
                array[start] = _draw(rule, array.shape[1:], rng, dtype)
    return weights


def _draw(rule: Initializer, shape: tuple[int, ...], rng: np.random.Generator, dtype: DType) -> Array:
    try:
        with np.errstate(over="ignore"):
            drawn = _draw_float64(rule, shape, rng).astype(dtype)
    except OverflowError:  # NumPy cannot draw from so wide a range
        drawn = np.array(np.inf)
    if not np.isfinite(drawn).all():
        raise BadInput(f"Initialiser {rule.name!r} draws numbers that are not finite in {dtype}.")
    return drawn


def _draw_float64(rule: Initializer, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
    fan_in, fan_out = shape[0], shape[-1]
    match rule.name:
        case "zeros" | "ones" | "constant":
            value = {"zeros": 0.0, "ones": 1.0, "constant": rule.value}[rule.name]
            return np.full(shape, value)
        case "random_normal":
            return rng.normal(rule.mean, rule.stddev, shape)
        case "random_uniform":
            return rng.uniform(rule.minval, rule.maxval, shape)
    scale = 2.0 / (fan_in + fan_out) if rule.name.startswith("glorot") else 2.0 / fan_in
    if rule.name.endswith("uniform"):
        limit = math.sqrt(3.0 * scale)
        return rng.uniform(-limit, limit, shape)
    return _truncated_normal(rng, shape) * (math.sqrt(scale) / _TRUNCATED_STDDEV)


def _truncated_normal(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    values = rng.standard_normal(shape)
    while (outside := np.abs(values) > 2.0).any():
        values[outside] = rng.standard_normal(int(outside.sum()))
    return values


def shuffled_rows(n_rows: int, starts: Array, *, seed: int, epoch: int) -> Array:
    """Order the rows for one epoch: column i is the order in which start starts[i] sees them.

    Args:
        n_rows: rows of the data.
        starts: numbers of the starts, shape (starts,).
        seed: the run's seed, >= 0.
        epoch: 0-based.

    Returns:
        Row numbers, shape (n_rows, starts), each column a permutation.

    Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014, figure 16.
    """
    key = _mix(np.array(seed % 2**64, np.uint64))
    key = _mix(key + starts.astype(np.uint64))
    key = _mix(key + np.uint64(epoch))
    keys = _mix(key[None, :] + np.arange(n_rows, dtype=np.uint64)[:, None])
    return np.argsort(keys, axis=0, kind="stable")


def _mix(state: Array) -> Array:
    """Scramble 64-bit numbers: SplitMix64's step and finaliser, wrapping on overflow."""
    # Arrays wrap in silence where NumPy scalars would warn, hence the atleast_1d.
    z = np.atleast_1d(state) + np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))
