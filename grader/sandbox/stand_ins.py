"""Objects that stand in for a part of the student's module or of its world, made on the student's side by name.

A student's code could forge what they record. So a record helps messages, or says what nothing else can: how a bar
moved (kata 13), which is easier to do than to forge. What was trained shows in the losses and weights too, and those
the check computes for itself.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

MOST_ENTRIES = 2_000
"""Of a record; a loop in a loop can train thousands of epochs, and all has to fit into one answer."""


class Sequence:
    """A function that returns the given numbers in turn, then the last one for ever, and records its arguments."""

    def __init__(self, numbers: list[int]) -> None:
        self._numbers = numbers
        self.record: list[Any] = []

    def __call__(self, *args: Any, **kwargs: Any) -> int:
        self.record.append((args, kwargs))
        return self._numbers[min(len(self.record), len(self._numbers)) - 1]


class Polynomial:
    """A function f(w, b) to hand to a student's function: the sum of factor * w**i * b**j over [factor, i, j]."""

    def __init__(self, terms: list[list[float]]) -> None:
        self._terms = terms
        self.record: list[Any] = []

    def __call__(self, w: Any, b: Any) -> Any:
        return sum(factor * w**i * b**j for factor, i, j in self._terms)


class TrainingTable:
    """A function train(seed, hidden, ...) that looks up its result by (seed, hidden), and records what it was asked."""

    def __init__(self, table: dict[Any, Any]) -> None:
        self._table = table
        self.record: list[Any] = []

    def __call__(self, seed: Any, hidden: Any = 2, *_: Any, **__: Any) -> Any:
        self.record.append((seed, hidden))
        # Under None: what every other start ends with.
        return self._table.get((seed, hidden), self._table[None])


class Training:
    """A model with Keras's `fit` and a progress bar with tqdm's face, which write into one record, in order of time.

    The model is one linear neuron, mean squared error, gradient descent with momentum: small, and yet a call of
    compile, which throws the momentum away, shows in its losses. Options: "start", the weights and the bias; "lr";
    "momentum"; "fails_at", the epoch at which fit raises, or None.
    """

    def __init__(self, options: dict[str, Any]) -> None:
        self._entries: list[list[Any]] = []
        self._epochs = 0
        self.model = Model(options, self._note)
        self.bar = self._open_bar
        self._bars = 0

    @property
    def record(self) -> dict[str, Any]:
        return {"entries": self._entries, "epochs": self._epochs, "weights": list(self.model.get_weights())}

    def _note(self, kind: str, *parts: Any) -> None:
        self._epochs += kind == "epoch"
        if len(self._entries) < MOST_ENTRIES:
            self._entries.append([kind, *parts])

    # tqdm's own order of arguments; its many others change how a bar looks.
    def _open_bar(
        self, iterable: Iterable[Any] | None = None, desc: object = None, total: object = None, **_looks: Any
    ) -> "Bar":
        del desc
        self._bars += 1
        return Bar(iterable, total, self._bars - 1, self._note)


class Model:
    """What the student's function gets as its model."""

    def __init__(self, options: dict[str, Any], note: Callable[..., None]) -> None:
        self._weights = [float(weight) for weight in options["start"]]
        self._speed = [0.0] * len(self._weights)
        self._lr, self._momentum, self._fails_at = options["lr"], options["momentum"], options["fails_at"]
        self._note = note
        self._done = 0
        self.stop_training = False

    def get_weights(self) -> list[float]:
        return list(self._weights)

    def compile(self, *_args: Any, **_kwargs: Any) -> None:
        self._note("compile")
        self._speed = [0.0] * len(self._weights)

    def set_weights(self, weights: list[float]) -> None:
        self._note("set_weights")
        self._weights = [float(weight) for weight in weights]

    # Keras's own order of arguments.
    def fit(
        self,
        x: Any = None,
        y: Any = None,
        batch_size: Any = None,
        epochs: int = 1,
        verbose: Any = "auto",
        callbacks: Any = None,
        *,
        shuffle: bool = True,
        initial_epoch: int = 0,
    ) -> Any:
        del shuffle  # a check hands over one batch, in which the order changes nothing
        self._note("fit", _plain(batch_size), _plain(verbose))
        rows = [(*map(float, row), 1.0) for row in x]
        targets = [float(target) for target in y]
        listeners = callbacks if isinstance(callbacks, (list, tuple)) else [callbacks] if callbacks else []
        losses: list[float] = []
        self.stop_training = False
        _tell(listeners, "set_params", {"epochs": epochs, "steps": 1, "verbose": verbose})
        _tell(listeners, "set_model", self)
        _tell(listeners, "on_train_begin", {})
        for epoch in range(initial_epoch, epochs):
            if self._done == self._fails_at:
                raise RuntimeError("the training was stopped from outside")
            _tell(listeners, "on_epoch_begin", epoch, {})
            losses.append(self._train_epoch(rows, targets, batch_size or 32))
            self._done += 1
            self._note("epoch")
            _tell(listeners, "on_epoch_end", epoch, {"loss": losses[-1]})
            if self.stop_training:
                break
        _tell(listeners, "on_train_end", {})
        return History(losses)

    def _train_epoch(self, rows: list[tuple[float, ...]], targets: list[float], batch_size: int) -> float:
        total = 0.0
        for first in range(0, len(rows), batch_size):
            batch = rows[first : first + batch_size]
            wanted = targets[first : first + batch_size]
            predicted = [sum(w * v for w, v in zip(self._weights, row, strict=True)) for row in batch]
            errors = [p - t for p, t in zip(predicted, wanted, strict=True)]
            total += sum(error * error for error in errors)
            for i in range(len(self._weights)):
                slope = 2 * sum(error * row[i] for error, row in zip(errors, batch, strict=True)) / len(batch)
                self._speed[i] = self._momentum * self._speed[i] - self._lr * slope
            self._weights = [w + v for w, v in zip(self._weights, self._speed, strict=True)]
        return total / len(rows)


class History:
    """What fit hands back."""

    def __init__(self, losses: list[float]) -> None:
        self.history = {"loss": losses}


class Bar:
    """What the factory `bar` gives: iterable and context manager, as tqdm's."""

    def __init__(self, iterable: Iterable[Any] | None, total: object, number: int, note: Callable[..., None]) -> None:
        if total is None and hasattr(iterable, "__len__"):
            total = len(iterable)  # type: ignore[arg-type]  # it has a length, as the line before says
        self.total = total
        self._iterable = iterable
        self._n: Any = 0
        self._number = number
        self._note = note
        note("bar", number, _plain(total))

    @property
    def n(self) -> Any:
        return self._n

    @n.setter
    def n(self, value: Any) -> None:
        self._n = value
        self._note("at", self._number, _plain(value))

    def __iter__(self) -> Iterator[Any]:
        try:
            for item in self._iterable:  # type: ignore[union-attr]  # None is the student's mistake, as with tqdm
                yield item
                self.n += 1
        finally:
            self.close()

    def __enter__(self) -> "Bar":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def update(self, n: Any = 1) -> None:
        self.n += n

    def close(self) -> None:
        self._note("close", self._number)

    def _look(self, *_args: Any, **_kwargs: Any) -> None:
        """Change how the bar looks, which is not recorded."""

    set_postfix = set_postfix_str = set_description = set_description_str = refresh = _look


def _tell(listeners: Iterable[Any], event: str, *args: Any) -> None:
    """Call what a callback has of Keras's methods; one with on_epoch_end alone is enough."""
    for listener in listeners:
        method = getattr(listener, event, None)
        if method is not None:
            method(*args)


def _plain(value: Any) -> Any:
    """A number, a bool or a short text; NumPy's numbers as Python's own."""
    item = value.item() if hasattr(value, "item") else value
    return item if item is None or isinstance(item, (bool, int, float)) else str(item)[:20]


_BY_NAME: dict[str, Callable[[Any], Any]] = {
    "sequence": Sequence,
    "polynomial": Polynomial,
    "training": Training,
    "training_table": TrainingTable,
}


def make(name: str, options: Any) -> Any:
    """Return a new stand-in; its `record` is what it saw."""
    return _BY_NAME[name](options)
