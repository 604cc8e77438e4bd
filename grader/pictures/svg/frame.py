"""The frame of an axes: its limits, ticks, labels, title and lines, and the room that these need."""

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from grader.pictures.grid import TICK, Box, Sides, room_high, room_of_title, room_wide
from grader.pictures.svg.axis import Axis
from grader.pictures.svg.letters import Type, draw_text, length
from grader.pictures.svg.shapes import Pen, Place, draw_path
from grader.pictures.svg.spines import Spines

_TITLE_PAD, _TICK_PAD, _TICK_WIDTH = 6.0, 3.5, 0.8
SPINES_ORDER = 2.5


class Piece(NamedTuple):
    """Something to draw, in the order of its number; a clipped one ends at the axes' edges."""

    order: float
    is_clipped: bool
    draw: Callable[[], str]


class Frame:
    """What stands around the drawing. Methods are matplotlib's; see `Axes`."""

    def __init__(self) -> None:
        """Begin as matplotlib does: four lines, ticks where they are round."""
        self.spines = Spines()
        self.box: Box = (0.0, 0.0, 100.0, 100.0)
        self._x, self._y = Axis(is_x=True), Axis(is_x=False)
        self._title, self._title_type = "", Type(12.0, ha="center")
        self._is_on = True
        self._is_equal = False

    def set_axis_off(self) -> None:
        """Leave ticks, labels and lines away; the title stays."""
        self._is_on = False

    def set_aspect(self, aspect: str) -> None:
        """Make a step of x as long as one of y ("equal"), or not ("auto")."""
        self._is_equal = {"equal": True, "auto": False}[aspect]

    def set_xlim(self, left: float, right: float) -> None:
        """Fix both ends of x."""
        self._x.set_limits(left, right)

    def set_ylim(self, bottom: float, top: float) -> None:
        """Fix both ends of y."""
        self._y.set_limits(bottom, top)

    def set_xscale(self, scale: str, *, linthresh: float = 2) -> None:
        """See `Axis.set_scale`."""
        self._x.set_scale(scale, linthresh)

    def set_yscale(self, scale: str, *, linthresh: float = 2) -> None:
        """See `Axis.set_scale`."""
        self._y.set_scale(scale, linthresh)

    def set_xticks(self, ticks: Iterable[float], labels: Iterable[str] | None = None) -> None:
        """Fix the ticks of x."""
        self._x.name_ticks(ticks, labels)

    def set_yticks(
        self, ticks: Iterable[float], labels: Iterable[str] | None = None, *, rotation: float = 0, va: str = "center"
    ) -> None:
        """Fix the ticks of y."""
        if va != "center":
            raise TypeError("a label's middle is beside its tick")
        self._y.name_ticks(ticks, labels)
        self._y.tick_rotation = rotation

    @property
    def yaxis(self) -> Axis:
        """For its set_major_formatter."""
        return self._y

    def minorticks_off(self) -> None:
        """There are none."""

    def tick_params(self, *, labelsize: float | None = None, length: float | None = None) -> None:
        """Set the size of all ticks' labels, and how long the ticks are."""
        for axis in (self._x, self._y):
            axis.tick_size = axis.tick_size if labelsize is None else labelsize
            axis.tick_length = axis.tick_length if length is None else length

    def set_xlabel(self, label: str, *, labelpad: float = 4.0, fontsize: float = 10.0) -> None:
        """Name x."""
        self._x.label, self._x.label_pad, self._x.label_size = label, labelpad, fontsize

    def set_ylabel(self, label: str, *, labelpad: float = 4.0, fontsize: float = 10.0, rotation: float = 90) -> None:
        """Name y."""
        self._y.label, self._y.label_pad, self._y.label_size = label, labelpad, fontsize
        self._y.label_rotation = rotation

    def set_title(
        self,
        label: str,
        *,
        fontsize: float = 12.0,
        loc: str = "center",
        linespacing: float = 1.2,
        color: str = "black",
    ) -> None:
        """Name the axes."""
        self._title, self._title_type = label, Type(fontsize, color, loc, linespacing=linespacing)

    # --- where things are ------------------------------------------------------------------------------------------

    def at(self, x: Any, y: Any) -> Place:
        """Return the place of a value in points; None if it has none."""
        left, top, wide, high = self.box
        place = left + self._x.part(x) * wide, top + (1 - self._y.part(y)) * high
        return place if all(map(math.isfinite, place)) else None

    def room_of_frame(self) -> Sides:
        """Return the points that title, ticks and labels need around the box."""
        _, _, wide, high = self.box
        top = room_of_title(self._title, self._title_type.size)
        if not self._is_on:
            return 0.0, 0.0, top, 0.0
        x, y = self._x, self._y
        below = [label for _, label in x.shown_ticks(wide)]
        beside = [label for _, label in y.shown_ticks(high)]
        # A label below stands with one half beside its tick, and a tick may be at the edge.
        half = max((room_wide(label, x.tick_size) for label in below), default=0.0) / 2
        across = room_high if y.tick_rotation else room_wide
        left = max((across(label, y.tick_size) for label in beside), default=0.0) + TICK
        left += (room_high if y.label_rotation else room_wide)(y.label, y.label_size)
        bottom = max((room_high(label, x.tick_size) for label in below), default=0.0) + TICK
        return max(left, half), half, top, bottom + room_high(x.label, x.label_size)

    def place(self, box: Box) -> None:
        """Take a place; one whose steps are equally long takes the middle of it."""
        left, top, wide, high = box
        if self._is_equal:
            (x0, x1), (y0, y1) = self._x.reach(), self._y.reach()
            unit = min(wide / abs(x1 - x0), high / abs(y1 - y0))
            own_wide, own_high = unit * abs(x1 - x0), unit * abs(y1 - y0)
            left, top = left + (wide - own_wide) / 2, top + (high - own_high) / 2
            wide, high = own_wide, own_high
        self.box = left, top, wide, high

    # --- as elements -----------------------------------------------------------------------------------------------

    def frame_pieces(self) -> list[Piece]:
        """Return what is to be drawn around the box."""
        found = [Piece(SPINES_ORDER, False, self._draw_title)]
        if self._is_on:
            found += [
                Piece(SPINES_ORDER, False, lambda: self.spines.draw(self.box)),
                Piece(SPINES_ORDER, False, self._draw_x),
                Piece(SPINES_ORDER, False, self._draw_y),
            ]
        return found

    def _draw_title(self) -> str:
        left, top, wide, _ = self.box
        across = {"left": 0.0, "center": 0.5, "right": 1.0}[self._title_type.ha]
        return draw_text(self._title, left + across * wide, top - _TITLE_PAD, self._title_type)

    def _draw_x(self) -> str:
        left, top, wide, high = self.box
        axis, bottom = self._x, top + high
        ticks = [(left + axis.part(value) * wide, label) for value, label in axis.shown_ticks(wide)]
        type_ = Type(axis.tick_size, ha="center", va="top")
        below = bottom + (axis.tick_length + _TICK_PAD if ticks else 0.0)
        labels = [draw_text(label, at, below, type_) for at, label in ticks]
        below += max((_high(label, axis.tick_size) for _, label in ticks), default=0.0) + axis.label_pad
        name = draw_text(axis.label, left + wide / 2, below, Type(axis.label_size, ha="center", va="top"))
        return _marks([[(at, bottom), (at, bottom + axis.tick_length)] for at, _ in ticks]) + "".join(labels) + name

    def _draw_y(self) -> str:
        left, top, _, high = self.box
        axis = self._y
        ticks = [(top + (1 - axis.part(value)) * high, label) for value, label in axis.shown_ticks(high)]
        type_ = Type(axis.tick_size, ha="right", va="center", rotation=axis.tick_rotation)
        beside = left - (axis.tick_length + _TICK_PAD if ticks else 0.0)
        labels = [draw_text(label, beside, at, type_) for at, label in ticks]
        size = _high if axis.tick_rotation else length
        beside -= max((size(label, axis.tick_size) for _, label in ticks), default=0.0) + axis.label_pad
        turned = axis.label_rotation
        type_ = Type(axis.label_size, ha="right", va="center", rotation=turned)
        name = draw_text(axis.label, beside, top + high / 2, type_)
        return _marks([[(left, at), (left - axis.tick_length, at)] for at, _ in ticks]) + "".join(labels) + name


def _high(label: str, size: float) -> float:
    return size * len(label.split("\n")) if label else 0.0


def _marks(ticks: Sequence[list[tuple[float, float]]]) -> str:
    return draw_path(iter(ticks), Pen("none", "black", _TICK_WIDTH))
