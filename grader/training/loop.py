"""Training: from a recipe, data and starting weights to what became of every start."""

import heapq
import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from grader.errors import BadInput
from grader.training.memory import LANES, chunk_size, refuse_unless_fits
from grader.training.network import Pass, pack, unpack
from grader.training.optimizers import Update, record_update, step_sizes
from grader.training.spec import Adam, Array, Recipe
from grader.training.starts import shuffled_rows
from grader.training.tape import Tape

Progress = Callable[[int, int], None]
Frames = Callable[[int, int, Array, Array], None]
"""Takes (epoch, number of the first start, weights (params, starts), mean loss (starts,)); copies what it keeps."""

# Epochs between two looks at whether starts diverged, and between two calls of progress.
CHECK_EVERY = 500
# A loss this many times above 1 (or above the loss at the start, if larger) has diverged, though finite.
EXPLODED = 1e6


@dataclass(frozen=True)
class Run:
    """What became of every start; the first axis of an array is the start unless said otherwise."""

    weights: list[Array]
    "final weights in the order of Keras's get_weights(), each (starts, ...)"
    loss: Array
    "mean loss over all rows at the final weights; nan for a diverged start"
    accuracy: Array
    "share of rows answered right at the final weights, as Keras's accuracy; nan for a diverged start"
    best_accuracy: Array
    "highest accuracy seen at the recorded epochs, or at every epoch if that was asked for"
    diverged_at: Array
    "epoch at which divergence was noticed, -1 for a start that did not diverge"
    epochs: Array
    "recorded epochs, ascending, (records,); epoch e is after e epochs, so 0 is the start"
    loss_history: Array
    "(records, starts)"
    accuracy_history: Array
    "(records, starts)"
    film: list[Array]
    "weights of the chosen starts at the recorded epochs, each (records, chosen, ...)"

    @property
    def diverged(self) -> Array:
        """True for each start whose weights or loss left the finite numbers, (starts,)."""
        return self.diverged_at >= 0

    @property
    def solved(self) -> Array:
        """True for each start that answers all rows right at its final weights, (starts,)."""
        right: Array = self.accuracy == 1.0
        return right


@dataclass(frozen=True)
class _Data:
    x: Array
    "(n_in, rows, 1)"
    y: Array
    "(units, rows, 1)"
    binary: bool

    @property
    def rows(self) -> int:
        return int(self.x.shape[1])


def train(
    recipe: Recipe,
    x: Array,
    y: Array,
    *,
    weights: Sequence[Array],
    seed: int,
    record: Sequence[int] = (),
    film: Sequence[int] = (),
    every_epoch: bool = False,
    chunk: int | None = None,
    progress: Progress | None = None,
    frames: Frames | None = None,
) -> Run:
    """Train one stack from many starts at once.

    Args:
        recipe: stack, loss, optimizer, epochs, batches and number type.
        x: inputs, (rows, features).
        y: targets, (rows, units), or (rows,) for one unit.
        weights: where to start, e.g. from draw_starts: Keras's order, the starts in front of every array.
        seed: of the orders of rows; without shuffling it changes nothing.
        record: epochs at which loss and accuracy are kept; the last epoch always is.
        film: numbers of the starts whose weights are kept at the recorded epochs as well.
        every_epoch: True lets best_accuracy look at every epoch, for a tenth more time.
        chunk: starts trained side by side; None chooses. It never changes a result.
        progress: called now and then with (start-epochs done, start-epochs in all).
        frames: called at each recorded epoch, for each chunk of starts, with what they are at that moment.

    Returns:
        A Run. The same arguments give the same bytes on one machine, however many threads it has.

    Raises:
        BadInput: shapes that do not fit, numbers that are not finite, epochs or starts out of range.
        UsageError: more memory is needed than is free.
    """
    data = _check_data(recipe, x, y)
    begin = _check_weights(recipe, weights)
    starts = begin[0].shape[0]
    epochs = _check_range("record", [*record, recipe.epochs], recipe.epochs)
    chosen = _check_range("film", film, starts - 1)
    side_by_side = chunk_size(recipe, data.rows, starts) if chunk is None else chunk
    if side_by_side < 1:
        raise BadInput(f"chunk is {chunk}; at least one start at a time is needed.")
    refuse_unless_fits(recipe, data.rows, starts, records=len(epochs), film=len(chosen), chunk=side_by_side)
    book = _Book(recipe, starts, epochs, chosen, every_epoch=every_epoch, progress=progress, frames=frames)
    with np.errstate(all="ignore"):
        for first in range(0, starts, side_by_side):
            part = [array[first : first + side_by_side] for array in begin]
            _Chunk(recipe, data, part, book, first=first, seed=seed).run()
    return book.close()


class _Book:
    """Collects what the chunks report; columns are starts."""

    def __init__(
        self,
        recipe: Recipe,
        starts: int,
        epochs: list[int],
        chosen: list[int],
        *,
        every_epoch: bool,
        progress: Progress | None,
        frames: Frames | None,
    ) -> None:
        dtype, params = np.dtype(recipe.dtype), recipe.stack.params
        self.recipe, self.epochs, self.chosen, self.every_epoch = recipe, epochs, chosen, every_epoch
        self.loss = np.full((len(epochs), starts), np.nan, dtype)
        self.accuracy = np.full((len(epochs), starts), np.nan, dtype)
        self.best = np.zeros(starts, dtype)
        self.diverged_at = np.full(starts, -1)
        self.final = np.empty((params, starts), dtype)
        self.film = np.full((len(epochs), params, len(chosen)), np.nan, dtype)
        self._progress, self._starts, self._done = progress, starts, 0
        self.frames = frames

    def advance(self, start_epochs: int) -> None:
        self._done += start_epochs
        if self._progress is not None:
            self._progress(self._done, self._starts * self.recipe.epochs)

    def close(self) -> Run:
        stack = self.recipe.stack
        first_loss = np.fmax(self.loss[0], 1)
        exploded = (self.diverged_at < 0) & ~(self.loss[-1] <= first_loss * EXPLODED)
        self.diverged_at[exploded] = self.recipe.epochs
        lost = (self.diverged_at >= 0) & (np.array(self.epochs)[:, None] >= self.diverged_at)
        self.loss[lost] = np.nan
        self.accuracy[lost] = np.nan
        return Run(
            weights=unpack(self.final, stack),
            loss=self.loss[-1].copy(),
            accuracy=self.accuracy[-1].copy(),
            best_accuracy=self.best,
            diverged_at=self.diverged_at,
            epochs=np.array(self.epochs),
            loss_history=self.loss,
            accuracy_history=self.accuracy,
            film=unpack(self.film, stack) if self.chosen else [],
        )


class _Chunk:
    """Trains some neighbouring starts to the end and writes into the book."""

    def __init__(
        self, recipe: Recipe, data: _Data, weights: list[Array], book: _Book, *, first: int, seed: int
    ) -> None:
        self._recipe, self._data, self._book, self._seed = recipe, data, book, seed
        self._count = weights[0].shape[0]
        self._columns = slice(first, first + self._count)
        lanes = -(-self._count // LANES) * LANES
        self._numbers = np.arange(first, first + lanes)
        # Columns beyond the last start are zeros; nobody reads them, and columns never meet.
        self._params = np.zeros((recipe.stack.params, lanes), recipe.dtype)
        pack(weights, self._params)
        slopes = np.empty_like(self._params)
        self._update: Update = record_update(recipe.optimizer, self._params, slopes)
        self._whole = Pass(recipe, data.rows, self._params, slopes, binary=data.binary)
        self._whole.load(data.x, data.y)
        size = min(recipe.batch_size or data.rows, data.rows)
        sizes = {size, data.rows % size or size} if size < data.rows else set()
        self._batches = {n: Pass(recipe, n, self._params, slopes, binary=data.binary) for n in sizes}
        self._size = size
        self._best = np.zeros(lanes, np.intp)
        self._look: Tape = [
            *self._whole.head.count,
            lambda: np.maximum(self._best, self._whole.head.hits, out=self._best),
        ]

    def run(self) -> None:
        """Train to the last epoch, or until every start has diverged."""
        recipe, book = self._recipe, self._book
        epoch = 0
        for stop in _stops(book.epochs, recipe.epochs):
            self._train(epoch, stop)
            book.advance(self._count * (stop - epoch))
            epoch = stop
            self._notice_divergence(epoch)
            if epoch in book.epochs:
                self._note(book.epochs.index(epoch))
            if epoch < recipe.epochs and (book.diverged_at[self._columns] >= 0).all():
                book.advance(self._count * (recipe.epochs - epoch))
                break
        book.final[:, self._columns] = self._params[:, : self._count]
        book.best[self._columns] = self._best[: self._count] / self._data.rows

    def _train(self, first: int, stop: int) -> None:
        if self._batches:
            for epoch in range(first, stop):
                self._train_in_batches(epoch)
            return
        look = self._look if self._book.every_epoch else []
        tape = self._whole.forward + look + self._whole.backward + self._update.tape
        for _ in self._steps(first, stop - first):
            for op in tape:
                op()

    def _train_in_batches(self, epoch: int) -> None:
        data, rows, size = self._data, self._data.rows, self._size
        if self._book.every_epoch:
            for op in self._whole.forward + self._look:
                op()
        order = np.arange(rows)[:, None]
        if self._recipe.shuffle:
            order = shuffled_rows(rows, self._numbers, seed=self._seed, epoch=epoch)
        per_epoch = -(-rows // size)
        for batch, _ in enumerate(self._steps(epoch * per_epoch, per_epoch)):
            chosen = order[batch * size : (batch + 1) * size]
            one = self._batches[len(chosen)]
            one.load(data.x[:, chosen, 0], data.y[:, chosen, 0])
            for op in one.forward + one.backward + self._update.tape:
                op()

    def _steps(self, first: int, count: int) -> Iterator[None]:
        """Count steps, with Adam's step size of each in its place."""
        rule, place = self._recipe.optimizer, self._update.step_size
        if place is None or not isinstance(rule, Adam):
            yield from (None for _ in range(count))
            return
        for size in step_sizes(rule, first, count, self._params.dtype):
            place[()] = size
            yield

    def _notice_divergence(self, epoch: int) -> None:
        at = self._book.diverged_at[self._columns]
        at[(at < 0) & ~np.isfinite(self._params[:, : self._count]).all(axis=0)] = epoch

    def _note(self, record: int) -> None:
        book, count = self._book, self._count
        loss, hits = self._whole.evaluate()
        book.loss[record, self._columns] = loss[:count]
        book.accuracy[record, self._columns] = hits[:count] / self._data.rows
        np.maximum(self._best, hits, out=self._best)
        if book.frames is not None:
            book.frames(book.epochs[record], self._columns.start, self._params[:, :count], loss[:count])
        for place, start in enumerate(book.chosen):
            if self._columns.start <= start < self._columns.start + count:
                book.film[record, :, place] = self._params[:, start - self._columns.start]


def _stops(records: list[int], epochs: int) -> Iterator[int]:
    # One after the other: a set of them all would not fit into memory when someone asks for 10^12 epochs.
    merged = heapq.merge(records, range(CHECK_EVERY, epochs, CHECK_EVERY))
    return (stop for stop, _ in itertools.groupby(merged))


def _check_range(name: str, values: Sequence[int], most: int) -> list[int]:
    for value in values:
        if not 0 <= value <= most:
            raise BadInput(f"{name}: {value} is not between 0 and {most}.")
    return sorted({int(value) for value in values})


def _check_data(recipe: Recipe, x: Array, y: Array) -> _Data:
    dtype, n_in, units = np.dtype(recipe.dtype), recipe.stack.n_in, recipe.stack.layers[-1].units
    x, y = _as_numbers("x", x), _as_numbers("y", y)
    if x.ndim != 2 or x.shape[1] != n_in or not len(x):
        raise BadInput(f"x has shape {x.shape}; (rows, {n_in}) with at least one row is needed.")
    column = y[:, None] if y.ndim == 1 and units == 1 else y
    if column.shape != (len(x), units):
        raise BadInput(f"y has shape {y.shape}; {(len(x), units)} is needed for this x and stack.")
    if recipe.loss == "binary_crossentropy" and not ((column >= 0) & (column <= 1)).all():
        raise BadInput("y has targets outside 0 to 1; binary_crossentropy has no meaning there.")
    if recipe.loss == "categorical_crossentropy" and (
        (column < 0).any() or (np.abs(column.sum(axis=1) - 1) > 1e-6).any()
    ):
        raise BadInput("y has a row that does not add up to 1; categorical_crossentropy needs one-hot rows.")
    x3, y3 = (np.ascontiguousarray(a.T, dtype)[:, :, None] for a in (x, column))
    return _Data(x3, y3, bool(np.isin(column, (0, 1)).all()))


def _as_numbers(name: str, values: Array) -> Array:
    try:
        array = np.asarray(values, np.float64)
    except (TypeError, ValueError) as error:
        raise BadInput(f"{name} cannot be read as an array of numbers: {error}.") from error
    if not np.isfinite(array).all():
        raise BadInput(f"{name} contains nan or infinity; training from it has no meaning.")
    return array


def _check_weights(recipe: Recipe, weights: Sequence[Array]) -> list[Array]:
    shapes = recipe.stack.shapes
    if len(weights) != len(shapes):
        raise BadInput(f"{len(weights)} starting arrays were given; this stack has {len(shapes)}.")
    arrays = [np.asarray(array, recipe.dtype) for array in weights]
    starts = len(arrays[0]) if arrays[0].ndim else 0
    if starts < 1:
        raise BadInput("No starts were given: the first axis of each starting array counts the starts.")
    for index, (array, shape) in enumerate(zip(arrays, shapes, strict=True)):
        if array.shape != (starts, *shape):
            raise BadInput(
                f"Starting array {index} has shape {array.shape}; {(starts, *shape)} is needed, starts first."
            )
        bad = ~np.isfinite(array.reshape(starts, -1)).all(axis=1)
        if bad.any():
            raise BadInput(f"Start {int(bad.argmax())} has nan or infinity in starting array {index}.")
    return arrays
