"""Objects that stand in for a part of the student's module or of its world, made on the student's side by name.

A student's code could forge what they record. So a record helps messages, or says what nothing else can: how a bar
moved, which is easier to do than to forge. What was trained shows in the losses and weights too, and those
the check computes for itself.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from types import CodeType, FunctionType
from typing import Any, Self

MOST_ENTRIES = 2_000
"""Of a record; a loop in a loop can train thousands of epochs, and all has to fit into one answer."""


@dataclass(frozen=True)
class StandIn:
    """What takes a place on the student's side, and what it has seen there.

    The two are apart: what the student's code can reach is a function like any other, without a name, a type or an
    attribute of its own by which it could be told from the one it stands for, or its record be found.
    """

    value: Any
    record: Any
    """What it has seen; or a function that tells it."""

    def read(self) -> Any:
        """Return what it has seen so far."""
        return self.record() if callable(self.record) else self.record


_PLACE = "the stand-in's place"


def _passage(*args: Any, **kwargs: Any) -> Any:
    # A name first: of a call of the text itself Python would warn.
    place: Any = "the stand-in's place"
    return place(*args, **kwargs)


def lend_body(function: Any, value: Any) -> CodeType | None:
    """Let a function do what `value` does, for whoever has taken hold of it: a partial, a default, another name.

    Returns:
        The function's own code, to be put back; None where nothing was lent, as of what is no plain function.
    """
    # Code that closes over variables takes the place of such code alone.
    if not isinstance(function, FunctionType) or function.__code__.co_freevars or not callable(value):
        return None
    own, code = function.__code__, _passage.__code__
    constants = tuple(value if constant == _PLACE else constant for constant in code.co_consts)
    function.__code__ = code.replace(co_consts=constants, co_name=own.co_name)
    return own


def make_number(number: float) -> StandIn:
    """Return a number, for a place where a function's call may be missing."""
    return StandIn(number, [])


def make_sequence(numbers: list[int]) -> StandIn:
    """Return a function that gives the numbers in turn, then the last one for ever, and records its arguments."""
    record: list[Any] = []

    def neuron(*args: Any, **kwargs: Any) -> int:
        record.append((args, kwargs))
        return numbers[min(len(record), len(numbers)) - 1]

    return StandIn(neuron, record)


def make_polynomial(terms: list[list[float]]) -> StandIn:
    """Return a function f(w, b), the sum of factor * w**i * b**j over [factor, i, j], as one would write it."""
    text = " + ".join(f"{float(factor)!r} * w**{int(i)} * b**{int(j)}" for factor, i, j in terms)
    return StandIn(eval(f"lambda w, b: {text}", {}), [])


def make_training_table(table: dict[Any, Any]) -> StandIn:
    """Return a function train(seed, hidden, ...) that looks up its result by (seed, hidden), and records these two."""
    record: list[Any] = []

    def train(seed: Any, hidden: Any = 2, *_: Any, **__: Any) -> Any:
        record.append((seed, hidden))
        # Under None: what every other start ends with.
        return table.get((seed, hidden), table[None])

    return StandIn(train, record)


def make_training(options: dict[str, Any]) -> StandIn:
    """Return a model with Keras's `fit` and a progress bar with tqdm's face, which write one record, in order of time.

    Args:
        options: "start", the weights and the bias; "lr"; "momentum"; "fails_at", the epoch at which fit raises.
    """
    entries: list[list[Any]] = []
    epochs = 0

    def note(kind: str, *parts: Any) -> None:
        nonlocal epochs
        epochs += kind == "epoch"
        if len(entries) < MOST_ENTRIES:
            entries.append([kind, *parts])

    model = _make_model(options, note)
    return StandIn(
        Parts(model, _make_bar(note)),
        lambda: {"entries": entries, "epochs": epochs, "weights": list(model.get_weights())},
    )


@dataclass(frozen=True)
class Parts:
    """What a check hands to the student's function, one by one."""

    model: Any
    bar: Callable[..., Any]


Note = Callable[..., None]


class Neuron:
    """One linear neuron, mean squared error, gradient descent with momentum.

    Small, and yet a call of compile, which throws the momentum away, shows in its losses.
    """

    def __init__(self, options: dict[str, Any]) -> None:
        self._weights = [float(weight) for weight in options["start"]]
        self._speed = [0.0] * len(self._weights)
        self._lr, self._momentum = options["lr"], options["momentum"]

    def get_weights(self) -> list[float]:
        return list(self._weights)

    def train_epoch(self, rows: list[tuple[float, ...]], targets: list[float], batch_size: int) -> float:
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


def _make_model(options: dict[str, Any], note: Note) -> Any:
    """What the student's function gets as its model. Only its methods know `note`: no attribute leads to it."""
    done = 0

    class Model(Neuron):
        stop_training = False

        def compile(self, *_args: Any, **_kwargs: Any) -> None:
            note("compile")
            self._speed = [0.0] * len(self._weights)

        def set_weights(self, weights: list[float]) -> None:
            note("set_weights")
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
            nonlocal done
            del shuffle  # the rows stay in their order, so that a check can follow
            note("fit", _plain(batch_size), _plain(verbose))
            rows = [(*map(float, row), 1.0) for row in x]
            targets = [float(target) for target in y]
            listeners = callbacks if isinstance(callbacks, (list, tuple)) else [callbacks] if callbacks else []
            losses: list[float] = []
            self.stop_training = False
            _tell(listeners, "set_params", {"epochs": epochs, "steps": 1, "verbose": verbose})
            _tell(listeners, "set_model", self)
            _tell(listeners, "on_train_begin", {})
            for epoch in range(initial_epoch, epochs):
                if done == options["fails_at"]:
                    raise RuntimeError("the training was stopped from outside")
                _tell(listeners, "on_epoch_begin", epoch, {})
                losses.append(self.train_epoch(rows, targets, batch_size or 32))
                done += 1
                note("epoch")
                _tell(listeners, "on_epoch_end", epoch, {"loss": losses[-1]})
                if self.stop_training:
                    break
            _tell(listeners, "on_train_end", {})
            return History(losses)

    return Model(options)


class History:
    """What fit hands back."""

    def __init__(self, losses: list[float]) -> None:
        self.history = {"loss": losses}


def _make_bar(note: Note) -> Callable[..., Any]:
    """The factory `bar`: what it gives is iterable and a context manager, as tqdm's. Again only methods know `note`."""
    bars = 0

    class Bar:
        def __init__(self, iterable: Iterable[Any] | None, total: object, number: int) -> None:
            if total is None and hasattr(iterable, "__len__"):
                total = len(iterable)  # type: ignore[arg-type]  # it has a length, as the line before says
            self.total = total
            self._iterable = iterable
            self._n: Any = 0
            self._number = number
            note("bar", number, _plain(total))

        @property
        def n(self) -> Any:
            return self._n

        @n.setter
        def n(self, value: Any) -> None:
            self._n = value
            note("at", self._number, _plain(value))

        def __iter__(self) -> Iterator[Any]:
            try:
                for item in self._iterable:  # type: ignore[union-attr]  # None is the student's mistake, as with tqdm
                    yield item
                    self.n += 1
            finally:
                self.close()

        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None:
            self.close()

        def update(self, n: Any = 1) -> None:
            self.n += n

        def close(self) -> None:
            note("close", self._number)

        def _look(self, *_args: Any, **_kwargs: Any) -> None:
            """Change how the bar looks, which is not recorded."""

        set_postfix = set_postfix_str = set_description = set_description_str = refresh = _look

    # tqdm's own order of arguments; its many others change how a bar looks.
    def bar(iterable: Iterable[Any] | None = None, desc: object = None, total: object = None, **_looks: Any) -> Bar:
        nonlocal bars
        del desc
        bars += 1
        return Bar(iterable, total, bars - 1)

    return bar


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


_BY_NAME: dict[str, Callable[[Any], StandIn]] = {
    "number": make_number,
    "sequence": make_sequence,
    "polynomial": make_polynomial,
    "training": make_training,
    "training_table": make_training_table,
}


def make(name: str, options: Any) -> StandIn:
    """Return a new stand-in."""
    return _BY_NAME[name](options)
