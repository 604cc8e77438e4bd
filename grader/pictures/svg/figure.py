"""A figure and its parts, as matplotlib has them, and how it becomes an SVG.

    Figure --subfigures, subplots--> Axes <--draw of a picture
    to_svg: each grid's axes say how much room they need, get their places, and are written down

Numbers are points. matplotlib takes seven times as long for the same (decision 0050), and is no part of what a student
installs, or of the page.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from grader.pictures.grid import HEADING, INCH, KEY, Box, Cell, Grid
from grader.pictures.svg.legend import Entry, Legend
from grader.pictures.svg.letters import Type, draw_text, escape
from grader.pictures.svg.plotting import Axes

_NOMINAL = 50.0
"""Points of a margin, before it is known which one an axes needs: so long an axis is, its ticks are chosen for."""


@dataclass
class _Grid:
    """Axes of a region in columns and rows."""

    across: Sequence[float]
    down: Sequence[float]
    members: list[tuple[Axes, range, range]] = field(default_factory=list)


class SubFigure:
    """A part of a figure: texts, a grid of axes, or parts of its own."""

    def __init__(self, box: Box) -> None:
        """Take a place."""
        self._box = box
        self._parts: list[SubFigure] = []
        self._grids: list[_Grid] = []
        self._texts: list[tuple[float, float, str, Type]] = []
        self._heading: tuple[str, Type] | None = None
        self._key: Legend | None = None

    @property
    def axes(self) -> list[Axes]:
        """Its own axes, in the order in which they were made."""
        return [axes for grid in self._grids for axes, _, _ in grid.members]

    def subfigures(self, nrows: int, ncols: int, *, height_ratios: Sequence[float] | None = None) -> Any:
        """Return an array of parts, one below the other; the shares of their heights are these."""
        if ncols != 1:
            raise TypeError("parts lie one below the other")
        shares = height_ratios or (1.0,) * nrows
        left, top, wide, high = self._box
        for share in shares:
            own = high * share / sum(shares)
            self._parts.append(SubFigure((left, top, wide, own)))
            top += own
        return np.array(self._parts, dtype=object)

    def subplots(
        self, nrows: int = 1, ncols: int = 1, *, squeeze: bool = True, width_ratios: Sequence[float] | None = None
    ) -> Any:
        """Return an array (nrows, ncols) of axes; squeezed, a single one alone, and a single row or column as 1D."""
        grid = _Grid(width_ratios or (1.0,) * ncols, (1.0,) * nrows)
        found = np.empty((nrows, ncols), dtype=object)
        for row in range(nrows):
            for column in range(ncols):
                found[row, column] = Axes()
                grid.members.append((found[row, column], range(column, column + 1), range(row, row + 1)))
        self._grids.append(grid)
        if not squeeze:
            return found
        return found.item() if found.size == 1 else found.squeeze()

    def subplot_mosaic(self, mosaic: Sequence[Sequence[str]]) -> dict[str, Axes]:
        """Return axes by name; one whose name stands in several neighbouring cells covers them."""
        grid = _Grid((1.0,) * len(mosaic[0]), (1.0,) * len(mosaic))
        found: dict[str, Axes] = {}
        for name in dict.fromkeys(name for row in mosaic for name in row):
            places = [(r, c) for r, row in enumerate(mosaic) for c, one in enumerate(row) if one == name]
            rows, columns = zip(*places, strict=True)
            found[name] = Axes()
            across, down = range(min(columns), max(columns) + 1), range(min(rows), max(rows) + 1)
            grid.members.append((found[name], across, down))
        self._grids.append(grid)
        return found

    def text(
        self,
        x: float,
        y: float,
        s: str,
        *,
        fontsize: float = 10.0,
        ha: str = "left",
        va: str = "baseline",
        color: str = "black",
        linespacing: float = 1.2,
    ) -> None:
        """Write at parts of the width and the height, from the lower left corner."""
        self._texts.append((x, y, s, Type(fontsize, color, ha, va, linespacing=linespacing)))

    def suptitle(self, t: str, *, fontsize: float = 12.0) -> None:
        """Write above all axes."""
        self._heading = t, Type(fontsize, ha="center", va="center")

    def legend(self, *, loc: str, ncols: int, frameon: bool, fontsize: float = 10.0) -> None:
        """Explain below all axes what has a label in them."""
        if loc != "outside lower center":
            raise TypeError("a figure's legend stands below it")
        entries: dict[str, Entry] = {}
        for axes in self.axes:
            for entry in axes.get_legend_handles_labels()[0]:
                entries.setdefault(entry.label, entry)
        self._key = Legend(tuple(entries.values()), fontsize, "lower center", None, ncols, frameon)

    def draw(self) -> str:
        """Return all of it as elements."""
        left, top, wide, high = self._box
        found = [part.draw() for part in self._parts]
        for grid in self._grids:
            self._place(grid)
            found += [axes.draw() for axes, _, _ in grid.members]
        found += [draw_text(text, left + x * wide, top + (1 - y) * high, type_) for x, y, text, type_ in self._texts]
        if self._heading is not None:
            text, type_ = self._heading
            found.append(draw_text(text, left + wide / 2, top + HEADING / 2 + 1, type_))
        if self._key is not None and self._key.entries:
            found.append(self._key.draw(self._key.place((left, top + high - KEY, wide, KEY))))
        return "".join(found)

    def _place(self, grid: _Grid) -> None:
        left, top, wide, high = self._box
        each_wide, each_high = wide / len(grid.across), high / len(grid.down)
        cells = []
        for axes, columns, rows in grid.members:
            size = len(columns) * each_wide - _NOMINAL, len(rows) * each_high - _NOMINAL
            axes.place((0.0, 0.0, max(size[0], _NOMINAL), max(size[1], _NOMINAL)))
            cells.append(Cell(columns, rows, axes.room()))
        heading, key = self._heading is not None, self._key is not None
        places = Grid(grid.across, grid.down, (wide, high), heading, key).place(cells)
        for (axes, _, _), (x, y, own_wide, own_high) in zip(grid.members, places, strict=True):
            axes.place((left + x, top + y, own_wide, own_high))


class Figure(SubFigure):
    """A whole figure, of a size in inches."""

    def __init__(self, size: tuple[float, float]) -> None:
        """Begin with nothing drawn."""
        self._wide, self._high = (side * INCH for side in size)
        super().__init__((0.0, 0.0, self._wide, self._high))

    def to_svg(self, fonts: Sequence[str]) -> bytes:
        """Return the file's bytes, the same for the same figure.

        Args:
            fonts: names, the first one that a reader's computer has is taken.
        """
        wide, high = f"{self._wide:.1f}", f"{self._high:.1f}"
        family = escape(", ".join([*(f"'{font}'" for font in fonts), "sans-serif"]))
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}pt" height="{high}pt" viewBox="0 0 {wide} {high}"'
            f' font-family="{family}">'
        )
        ground = '<rect width="100%" height="100%" fill="white"/>'
        return f"{head}{ground}{self.draw()}</svg>\n".encode()
