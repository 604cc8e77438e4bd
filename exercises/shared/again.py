"""Asks a function the same thing twice: what is longer the second time has been kept from the first."""

from collections.abc import Callable
from typing import Any

from grader import expect


def check_begins_anew(ask: Callable[[], Any], *, asked: str) -> None:
    """Ask twice, and count what comes back.

    Args:
        ask: asks the student's function one small question.
        asked: the question, for the message.

    Raises:
        Mismatch: "kept_between_calls", or what asking raises.
    """
    first, second = ask(), ask()
    if 0 < _count(first) < _count(second):
        shown = {"expected": expect.show(first), "actual": expect.show(second)}
        expect.fail("kept_between_calls", asked=f"2 x {asked}", **shown)


def _count(answer: Any) -> int:
    """How many numbers, words and the like are in an answer."""
    if isinstance(answer, (list, tuple)):
        return sum(map(_count, answer))
    return int(getattr(answer, "size", 1)) if answer is not None else 0
