"""Room around axes, reckoned from the lines and letters that stand there.

    Margins, when a figure is drawn: titles, labels, legends of each grid of axes --> its margins --> axes' positions

matplotlib's constrained layout measures every tick's label, and twice: a third of what a picture cost (decision 0049).
Here a letter is as wide as a wide one is, so a label may get a little more room than it needs.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from matplotlib.layout_engine import LayoutEngine
from matplotlib.text import Annotation

from grader.words.lines import width

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.gridspec import GridSpecBase
    from matplotlib.text import Text

_LETTER = 0.62
"""Width of a column of text in font sizes; a Korean letter has two."""
_LINE = 1.3
"""Height of a line in font sizes."""
_PAD = 5.0
"""Points between neighbours, and to the edge of the figure."""
_TICK = 7.0
"""Points of a tick and the space between it and its label."""
_HEADING = 17.0
"""Points of a title above all axes of a figure."""
_KEY = 24.0
"""Points of a legend below them."""
_INCH = 72.0

Sides = tuple[float, float, float, float]
"""Points on the left, right, top and bottom."""


class Margins(LayoutEngine):
    """A layout for grids of axes: each column and row has the margins that its neediest axes asks for."""

    _adjust_compatible = True
    _colorbar_gridspec = True

    def execute(self, fig: "Figure") -> None:
        """Place all axes that stand in a grid; called by matplotlib before it draws."""
        grids: dict[GridSpecBase, list[Axes]] = {}
        for axes in fig.axes:
            spec = axes.get_subplotspec()
            if spec is not None:
                grids.setdefault(spec.get_gridspec(), []).append(axes)
        for grid, members in grids.items():
            _place(grid, members)


def _place(grid: "GridSpecBase", members: "list[Axes]") -> None:
    figure = members[0].get_figure(root=False)
    assert figure is not None
    wide, high = (side / figure.dpi * _INCH for side in (figure.bbox.width, figure.bbox.height))
    before_x, behind_x = [0.0] * grid.ncols, [0.0] * grid.ncols
    before_y, behind_y = [0.0] * grid.nrows, [0.0] * grid.nrows
    for axes in members:
        left, right, top, bottom = (side + _PAD for side in _room(axes))
        columns, rows = _where(axes)
        before_x[columns.start] = max(before_x[columns.start], left)
        behind_x[columns.stop - 1] = max(behind_x[columns.stop - 1], right)
        before_y[rows.start] = max(before_y[rows.start], top)
        behind_y[rows.stop - 1] = max(behind_y[rows.stop - 1], bottom)
    before_y[0] += _HEADING if figure.get_suptitle() else 0.0
    behind_y[-1] += _KEY if figure.legends else 0.0
    spans_x = _spans(before_x, behind_x, grid.get_width_ratios(), wide)
    spans_y = _spans(before_y, behind_y, grid.get_height_ratios(), high)
    for axes in members:
        columns, rows = _where(axes)
        left, right = spans_x[columns.start][0], spans_x[columns.stop - 1][1]
        top, bottom = spans_y[rows.start][0], spans_y[rows.stop - 1][1]
        axes.set_position((left / wide, 1 - bottom / high, (right - left) / wide, (bottom - top) / high))


def _where(axes: "Axes") -> tuple[range, range]:
    """Return the columns and the rows of its grid that an axes covers."""
    spec = axes.get_subplotspec()
    assert spec is not None
    return spec.colspan, spec.rowspan


def _spans(before: Sequence[float], behind: Sequence[float], ratios: Any, whole: float) -> list[tuple[float, float]]:
    """Return where each column or row begins and ends; what the margins leave is shared by the ratios."""
    shares = [1.0] * len(before) if ratios is None else list(ratios)
    margins = sum(before) + sum(behind)
    # However long the labels, a third is left for the axes.
    scale = min(1.0, whole * 2 / 3 / margins)
    unit = (whole - scale * margins) / sum(shares)
    spans, at = [], 0.0
    for one_before, one_behind, share in zip(before, behind, shares, strict=True):
        begin = at + scale * one_before
        at = begin + unit * share + scale * one_behind
        spans.append((begin, begin + unit * share))
    return spans


def _room(axes: "Axes") -> Sides:
    """Return what an axes needs around itself."""
    left, right, top, bottom = _beyond(axes)
    title = axes.get_title() or axes.get_title("left")
    if title:
        top = max(top, _LINE * float(axes.title.get_fontsize()) * len(title.split("\n")) + 6.0)
    if not axes.axison:
        return left, right, top, bottom
    beside, below = axes.yaxis.get_ticklabels(), axes.xaxis.get_ticklabels()
    # A label below stands with one half beside its tick, and a tick may be at the edge.
    half = max(map(_wide, below), default=0.0) / 2
    left = max(left, half, max(map(_wide, beside), default=0.0) + _TICK + _wide(axes.yaxis.label))
    bottom = max(bottom, max(map(_high, below), default=0.0) + _TICK + _high(axes.xaxis.label))
    return left, max(right, half), top, bottom


def _beyond(axes: "Axes") -> Sides:
    """Return how far legends and texts reach out that are placed by the axes' edges, not by its data."""
    legend = axes.get_legend()
    outside: list[Any] = [text for text in axes.texts if not isinstance(text, Annotation)]
    outside = [text for text in outside if text.get_transform() != axes.transData]
    if legend is not None and legend.get_bbox_to_anchor().bounds != axes.bbox.bounds:
        outside.append(legend)
    inner, sides = axes.bbox, [0.0] * 4
    for artist in outside:
        box = artist.get_window_extent()
        reach = (inner.x0 - box.x0, box.x1 - inner.x1, box.y1 - inner.y1, inner.y0 - box.y0)
        sides = [max(side, pixels / axes.figure.dpi * _INCH) for side, pixels in zip(sides, reach, strict=True)]
    left, right, top, bottom = sides
    return left, right, top, bottom


def _wide(text: "Text") -> float:
    return _size(text, across=text.get_rotation() != 90)


def _high(text: "Text") -> float:
    return _size(text, across=text.get_rotation() == 90)


def _size(text: "Text", *, across: bool) -> float:
    """Return the length of a text's longest line, or the height of all."""
    shown = text.get_text()
    if not shown or not text.get_visible():
        return 0.0
    lines = shown.split("\n")
    size = float(text.get_fontsize())
    return _LETTER * size * max(map(width, lines)) if across else _LINE * size * len(lines)
