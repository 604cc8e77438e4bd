"""An axes: what is drawn into it by values, kept until its place is known, and then written as SVG elements.

Methods and their arguments are matplotlib's, as many as the kit's pictures use; another argument is a TypeError. So one
`draw` of a picture goes into either, and matplotlib's own documentation tells what each does.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from grader.pictures.drawing import PLAYGROUND
from grader.pictures.svg.captions import Captions
from grader.pictures.svg.letters import near
from grader.pictures.svg.shapes import Pen, Place, cut_area, draw_area, draw_line, draw_marks, is_near, thin
from grader.pictures.svg.surface import level_line, to_png

_FINE, _MANY = 8, 100
"""Parts of a line's step that a legend looks at, to find where few lines run; unless the line has so many places."""

_ROOM = 10.0
"""Points beside an axes to which areas reach; the rest is neither hatched nor written down."""


class Axes(Captions):
    """See the module."""

    def __init__(self) -> None:
        """Begin with nothing drawn."""
        super().__init__()
        self._lines: list[list[tuple[Any, Any]]] = []
        self._rules: list[Any] = []

    def _places(self, points: Sequence[tuple[Any, Any]]) -> list[Place]:
        return [self.at(x, y) for x, y in points]

    # --- lines and marks -------------------------------------------------------------------------------------------

    def plot(
        self,
        *values: Any,
        color: str,
        linestyle: Any = "-",
        linewidth: float = 1.5,
        marker: str = "",
        markersize: float = 6.0,
        markevery: int = 1,
        label: str = "",
        zorder: float = 2,
    ) -> None:
        """Draw a line, with marks on it: of y over 0, 1, 2, ..., or of x and y."""
        y = list(values[-1])
        points = list(zip(list(values[0]) if len(values) > 1 else range(len(y)), y, strict=True))
        self._see(points)
        self._lines.append(points)
        pen, face = Pen("none", color, linewidth, linestyle or "-"), Pen(color, color, 1.0)

        def draw() -> str:
            places = self._places(points)
            line = draw_line(thin(places), pen) if linestyle else ""
            return line + (draw_marks(marker, places[::markevery], markersize, face) if marker else "")

        def sample(left: float, top: float, wide: float, high: float) -> str:
            middle = top + high / 2
            line = draw_line([(left, middle), (left + wide, middle)], pen) if linestyle else ""
            return line + (draw_marks(marker, [(left + wide / 2, middle)], markersize, face) if marker else "")

        self._add(zorder, draw)
        self._note(label, sample)

    def scatter(
        self,
        x: Any,
        y: Any,
        s: float = 36.0,
        *,
        marker: str = "o",
        color: str | None = None,
        facecolor: str | None = None,
        edgecolor: str | None = None,
        linewidth: float | None = None,
        label: str = "",
        zorder: float = 1,
        clip_on: bool = True,
    ) -> None:
        """Draw marks of so many square points."""
        points = list(zip(x, y, strict=True))
        self._see(points)
        self._lines += [[point] for point in points]
        face = facecolor or color or "black"
        # matplotlib's own: those of two strokes are as wide as lines.
        wide = linewidth if linewidth is not None else 1.5 if marker == "x" else 1.0
        pen = Pen(face, edgecolor or color or face, wide)
        size = s**0.5
        self._add(zorder, lambda: draw_marks(marker, self._places(points), size, pen), is_clipped=clip_on)
        self._note(
            label,
            lambda left, top, wide, high: draw_marks(marker, [(left + wide / 2, top + high / 2)], size, pen),
        )

    def axhline(self, y: float, *, color: str, linestyle: Any = "-", linewidth: float = 1.5, zorder: float = 2) -> None:
        """Draw a line across the box."""
        self._y.see([y])
        pen = Pen("none", color, linewidth, linestyle)
        self._rule(lambda: [(0.0, self._y.part(y)), (1.0, self._y.part(y))], pen, zorder)

    def axvline(self, x: float, *, color: str, linestyle: Any = "-", linewidth: float = 1.5, zorder: float = 2) -> None:
        """Draw a line from the box's bottom to its top."""
        self._x.see([x])
        pen = Pen("none", color, linewidth, linestyle)
        self._rule(lambda: [(self._x.part(x), 0.0), (self._x.part(x), 1.0)], pen, zorder)

    def _rule(self, ends: Any, pen: Pen, zorder: float) -> None:
        def places() -> list[Place]:
            left, top, wide, high = self.box
            return [(left + x * wide, top + (1 - y) * high) for x, y in ends()]

        self._rules.append(places)
        self._add(zorder, lambda: draw_line(places(), pen) if all(map(is_near, places())) else "")

    # --- areas -----------------------------------------------------------------------------------------------------

    def fill(
        self,
        x: Any,
        y: Any,
        *,
        color: str | None = None,
        facecolor: str = "none",
        edgecolor: str = "none",
        hatch: str = "",
        linewidth: float = 1.0,
        label: str = "",
        zorder: float = 1,
    ) -> None:
        """Draw a convex area; without corners only its line of a legend."""
        corners = list(zip(x, y, strict=True))
        self._see(corners)
        pen = Pen(color or facecolor, color or edgecolor, linewidth)
        self._area(lambda: corners, pen, hatch, label, zorder)

    def axvspan(self, left: float, right: float, *, color: str, linewidth: float = 1.0) -> None:
        """Colour the box from one x to another."""
        self._x.see([left, right])
        pen = Pen(color, color, linewidth)
        self._area(lambda: _corners(left, self._y.reach()[0], right, self._y.reach()[1]), pen, "", "", 1)

    def axhspan(self, bottom: float, top: float, *, color: str, linewidth: float = 1.0) -> None:
        """Colour the box from one y to another."""
        self._y.see([bottom, top])
        pen = Pen(color, color, linewidth)
        self._area(lambda: _corners(self._x.reach()[0], bottom, self._x.reach()[1], top), pen, "", "", 1)

    def bar(
        self,
        x: Any,
        height: Any,
        width: float = 0.8,
        bottom: float = 0.0,
        *,
        color: str | Sequence[str] | None = None,
        facecolor: str = "none",
        edgecolor: str = "none",
        hatch: str = "",
        label: str = "",
    ) -> None:
        """Draw bars that stand on the bottom."""
        foot, bars = bottom, list(zip(_many(x), _many(height), strict=True))
        for (at, high), face in zip(bars, _each(color or facecolor, len(bars)), strict=True):
            corners = _corners(at - width / 2, foot, at + width / 2, foot + high)
            self._x.see([at - width / 2, at + width / 2])
            self._y.see([foot + high], stuck=[foot])
            self._area(lambda corners=corners: corners, Pen(face, edgecolor), hatch, label, 1)
            label = ""

    def barh(
        self, y: Any, width: Any, height: float = 0.8, *, facecolor: str, edgecolor: str = "none", hatch: str = ""
    ) -> None:
        """Draw bars that lie, from 0 on."""
        for at, wide in zip(_many(y), _many(width), strict=True):
            corners = _corners(0.0, at - height / 2, wide, at + height / 2)
            self._y.see([at - height / 2, at + height / 2])
            self._x.see([wide], stuck=[0])
            self._area(lambda corners=corners: corners, Pen(facecolor, edgecolor), hatch, "", 1)

    def _area(self, corners: Any, pen: Pen, hatch: str, label: str, zorder: float) -> None:
        def draw() -> str:
            places = [place for place in self._places(corners()) if place is not None]
            # With some room, so that no line runs along the cut.
            left, top, wide, high = self.box
            places = cut_area(places, (left - _ROOM, top - _ROOM, wide + 2 * _ROOM, high + 2 * _ROOM))
            return draw_area(places, pen, hatch) if len(places) > 2 else ""

        self._add(zorder, draw)
        self._note(label, lambda left, top, w, h: draw_area(_corners(left, top, left + w, top + h), pen, hatch))

    def imshow(
        self,
        surface: Any,
        *,
        cmap: str,
        vmin: float,
        vmax: float,
        extent: tuple[float, float, float, float],
        origin: str,
        interpolation: str,
    ) -> None:
        """Draw a surface in the colours of the house, its first row at the bottom, smooth between its values."""
        if (cmap, origin, interpolation) != (PLAYGROUND, "lower", "bilinear"):
            raise TypeError("imshow draws nothing but smooth surfaces in the colours of the house")
        values = (np.asarray(surface, float)[::-1] - vmin) / (vmax - vmin)
        x0, x1, y0, y1 = extent
        self._x.see([], stuck=[x0, x1])
        self._y.see([], stuck=[y0, y1])
        self.set_aspect("equal")

        def draw() -> str:
            corner, end = self.at(x0, y1), self.at(x1, y0)
            if corner is None or end is None:
                return ""
            if end[0] < corner[0] or end[1] < corner[1]:
                raise ValueError("a surface lies in an axes whose values rise to the right and upwards")
            size = f'width="{near(end[0] - corner[0])}" height="{near(end[1] - corner[1])}"'
            place = f'x="{near(corner[0])}" y="{near(corner[1])}" {size}'
            return f'<image {place} preserveAspectRatio="none" href="{to_png(values)}"/>'

        self._add(0, draw)

    def contour(self, x: Any, y: Any, surface: Any, *, levels: Sequence[float], colors: str, linewidths: float) -> None:
        """Draw the lines where a surface over a grid has a height."""
        pen = Pen("none", colors, linewidths)
        runs = [run for level in levels for run in level_line(x, y, np.asarray(surface, float), level)]
        self._add(2, lambda: "".join(draw_line(thin(self._places(run)), pen) for run in runs))

    def _see(self, points: Sequence[tuple[Any, Any]]) -> None:
        self._x.see(x for x, _ in points)
        self._y.see(y for _, y in points)

    def along_lines(self) -> Iterator[tuple[float, float]]:
        """Yield points along all lines, and the marks."""
        for places in (*map(self._places, self._lines), *(rule() for rule in self._rules)):
            yield from (place for place in places if place is not None)
            if len(places) > _MANY:
                continue
            for a, b in pairwise(places):
                if a is not None and b is not None:
                    parts = (part / _FINE for part in range(1, _FINE))
                    yield from ((a[0] + part * (b[0] - a[0]), a[1] + part * (b[1] - a[1])) for part in parts)


def _many(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (Sequence, np.ndarray)) else [value]


def _each(color: str | Sequence[str], count: int) -> list[str]:
    return [color] * count if isinstance(color, str) else list(color)


def _corners(left: float, bottom: float, right: float, top: float) -> list[tuple[float, float]]:
    return [(left, bottom), (right, bottom), (right, top), (left, top)]
