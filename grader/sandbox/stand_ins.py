"""Objects that stand in for a part of the student's module, made on the student's side by name.

What they record is a help for messages: a student's code could forge it, so no points hang on a record alone.
"""

from collections.abc import Callable
from typing import Any


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


_BY_NAME: dict[str, Callable[[Any], Any]] = {
    "sequence": Sequence,
    "polynomial": Polynomial,
    "training_table": TrainingTable,
}


def make(name: str, options: Any) -> Any:
    """Return a new stand-in; its `record` is what it saw."""
    return _BY_NAME[name](options)
