"""One direction of an axes: which values it reaches over, on which scale, and where its ticks are."""

import math
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import Any

_STEPS = (1, 2, 2.5, 5, 10)
"""Distances of ticks, times a power of ten."""
_MOST_PARTS = 9
_SLACK = 1e-9
_MARGIN = 0.05
"""Of what was drawn, left free at both ends."""
_PLAIN = (1e-4, 1e6)
"""Numbers between these are written without an exponent."""
_HUGE = 1e300
"""Values beyond are left out, so that the difference of two values is finite."""
_NEVER = -1000.0
"""Where 0 is on a logarithmic axis, in powers of ten: a line to it leaves the picture downwards, as matplotlib's."""


class Axis:
    """Limits, scale, ticks and label of x or y."""

    def __init__(self, *, is_x: bool) -> None:
        """Begin with nothing seen."""
        self.is_x = is_x
        self.limits: tuple[float, float] | None = None
        self.ticks: tuple[Sequence[float], Sequence[str]] | None = None
        self.label, self.label_size, self.label_pad, self.label_rotation = "", 10.0, 4.0, 0.0 if is_x else 90.0
        self.tick_size, self.tick_length, self.tick_rotation = 10.0, 3.5, 0.0
        self._format: Callable[[float], str] | None = None
        self._forward: Callable[[float], float] = float
        self._is_log = False
        self._seen: tuple[float, float] | None = None
        self._stuck: set[float] = set()

    def see(self, values: Iterable[Any], *, stuck: Iterable[Any] = ()) -> None:
        """Reach over these values; there is no margin beyond those at which something is stuck, a bar's foot."""
        # nan < _HUGE is False.
        found = [float(value) for value in (*values, *stuck) if value is not None and abs(value) < _HUGE]
        if found:
            low, high = self._seen or (math.inf, -math.inf)
            self._seen = min(low, *found), max(high, *found)
        self._stuck.update(map(float, stuck))

    def set_limits(self, first: float, last: float) -> None:
        """Fix both ends.

        Raises:
            ValueError: one is no number or has no end.
        """
        if not (abs(first) < _HUGE and abs(last) < _HUGE):
            raise ValueError(f"an axis cannot reach from {first} to {last}")
        self.limits = float(first), float(last)

    def set_scale(self, name: str, linthresh: float = 2) -> None:
        """Choose "linear", "log", or "symlog", which is linear up to linthresh and as wide there as a power of ten.

        Raises:
            KeyError: another one.
        """
        # matplotlib's SymmetricalLogTransform for linscale 1 and base 10.
        inner = 1 / (1 - 1 / 10)

        def symlog(value: float) -> float:
            if abs(value) <= linthresh:
                return value * inner
            return math.copysign(linthresh * (inner + math.log10(abs(value) / linthresh)), value)

        def log(value: float) -> float:
            return math.log10(value) if value > 0 else _NEVER if value <= 0 else math.nan

        known: dict[str, Callable[[float], float]] = {"linear": float, "log": log, "symlog": symlog}
        self._forward = known[name]
        self._is_log = name == "log"

    def set_major_formatter(self, pattern: str) -> None:
        """Write ticks as str.format does with a value called x."""
        self._format = lambda value: pattern.format(x=value)

    def reach(self) -> tuple[float, float]:
        """Return both ends, the left or lower one first."""
        if self.limits is not None:
            return _apart(*self.limits)
        low, high = _apart(*(self._seen or (0.0, 1.0)))
        margin = 0.0 if self._is_log else _MARGIN * (high - low)
        return (low if low in self._stuck else low - margin, high if high in self._stuck else high + margin)

    def part(self, value: Any) -> float:
        """Return where a value is: 0 at the first end, 1 at the other one; nan if it has no place."""
        low, high = map(self._forward, self.reach())
        try:
            return (self._forward(float(value)) - low) / (high - low)
        except (TypeError, ValueError, ZeroDivisionError, OverflowError):  # for one, None, or a log without any width
            return math.nan

    def shown_ticks(self, length: float) -> list[tuple[float, str]]:
        """Return the ticks and their labels on an axis of so many points."""
        low, high = sorted(self.reach())
        if self.ticks is not None:
            values, labels = self.ticks
        elif self._is_log:
            values = _powers(low, high, self._most(length))
            labels = [(self._format or "{:g}".format)(value) for value in values]
        else:
            values = _even(low, high, self._most(length))
            labels = list(map(self._format, values)) if self._format else _written(values)
        named = zip(values, labels, strict=True)
        return [(value, label) for value, label in named if -_SLACK <= self.part(value) <= 1 + _SLACK]

    def name_ticks(self, values: Iterable[float], labels: Iterable[str] | None) -> None:
        """Fix the ticks; without labels, their values are written."""
        fixed = list(values)
        self.ticks = fixed, _written(fixed) if labels is None else [str(label) for label in labels]

    def _most(self, length: float) -> int:
        """How many parts an axis may have, that its labels do not meet: matplotlib's rule."""
        return max(1, min(_MOST_PARTS, int(length / (self.tick_size * (3 if self.is_x else 2)))))


def _apart(first: float, last: float) -> tuple[float, float]:
    """Return two ends, moved apart by matplotlib's rule if they are too near to tell a value between them."""
    largest = max(abs(first), abs(last))
    if largest < 1e-287:
        return -0.05, 0.05
    if abs(last - first) <= 1e-15 * largest:
        return first - 0.05 * abs(first), last + 0.05 * abs(last)
    return first, last


def _even(low: float, high: float, most: int) -> list[float]:
    """Return round values between two, with at most so many parts."""
    raw = (high - low) / most
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(step * power for step in _STEPS if step * power >= raw * (1 - 1e-9))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [number * step for number in range(first, last + 1)]


def _powers(low: float, high: float, most: int) -> list[float]:
    """Return powers of ten between two values, every second or third one where there are many."""
    if low <= 0:
        return []
    first, last = math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9)
    every = max(1, math.ceil((last - first) / most))
    return [10.0**power for power in range(first, last + 1) if power % every == 0]


def _written(values: Sequence[float]) -> list[str]:
    """Return numbers with as many decimals as the one among them that needs most."""
    largest = max((abs(value) for value in values), default=0.0)
    if largest and not _PLAIN[0] <= largest < _PLAIN[1]:
        short, long = ([f"{value:.{digits}g}" for value in values] for digits in (6, 15))
        return short if len(set(short)) == len(set(values)) else long
    near = 1e-3 * min((abs(b - a) for a, b in pairwise(values) if a != b), default=largest)
    fits = (count for count in range(16) if all(abs(value - round(value, count)) <= near for value in values))
    decimals = next(fits, 0)
    return [f"{value + 0:.{decimals}f}" for value in values]  # -0.0 + 0 has no minus
