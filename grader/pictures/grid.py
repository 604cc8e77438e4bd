"""Where the axes of a grid come to lie: each column and row has the margins that its neediest axes asks for.

Everything is in points; a letter is reckoned as wide as a wide one is, so a label may get a little more room than it
needs (decision 0049).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from grader.words.lines import width

PAD = 5.0
"""Between neighbours, and to the edge of the figure."""
TICK = 7.0
"""A tick and the space between it and its label."""
HEADING = 17.0
"""A title above all axes of a figure."""
KEY = 24.0
"""A legend below them."""
INCH = 72.0
_LETTER = 0.62
"""Width of a column of text in font sizes; a Korean letter has two."""
_LINE = 1.3
"""Height of a line in font sizes."""

Sides = tuple[float, float, float, float]
"""Points on the left, right, top and bottom."""
Box = tuple[float, float, float, float]
"""Left, top, width and height in points, from the figure's upper left corner."""


@dataclass(frozen=True)
class Cell:
    """An axes in a grid: the columns and rows that it covers, and what it needs around itself."""

    columns: range
    rows: range
    room: Sides


@dataclass(frozen=True)
class Grid:
    """Columns and rows by the shares that they have of what margins leave, in a place of this size."""

    across: Sequence[float]
    down: Sequence[float]
    size: tuple[float, float]
    has_heading: bool
    has_key: bool

    def place(self, cells: Sequence[Cell]) -> list[Box]:
        """Return each cell's box without its margins."""
        before_x, behind_x = [0.0] * len(self.across), [0.0] * len(self.across)
        before_y, behind_y = [0.0] * len(self.down), [0.0] * len(self.down)
        for cell in cells:
            left, right, top, bottom = (side + PAD for side in cell.room)
            columns, rows = cell.columns, cell.rows
            before_x[columns.start] = max(before_x[columns.start], left)
            behind_x[columns.stop - 1] = max(behind_x[columns.stop - 1], right)
            before_y[rows.start] = max(before_y[rows.start], top)
            behind_y[rows.stop - 1] = max(behind_y[rows.stop - 1], bottom)
        before_y[0] += HEADING if self.has_heading else 0.0
        behind_y[-1] += KEY if self.has_key else 0.0
        x = spans(before_x, behind_x, self.across, self.size[0])
        y = spans(before_y, behind_y, self.down, self.size[1])
        found = []
        for cell in cells:
            left, right = x[cell.columns.start][0], x[cell.columns.stop - 1][1]
            top, bottom = y[cell.rows.start][0], y[cell.rows.stop - 1][1]
            found.append((left, top, right - left, bottom - top))
        return found


def spans(
    before: Sequence[float], behind: Sequence[float], shares: Sequence[float], whole: float
) -> list[tuple[float, float]]:
    """Return where each column or row begins and ends; what the margins leave is shared."""
    margins = sum(before) + sum(behind)
    # However long the labels, a third is left for the axes.
    scale = min(1.0, whole * 2 / 3 / margins) if margins else 1.0
    unit = (whole - scale * margins) / sum(shares)
    found, at = [], 0.0
    for one_before, one_behind, share in zip(before, behind, shares, strict=True):
        begin = at + scale * one_before
        at = begin + unit * share + scale * one_behind
        found.append((begin, begin + unit * share))
    return found


def room_wide(text: str, size: float) -> float:
    """Return the room for a text's longest line, at a font size."""
    return _LETTER * size * max(map(width, text.split("\n"))) if text else 0.0


def room_high(text: str, size: float) -> float:
    """Return the room for all lines of a text, at a font size."""
    return _LINE * size * len(text.split("\n")) if text else 0.0


def room_of_title(text: str, size: float) -> float:
    """Return the room above an axes for its title."""
    return room_high(text, size) + 6.0 if text else 0.0
