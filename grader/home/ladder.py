"""Which kata is next on the ladder: the first open one that is neither passed over nor impossible here."""

import importlib.util
from collections.abc import Iterable, Iterator
from typing import Literal

from grader.bank.kata import Kata
from grader.home.progress import is_done, is_skipped

PassedOver = Literal["skipped", "cannot_run"]
"""Why a kata that is open is not the next one: the student wants it so, or something that it needs is missing."""


def why_passed_over(kata: Kata) -> PassedOver | None:
    """Return why a kata is passed over; None if it is not, or is done."""
    if is_done(kata):
        return None
    if is_skipped(kata):
        return "skipped"
    return None if can_run(kata) else "cannot_run"


def can_run(kata: Kata) -> bool:
    """True if the libraries that a kata needs are installed here; none is imported, which would take seconds."""
    return all(importlib.util.find_spec(name) is not None for name in kata.libraries)


def passed_over(katas: Iterable[Kata]) -> Iterator[tuple[Kata, PassedOver]]:
    """Yield the katas that are passed over, with the reason."""
    for kata in katas:
        reason = why_passed_over(kata)
        if reason is not None:
            yield kata, reason


def next_kata(katas: Iterable[Kata], *, after: Kata | None = None) -> Kata | None:
    """Return the first kata that is open and not passed over, those behind `after` first; None if there is none."""
    open_ones = [kata for kata in katas if not is_done(kata) and why_passed_over(kata) is None]
    later = [kata for kata in open_ones if after is not None and kata.name > after.name]
    return next(iter([*later, *open_ones]), None)
