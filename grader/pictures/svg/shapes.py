"""Lines, areas and marks as SVG elements, from places in points; what lies far outside is left away."""

import math
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from grader.pictures.grid import Box
from grader.pictures.svg.letters import near, paint

FAR = 2000.0
"""Points beyond the upper left corner and beyond 4000 that nothing is drawn at: browsers reckon in short numbers."""
_LOW, _HIGH = -FAR, 2 * FAR
_BEYOND = 1e9
_STEP = 0.7
"""Points between two places of a line that are told apart."""
_INNER = 0.381966
"""Inner radius of a five-pointed star whose edges are straight lines, for an outer radius of 1."""
_DASHES: dict[str, Sequence[float]] = {"-": (), "--": (3.7, 1.6), ":": (1, 1.65), "-.": (6.4, 1.6, 1, 1.6)}
"""On and off in line widths, as matplotlib has them."""
_HATCH = {"/": 24, ".": 12}
"""Points between what one sign of a hatch draws."""

Place = tuple[float, float] | None
"""In points; None is a gap."""


class Pen(NamedTuple):
    """Inside and edge of what is drawn; widths in points."""

    fill: str = "none"
    edge: str = "none"
    width: float = 1.0
    style: Any = "-"
    """A key of _DASHES, or matplotlib's (offset, (on, off, ...))."""

    def attributes(self) -> str:
        """Return them as an element has them."""
        found = f'fill="{paint(self.fill)}"'
        if self.edge != "none" and self.width:
            found += f' stroke="{paint(self.edge)}" stroke-width="{near(self.width)}"'
            dashes = _DASHES[self.style] if isinstance(self.style, str) else self.style[1]
            if dashes:
                found += f' stroke-dasharray="{" ".join(near(part * self.width) for part in dashes)}"'
        return found


def draw_path(runs: Iterator[list[tuple[float, float]]], pen: Pen, *, end: str = "") -> str:
    """Return runs of places as one element."""
    found = "".join("M" + "L".join(f"{near(x)} {near(y)}" for x, y in run) + end for run in runs if len(run) > 1)
    return f'<path d="{found}" {pen.attributes()}/>' if found else ""


def draw_line(places: Sequence[Place], pen: Pen) -> str:
    """Return a line through places, with gaps."""
    return draw_path(_runs(places), pen)


def _runs(places: Sequence[Place]) -> Iterator[list[tuple[float, float]]]:
    run: list[tuple[float, float]] = []
    before: Place = None
    for here in places:
        cut = None if before is None or here is None else _inside(before, here)
        if run and (cut is None or cut[0] != run[-1]):
            yield run
            run = []
        if cut is not None:
            run = run or [cut[0]]
            run.append(cut[1])
        before = here
    if run:
        yield run


def thin(places: Sequence[Place]) -> list[Place]:
    """Return the places of a line without those that cannot be told from the one before; the last one stays."""
    found: list[Place] = []
    for index, place in enumerate(places):
        before = found[-1] if found else None
        is_last = index + 1 == len(places) or places[index + 1] is None
        if place is None or before is None or is_last or abs(place[0] - before[0]) + abs(place[1] - before[1]) > _STEP:
            found.append(place)
    return found


def _inside(a: tuple[float, float], b: tuple[float, float]) -> tuple[tuple[float, float], tuple[float, float]] | None:
    """Return the part of a line that is near enough to be drawn: Liang and Barsky's clipping (1984)."""
    if all(_LOW <= part <= _HIGH for part in (*a, *b)):
        return a, b
    step = (b[0] - a[0], b[1] - a[1])
    first, last = 0.0, 1.0
    for at, by in zip(a, step, strict=True):
        for edge, sign in ((_LOW, 1), (_HIGH, -1)):
            toward, beyond = sign * by, sign * (edge - at)
            if toward == 0 and beyond > 0:
                return None
            if toward > 0:
                first = max(first, beyond / toward)
            elif toward < 0:
                last = min(last, beyond / toward)
    if not first <= last:  # also where a step of two huge numbers is none
        return None
    begin, end = ((a[0] + part * step[0], a[1] + part * step[1]) for part in (first, last))
    return (begin, end) if all(map(math.isfinite, (*begin, *end))) else None


def is_near(place: Place) -> bool:
    """True for a place that can be drawn."""
    return place is not None and all(_LOW <= part <= _HIGH for part in place)


def cut_area(corners: Sequence[tuple[float, float]], box: Box) -> list[tuple[float, float]]:
    """Return the part of a convex area in a box: Sutherland and Hodgman's clipping (1974). [] where there is none."""
    # The difference of two corners has to be finite.
    found = [(min(max(x, -_BEYOND), _BEYOND), min(max(y, -_BEYOND), _BEYOND)) for x, y in corners]
    left, top, wide, high = box
    for at, edge, sign in ((0, left, 1), (0, left + wide, -1), (1, top, 1), (1, top + high, -1)):
        before, found = found, []
        for a, b in _edges(before):
            toward, away = sign * (a[at] - edge), sign * (b[at] - edge)
            if toward >= 0:
                found.append(a)
            if (toward >= 0) != (away >= 0):
                part = toward / (toward - away)
                found.append((a[0] + part * (b[0] - a[0]), a[1] + part * (b[1] - a[1])))
    return found


def draw_area(corners: Sequence[tuple[float, float]], pen: Pen, hatch: str = "") -> str:
    """Return a convex area, and what it is hatched with: "/" for lines, "." for dots, the closer the more signs.

    Raises:
        KeyError: another hatch.
    """
    found = draw_path(iter([list(corners)]), pen, end="z")
    if hatch:
        found += {"/": _lines_in, ".": _dots_in}[hatch[0]](corners, pen, _HATCH[hatch[0]] / len(hatch))
    return found


def _lines_in(corners: Sequence[tuple[float, float]], pen: Pen, gap: float) -> str:
    """Lines to the upper right: x + y is the same along each."""
    sums = [x + y for x, y in corners]
    runs = []
    for number in range(math.ceil(min(sums) / gap), math.floor(max(sums) / gap) + 1):
        ends = []
        for (a, b), (sum_a, sum_b) in zip(_edges(corners), _edges(sums), strict=True):
            if (sum_a <= number * gap) != (sum_b <= number * gap):
                part = (number * gap - sum_a) / (sum_b - sum_a)
                ends.append((a[0] + part * (b[0] - a[0]), a[1] + part * (b[1] - a[1])))
        runs.append(ends)
    return draw_path(iter(runs), Pen("none", pen.edge, 1.0))


def _dots_in(corners: Sequence[tuple[float, float]], pen: Pen, gap: float) -> str:
    xs, ys = zip(*corners, strict=True)
    found = [
        f'<circle cx="{near(x)}" cy="{near(y)}" r="1"/>'
        for row in range(math.ceil(min(ys) / gap), math.floor(max(ys) / gap) + 1)
        for column in range(math.ceil(min(xs) / gap), math.floor(max(xs) / gap) + 1)
        if _holds(corners, x := (column + row % 2 / 2) * gap, y := row * gap)
    ]
    return f'<g fill="{paint(pen.edge)}">{"".join(found)}</g>'


def _holds(corners: Sequence[tuple[float, float]], x: float, y: float) -> bool:
    """True if a point lies inside a convex area: on the same side of all its edges."""
    sides: list[float] = [(b[0] - a[0]) * (y - a[1]) - (b[1] - a[1]) * (x - a[0]) for a, b in _edges(corners)]
    return min(sides) >= 0 or max(sides) <= 0


def _edges(corners: Sequence[Any]) -> Iterator[tuple[Any, Any]]:
    return zip(corners, [*corners[1:], *corners[:1]], strict=True)


def _circled(count: int, radii: Sequence[float]) -> list[tuple[float, float]]:
    """Corners on circles around the middle, the first at the top, radii taken in turn."""
    turns = [(2 * math.pi * k / count, radii[k % len(radii)]) for k in range(count)]
    return [(radius * math.sin(turn), -radius * math.cos(turn)) for turn, radius in turns]


_PLUS = [(-1, 3), (1, 3), (1, 1), (3, 1), (3, -1), (1, -1), (1, -3), (-1, -3), (-1, -1), (-3, -1), (-3, 1), (-1, 1)]
_CROSS = [(-1, 2), (0, 1), (1, 2), (2, 1), (1, 0), (2, -1), (1, -2), (0, -1), (-1, -2), (-2, -1), (-1, 0), (-2, 1)]
_MARKS = {
    "s": [(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)],
    "D": _circled(4, (0.5 * 2**0.5,)),
    "^": [(0, -0.5), (0.5, 0.5), (-0.5, 0.5)],
    "*": _circled(10, (0.5, 0.5 * _INNER)),
    "P": [(x / 6, y / 6) for x, y in _PLUS],
    "X": [(x / 4, y / 4) for x, y in _CROSS],
}
"""Corners of filled marks for a size of 1; a circle and a cross of two lines are elements of their own."""


def draw_marks(shape: str, places: Sequence[Place], size: float, pen: Pen) -> str:
    """Return the same mark at each place.

    Args:
        shape: "o", "x" or a key of _MARKS, as matplotlib names them.
        places: those that cannot be drawn are left out.
        size: its width in points.
        pen: inside and edge; a cross has the edge alone.

    Raises:
        KeyError: another shape.
    """
    shown = [place for place in places if place is not None and is_near(place)]
    if shape == "o":
        radius = near(size / 2)
        drawn = "".join(f'<circle cx="{near(x)}" cy="{near(y)}" r="{radius}"/>' for x, y in shown)
        return f"<g {pen.attributes()}>{drawn}</g>" if drawn else ""
    half = size / 2
    if shape == "x":
        strokes = [[(x - half, y + sign * half), (x + half, y - sign * half)] for x, y in shown for sign in (1, -1)]
        return draw_path(iter(strokes), pen)
    outline = _MARKS[shape]
    return draw_path(iter([[(x + size * dx, y + size * dy) for dx, dy in outline] for x, y in shown]), pen, end="z")
