"""Words in an axes, arrows and its legend; how all that is drawn in it is ordered, clipped, and given room."""

from collections.abc import Callable, Iterable
from itertools import groupby
from typing import Any

from grader.pictures.grid import Box, Sides
from grader.pictures.svg.frame import Frame, Piece
from grader.pictures.svg.legend import Entry, Legend, Sample
from grader.pictures.svg.letters import Type, draw_text, extent, near
from grader.pictures.svg.shapes import Pen, Place, draw_line, is_near

_LEGEND_ORDER = 5.0
_HEAD = (4.0, 2.0)
"""Points of an arrow's head along it, and to each side."""
_NEAR = 1.0
"""Points beside an axes that count as in it, for what is at its edge."""
_SHRINK = 2.0
"""Points that an arrow stays away from both its ends."""


class Captions(Frame):
    """What is written in an axes. Methods are matplotlib's; see `Axes`."""

    transAxes = "axes"
    """Of a text: x and y are parts of the box."""

    def __init__(self) -> None:
        """Begin with nothing drawn."""
        super().__init__()
        self._pieces: list[Piece] = []
        self._entries: list[Entry] = []
        self._legend: Legend | None = None
        self._outside: list[tuple[float, float, str, str, Type]] = []

    def _add(self, order: float, draw: Callable[[], str], *, is_clipped: bool = True) -> None:
        self._pieces.append(Piece(order, is_clipped, draw))

    def _note(self, label: str, sample: Sample) -> None:
        if label:
            self._entries.append(Entry(sample, label))

    def along_lines(self) -> Iterable[tuple[float, float]]:
        """Return points that lines run through, for a legend to keep away from."""
        raise NotImplementedError

    def text(
        self,
        x: float,
        y: float,
        s: str,
        *,
        ha: str = "left",
        va: str = "baseline",
        fontsize: float = 10.0,
        color: str = "black",
        rotation: float = 0,
        transform: str = "data",
        bbox: dict[str, Any] | None = None,
        zorder: float = 3,
    ) -> None:
        """Write at a place of values, or of parts of the box."""
        type_ = Type(fontsize, color, ha, va, rotation)
        if transform != "data":
            self._outside.append((x, y, transform, s, type_))

        def draw() -> str:
            place = self._spot(x, y, transform)
            if place is None or not is_near(place):
                return ""
            return _ground(s, place, type_, bbox) + draw_text(s, *place, type_)

        self._add(zorder, draw, is_clipped=False)

    def get_yaxis_transform(self) -> str:
        """Of a text: x is a part of the box, y a value."""
        return "yaxis"

    def _spot(self, x: float, y: float, transform: str) -> Place:
        left, top, wide, high = self.box
        if transform == "data":
            return self.at(x, y)
        down = y if transform == "axes" else self._y.part(y)
        return left + x * wide, top + (1 - down) * high

    def annotate(
        self,
        text: str,
        xy: tuple[float, float],
        xytext: tuple[float, float],
        textcoords: str = "data",
        *,
        arrowprops: dict[str, Any] | None = None,
        ha: str = "left",
        va: str = "baseline",
        fontsize: float = 10.0,
        color: str = "black",
        zorder: float = 3,
    ) -> None:
        """Write so many points beside a place, or draw an arrow without words to it, if the place is in the box."""
        if arrowprops is not None:
            pen = Pen("none", arrowprops["color"], arrowprops["linewidth"])
            self._add(zorder, lambda: _arrow(self.at(*xytext), self._inside(*xy), pen), is_clipped=False)
            return
        if textcoords != "offset points":
            raise TypeError("words stand so many points beside their place")

        def draw() -> str:
            place = self._inside(*xy)
            if place is None:
                return ""
            return draw_text(text, place[0] + xytext[0], place[1] - xytext[1], Type(fontsize, color, ha, va))

        self._add(zorder, draw, is_clipped=False)

    def _inside(self, x: float, y: float) -> Place:
        """Return the place of a value in the box; None if it lies outside."""
        left, top, wide, high = self.box
        place = self.at(x, y)
        if place is None or not (abs(place[0] - left - wide / 2) <= wide / 2 + _NEAR):
            return None
        return place if abs(place[1] - top - high / 2) <= high / 2 + _NEAR else None

    # --- the legend ------------------------------------------------------------------------------------------------

    def legend(
        self,
        *,
        loc: str = "best",
        bbox_to_anchor: tuple[float, float] | None = None,
        fontsize: float = 10.0,
        ncols: int = 1,
        frameon: bool = True,
        labelspacing: float = 0.5,
    ) -> None:
        """Explain what has a label."""
        self._legend = Legend(tuple(self._entries), fontsize, loc, bbox_to_anchor, ncols, frameon, labelspacing)

    def get_legend_handles_labels(self) -> tuple[list[Entry], list[str]]:
        """Return what a legend would explain, and its words."""
        return self._entries, [entry.label for entry in self._entries]

    # --- as elements -----------------------------------------------------------------------------------------------

    def room(self) -> Sides:
        """Return the points that are needed around the box: by the frame, and by what stands outside on purpose."""
        left, top, wide, high = self.box
        boxes: list[Box] = []
        for x, y, transform, text, type_ in self._outside:
            place = self._spot(x, y, transform)
            if place is not None:
                dx, dy, own_wide, own_high = extent(text, type_)
                boxes.append((place[0] + dx, place[1] + dy, own_wide, own_high))
        if self._legend is not None and self._legend.anchor is not None and self._legend.entries:
            boxes.append(self._legend.place(self.box))
        sides = self.room_of_frame()
        for x, y, own_wide, own_high in boxes:
            reach = (left - x, x + own_wide - left - wide, top - y, y + own_high - top - high)
            sides = tuple(map(max, sides, reach))  # type: ignore[assignment]  # four of four
        return sides

    def draw(self) -> str:
        """Return all elements, those of one kind of clipping together."""
        pieces = [*self._pieces, *self.frame_pieces()]
        legend = self._legend
        if legend is not None and legend.entries:
            pieces.append(
                Piece(_LEGEND_ORDER, False, lambda: legend.draw(legend.place(self.box, list(self.along_lines()))))
            )
        pieces.sort(key=lambda piece: piece.order)
        return "".join(
            self._clip(drawn) if is_clipped else drawn
            for is_clipped, group in groupby(pieces, key=lambda piece: piece.is_clipped)
            if (drawn := "".join(piece.draw() for piece in group))
        )

    def _clip(self, drawn: str) -> str:
        left, top, wide, high = map(near, self.box)
        place = f'x="{left}" y="{top}" width="{wide}" height="{high}"'
        return f'<svg {place} viewBox="{left} {top} {wide} {high}">{drawn}</svg>'


def _ground(text: str, place: tuple[float, float], type_: Type, look: dict[str, Any] | None) -> str:
    """Return a box with round corners behind a text."""
    if look is None:
        return ""
    pad = float(look["boxstyle"].removeprefix("round,pad=")) * type_.size
    left, top, wide, high = extent(text, type_)
    x, y = near(place[0] + left - pad), near(place[1] + top - pad)
    size = f'width="{near(wide + 2 * pad)}" height="{near(high + 2 * pad)}" rx="{near(pad)}"'
    pen = Pen(look["facecolor"], look["edgecolor"], look.get("linewidth", 1.0))
    return f'<rect x="{x}" y="{y}" {size} {pen.attributes()}/>'


def _arrow(begin: Place, end: Place, pen: Pen) -> str:
    """Return a line with an open head at its end."""
    if begin is None or end is None or not (is_near(begin) and is_near(end)):
        return ""
    dx, dy = end[0] - begin[0], end[1] - begin[1]
    far = (dx * dx + dy * dy) ** 0.5
    if far <= 2 * _SHRINK:
        return ""
    ux, uy = dx / far, dy / far
    tip = end[0] - ux * _SHRINK, end[1] - uy * _SHRINK
    along, beside = _HEAD
    back = tip[0] - along * ux, tip[1] - along * uy
    wings = [(back[0] - sign * beside * uy, back[1] + sign * beside * ux) for sign in (1, -1)]
    shaft = [(begin[0] + ux * _SHRINK, begin[1] + uy * _SHRINK), tip]
    return draw_line(shaft, pen) + draw_line([wings[0], tip, wings[1]], pen)
