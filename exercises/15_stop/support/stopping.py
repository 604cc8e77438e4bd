"""Kata 15's rule for stopping early, and what each known mistake in it answers."""

from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise

Losses = Sequence[float]
Stop = tuple[int, int]
"""Best epoch, stop epoch."""


def follow(
    val: Losses,
    patience: int,
    *,
    ties: bool = False,
    resets: bool = True,
    previous: bool = False,
    uncounted: bool = False,
) -> Stop:
    """The rule step by step, or with one known mistake built in."""
    best, waited = 0, 0
    for epoch, loss in list(enumerate(val))[1:]:
        mark = val[epoch - 1] if previous else val[best]
        if uncounted and loss == mark:
            continue
        if loss < mark or (ties and loss == mark):
            waited = 0 if resets else waited
        else:
            waited += 1
        if loss < val[best] or (ties and loss == val[best]):
            best = epoch
        elif waited >= max(patience, 1):
            return best, epoch
    return best, len(val) - 1


def take_falls(val: Losses, patience: int) -> Stop:
    """As `follow`, but whatever is below the loss just before becomes the best."""
    best = 0
    for epoch, (before, loss) in enumerate(pairwise(val), 1):
        if loss < before:
            best = epoch
        elif epoch - best >= max(patience, 1):
            return best, epoch
    return best, len(val) - 1


def follow_rounded(val: Losses, patience: int, places: int) -> Stop:
    """As `follow`, with losses that were rounded before."""
    return follow([round(loss, places) for loss in val], patience)


def ask_for_gain(val: Losses, patience: int, least: float) -> Stop:
    """As `follow`, but a new best has to be smaller by more than `least`."""
    best = 0
    for epoch, loss in list(enumerate(val))[1:]:
        if val[best] - loss > least:
            best = epoch
        elif epoch - best >= max(patience, 1):
            return best, epoch
    return best, len(val) - 1


def begin_at(val: Losses, patience: int, number: float) -> Stop:
    """As `follow`, but the first best is a number of the code's own, which the loss of epoch 0 may or may not beat."""
    lowest, best, waited = number, 0, 0
    for epoch, loss in enumerate(val):
        if loss < lowest:
            lowest, best, waited = loss, epoch, 0
        else:
            waited += 1
            if waited >= max(patience, 1):
                return best, epoch
    return best, len(val) - 1


def first_rise(val: Losses, _patience: int) -> Stop | None:
    """Return the epoch before the first rise and the rise, whatever the patience; None if there is none."""
    return next(((e - 1, e) for e in range(1, len(val)) if val[e] > val[e - 1]), None)


def lowest(val: Losses) -> int:
    """Return the epoch of the smallest loss, the first one of several."""
    return min(range(len(val)), key=lambda epoch: val[epoch])


MISTAKES: dict[str, Callable[[Losses, int], Stop | None]] = {
    "stops_at_first_rise": first_rise,
    "returns_stop_as_best": lambda val, p: (follow(val, p)[1],) * 2,
    "swapped": lambda val, p: follow(val, p)[::-1],
    "counts_from_one": lambda val, p: (follow(val, p)[0] + 1, follow(val, p)[1] + 1),
    "looks_past_stop": lambda val, p: (lowest(val), follow(val, p)[1]),
    "never_stops": lambda val, _: (lowest(val), len(val) - 1),
    "tie_is_best": lambda val, p: follow(val, p, ties=True),
    "tie_uncounted": lambda val, p: follow(val, p, uncounted=True),
    "never_resets": lambda val, p: follow(val, p, resets=False),
    "fall_is_best": take_falls,
    "compares_with_previous": lambda val, p: follow(val, p, previous=True),
    "waits_too_long": lambda val, p: follow(val, p + 1),
    "waits_too_short": lambda val, p: follow(val, p - 1),
    "past_the_end": lambda val, p: (follow(val, p)[0], len(val)),
    **{f"small_gain_ignored {g}": partial(ask_for_gain, least=g) for g in (1e-4, 1e-3, 0.01, 0.02, 0.05, 0.1)},
    **{f"small_gain_ignored {n} places": partial(follow_rounded, places=n) for n in range(5)},
    **{f"first_best_written {n}": partial(begin_at, number=n) for n in (0, 1, 10, 100)},
}
"""What each known mistake answers: tag -> rule; behind a space stands what tells rules of one tag apart."""
