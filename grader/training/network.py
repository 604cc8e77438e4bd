"""One stack, many starts: where the parameters lie, and the recorded way forward and back.

The parameters of a chunk are one array (params, starts): for each layer its kernel row by row, then its
biases. A bias is the weight of an input that is always 1, so a layer is one product and one sum.
"""

import math
from functools import partial

import numpy as np

from grader.training.heads import make_head
from grader.training.spec import Array, Recipe, Stack
from grader.training.tape import Tape, activate, backtrack, sum_first_axis


def pack(weights: list[Array], out: Array) -> None:
    """Put Keras-ordered arrays (starts, ...) into the columns of out, (params, columns >= starts)."""
    row = 0
    for array in weights:
        flat = array.reshape(array.shape[0], -1)
        out[row : row + flat.shape[1], : flat.shape[0]] = flat.T
        row += flat.shape[1]


def unpack(flat: Array, stack: Stack) -> list[Array]:
    """Turn (..., params, starts) into Keras-ordered arrays (..., starts, *shape)."""
    weights, row = [], 0
    for shape in stack.shapes:
        size = math.prod(shape)
        columns = np.ascontiguousarray(flat[..., row : row + size, :].swapaxes(-1, -2))
        weights.append(columns.reshape(*columns.shape[:-1], *shape))
        row += size
    return weights


def layer_blocks(stack: Stack, flat: Array) -> list[Array]:
    """View the parameters layer by layer: (inputs, units, starts), a bias being one more input."""
    blocks, row = [], 0
    for n_in, layer in zip(stack.widths, stack.layers, strict=False):
        inputs = n_in + layer.use_bias
        blocks.append(flat[row : row + inputs * layer.units].reshape(inputs, layer.units, -1))
        row += inputs * layer.units
    return blocks


class Pass:
    """The recorded passes of one number of rows over one chunk of starts."""

    def __init__(self, recipe: Recipe, rows: int, params: Array, slopes: Array, *, binary: bool) -> None:
        stack, starts, dtype = recipe.stack, params.shape[1], params.dtype
        self._stack, self._weights = stack, layer_blocks(stack, params)
        self._slopes = layer_blocks(stack, slopes)
        # What each layer reads, (inputs, rows, starts); the last input stays 1 where there is a bias.
        self._inputs = [np.ones((w.shape[0], rows, starts), dtype) for w in self._weights]
        self._scratch = np.empty(rows * starts * max(w.shape[0] * w.shape[1] for w in self._weights), dtype)
        self.x = self._inputs[0][: stack.n_in]
        self.y = np.zeros((stack.layers[-1].units, rows, starts), dtype)
        z = np.empty_like(self.y)
        self.head = make_head(recipe.loss, stack.layers[-1], z, self.y, binary=binary)
        self.forward: Tape = []
        for index, layer in enumerate(stack.layers[:-1]):
            h = self._inputs[index + 1][: layer.units]
            self.forward += self._sums(index, h) + activate(layer.activation, h, layer.slope)
        self.forward += self._sums(len(stack.layers) - 1, z) + self.head.forward
        self.backward = self.head.backward + self._way_back()

    def load(self, x: Array, y: Array) -> None:
        """Put rows in: x (n_in, rows, 1 or starts), y (units, rows, 1 or starts)."""
        self.x[...] = x
        self.y[...] = y
        for op in self.head.prepare:
            op()

    def evaluate(self) -> tuple[Array, Array]:
        """Return the loss and the number of rows answered right, by start, at the present weights."""
        for op in self.forward + self.head.count:
            op()
        return self.head.loss(), self.head.hits.copy()

    def _terms(self, *shape: int) -> Array:
        return self._scratch[: int(np.prod(shape))].reshape(shape)

    def _sums(self, index: int, out: Array) -> Tape:
        w, h = self._weights[index], self._inputs[index]
        terms = self._terms(w.shape[0], *out.shape)
        return [partial(np.multiply, h[:, None], w[:, :, None], terms), *sum_first_axis(terms, out)]

    def _way_back(self) -> Tape:
        tape: Tape = []
        dz = self.head.dz
        for index in reversed(range(len(self._stack.layers))):
            w, h = self._weights[index], self._inputs[index]
            terms = self._terms(w.shape[0], *dz.shape)
            tape += [
                partial(np.multiply, h[:, None], dz, terms),
                partial(np.add.reduce, terms, 2, None, self._slopes[index]),
            ]
            if index:
                dz = self._into_inputs(index, dz, tape)
        return tape

    def _into_inputs(self, index: int, dz: Array, tape: Tape) -> Array:
        """Record dz of the layer before, through the weights and that layer's activation."""
        before = self._stack.layers[index - 1]
        w = self._weights[index][: before.units].swapaxes(0, 1)[:, :, None]
        dh = np.empty((before.units, *dz.shape[1:]), dz.dtype)
        if dz.shape[0] == 1:
            tape.append(partial(np.multiply, dz, w[0], dh))
        else:
            terms = self._terms(dz.shape[0], *dh.shape)
            tape += [partial(np.multiply, dz[:, None], w, terms), *sum_first_axis(terms, dh)]
        tape += backtrack(before.activation, self._inputs[index][: before.units], dh, before.slope)
        return dh
