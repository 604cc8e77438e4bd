"""A legend: samples with their labels, in columns, at a corner of a box or where the fewest lines run."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from grader.pictures.grid import Box
from grader.pictures.svg.letters import Type, draw_text, length, near

Sample = Callable[[float, float, float, float], str]
"""Draws a sample into left, top, width and height."""

_ACROSS = {"left": 0.0, "center": 0.5, "right": 1.0}
_DOWN = {"upper": 0.0, "center": 0.5, "lower": 1.0}
_BEST = ("upper right", "upper left", "lower left", "lower right", "center left", "center right", "lower center")
"""Tried in this order."""
# In font sizes, as matplotlib has them.
_SAMPLE, _SAMPLE_HIGH, _LINE, _BETWEEN, _COLUMN, _FRAME, _EDGE = 2.0, 0.7, 1.0, 0.8, 2.0, 0.4, 0.5


class Entry(NamedTuple):
    """A line of a legend."""

    sample: Sample
    label: str


class Legend(NamedTuple):
    """Entries, and how they stand."""

    entries: Sequence[Entry]
    size: float = 10.0
    loc: str = "best"
    anchor: tuple[float, float] | None = None
    """A point in parts of the axes, from its lower left corner; None: the legend stays inside."""
    columns: int = 1
    has_frame: bool = True
    spacing: float = 0.5
    """Between its lines, in font sizes."""

    @property
    def _rows(self) -> int:
        return -(-len(self.entries) // self.columns)

    def _widths(self) -> list[float]:
        """Of each column's labels."""
        parts = [self.entries[at : at + self._rows] for at in range(0, len(self.entries), self._rows)]
        return [max(length(entry.label, self.size) for entry in part) for part in parts]

    def extent(self) -> tuple[float, float]:
        """Return width and height in points."""
        widths = self._widths()
        wide = sum(widths) + self.size * (len(widths) * (_SAMPLE + _BETWEEN) + (len(widths) - 1) * _COLUMN)
        high = self.size * (self._rows * _LINE + (self._rows - 1) * self.spacing)
        frame = 2 * _FRAME * self.size
        return wide + frame, high + frame

    def place(self, inner: Box, places: Sequence[tuple[float, float]] = ()) -> Box:
        """Return where it stands in an axes' box, or at its anchor.

        Args:
            inner: the axes.
            places: points that lines run through; "best" covers as few as can be.
        """
        if self.loc == "best":
            boxes = [self._replace(loc=loc).place(inner) for loc in _BEST]
            return min(boxes, key=lambda box: sum(_covers(box, place) for place in places))
        left, top, wide, high = inner
        if self.anchor is not None:
            left, top, wide, high = left + self.anchor[0] * wide, top + (1 - self.anchor[1]) * high, 0.0, 0.0
        down, across = self.loc.split(" ")
        own_wide, own_high = self.extent()
        edge = _EDGE * self.size
        x = left + edge + _ACROSS[across] * (wide - 2 * edge - own_wide)
        y = top + edge + _DOWN[down] * (high - 2 * edge - own_high)
        return x, y, own_wide, own_high

    def draw(self, box: Box) -> str:
        """Return it in its box."""
        left, top, wide, high = box
        found = []
        if self.has_frame:
            found.append(
                f'<rect x="{near(left)}" y="{near(top)}" width="{near(wide)}" height="{near(high)}" rx="2" '
                'fill="white" fill-opacity="0.8" stroke="#cccccc"/>'
            )
        x, size = left + _FRAME * self.size, self.size
        type_ = Type(size, va="center")
        for column, widest in enumerate(self._widths()):
            for row, entry in enumerate(self.entries[column * self._rows : (column + 1) * self._rows]):
                middle = top + size * (_FRAME + row * (_LINE + self.spacing) + _LINE / 2)
                found.append(entry.sample(x, middle - _SAMPLE_HIGH / 2 * size, _SAMPLE * size, _SAMPLE_HIGH * size))
                found.append(draw_text(entry.label, x + (_SAMPLE + _BETWEEN) * size, middle, type_))
            x += widest + (_SAMPLE + _BETWEEN + _COLUMN) * size
        return "".join(found)


def _covers(box: Box, place: tuple[float, float]) -> bool:
    left, top, wide, high = box
    return left <= place[0] <= left + wide and top <= place[1] <= top + high
