"""Lets a student's function train the recording model under the recording bar, and reads what happened, for kata 13.

The model and its losses are computed here again, with NumPy, so that what the student's side recorded is compared with
something that it does not control.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from grader import expect
from grader.checks.crash import StudentFault
from grader.checks.student import Student

if TYPE_CHECKING:
    import numpy as np

LR, MOMENTUM = 0.05, 0.8
START = (0.4, -0.3, 0.2)
BATCH_SIZE = 4
"""The lecture's batch. Checks hand over other numbers of rows, too."""

MOST_LETTERS = 20
"""Of a text in the record; stand_ins.py cuts them so."""


@dataclass(frozen=True)
class Rehearsal:
    """What came of one call of train_with_bar."""

    asked: str
    """The call as code."""
    losses: Any
    """What the function returned; None if fit raised and the error came through."""
    failed: bool
    """True if the error that fit raised came through."""
    entries: tuple[tuple[Any, ...], ...]
    """("bar", number, total), ("at", number, n), ("close", number), ("fit", batch_size, verbose), ("epoch",), ..."""
    epochs: int
    """Epochs trained."""
    weights: tuple[float, ...]

    def of(self, kind: str) -> list[tuple[Any, ...]]:
        """Return the entries of one kind, without it."""
        return [entry[1:] for entry in self.entries if entry[0] == kind]

    @property
    def position(self) -> float:
        """Where the first bar stood last."""
        return next((n for number, n in reversed(self.of("at")) if number == 0), 0)

    @property
    def farthest(self) -> float:
        """The largest distance between the first bar and the training, in epochs, at any moment."""
        epochs, at, found = 0, 0.0, 0.0
        for entry in self.entries:
            epochs += entry[0] == "epoch"
            at = entry[2] if entry[0] == "at" and entry[1] == 0 else at
            found = max(found, abs(at - epochs))
        return found


def rehearse(
    student: Student,
    inputs: "np.ndarray[Any, Any]",
    targets: "np.ndarray[Any, Any]",
    epochs: int,
    *,
    fails_at: int | None,
) -> Rehearsal:
    """Call train_with_bar(model, inputs, targets, epochs, bar) with stand-ins.

    Args:
        student: whose function.
        inputs: (rows, 2).
        targets: (rows,).
        epochs: to be trained.
        fails_at: the epoch at which fit raises; None: never.

    Raises:
        Mismatch: the function crashed (of its own accord), or its side tells nonsense.
    """
    options = {"start": list(START), "lr": LR, "momentum": MOMENTUM, "fails_at": fails_at}
    run = student.stand_in("training", options)
    asked = f"train_with_bar(model, X, y, {epochs}, bar)"
    losses, failed = None, False
    try:
        losses = student.train_with_bar(run.model, inputs, targets, epochs, run.bar)
    except StudentFault as fault:
        failed = fails_at is not None and fault.raised.type == "RuntimeError"
        if not failed:
            raise
    return _read(run.record(), asked, losses, failed=failed)


def _read(record: Any, asked: str, losses: Any, *, failed: bool) -> Rehearsal:
    """Take the record apart; whoever has written into it gets no verdict from it."""
    try:
        entries = tuple(tuple(entry) for entry in record["entries"])
        weights = tuple(float(weight) for weight in record["weights"])
        epochs = int(record["epochs"])
        sound = len(weights) == len(START) and all(map(_is_sound, entries))
    except (TypeError, ValueError, KeyError, OverflowError):
        sound = False
    if not sound:
        expect.fail("nonsense")
    return Rehearsal(asked, losses, failed, entries, epochs, weights)


def _is_sound(entry: tuple[Any, ...]) -> bool:
    lengths = {"bar": 3, "at": 3, "close": 2, "fit": 3, "epoch": 1, "compile": 1, "set_weights": 1}
    if not all(part is None or isinstance(part, (bool, int, float, str)) for part in entry):
        return False
    if any(isinstance(part, str) and len(part) > MOST_LETTERS for part in entry):
        return False
    if not entry or len(entry) != lengths.get(entry[0]):
        return False
    # NaN would be neither above nor below the end.
    return entry[0] != "at" or (isinstance(entry[2], (int, float)) and math.isfinite(entry[2]))


def follow(
    inputs: "np.ndarray[Any, Any]",
    targets: "np.ndarray[Any, Any]",
    epochs: int,
    *,
    start: Sequence[float] = START,
    speed: Sequence[float] = (0, 0, 0),
) -> "tuple[np.ndarray[Any, Any], np.ndarray[Any, Any], np.ndarray[Any, Any]]":
    """Train the model for so many epochs, in batches of BATCH_SIZE and in the order of the rows.

    Args:
        inputs: (rows, 2).
        targets: (rows,).
        epochs: >= 0.
        start: w1, w2, b.
        speed: what the momentum remembers.

    Returns:
        (losses, one for each epoch, each row's taken before the update of its batch; weights; speed).
    """
    import numpy as np

    rows = np.column_stack([inputs, np.ones(len(inputs))])
    w, v = np.array(start, dtype=float), np.array(speed, dtype=float)
    losses = np.zeros(epochs)
    for epoch in range(epochs):
        for first in range(0, len(rows), BATCH_SIZE):
            batch = rows[first : first + BATCH_SIZE]
            error = batch @ w - targets[first : first + BATCH_SIZE]
            losses[epoch] += np.sum(error**2) / len(rows)
            v = MOMENTUM * v - LR * 2 * batch.T @ error / len(batch)
            w = w + v
    return losses, w, v
