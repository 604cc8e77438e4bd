"""matplotlib's axes placed by `grid`, from the lines and letters that stand around them.

matplotlib's constrained layout measures every tick's label, and twice: a third of what a picture cost (decision 0049).
"""

from typing import TYPE_CHECKING, Any

from matplotlib.layout_engine import LayoutEngine
from matplotlib.text import Annotation

from grader.pictures.grid import INCH, TICK, Cell, Grid, Sides, room_high, room_of_title, room_wide

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.gridspec import GridSpecBase
    from matplotlib.text import Text


class Margins(LayoutEngine):
    """A layout for grids of axes."""

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
    wide, high = (side / figure.dpi * INCH for side in (figure.bbox.width, figure.bbox.height))
    across: Any = grid.get_width_ratios()
    down: Any = grid.get_height_ratios()
    found = Grid(
        across=[1.0] * grid.ncols if across is None else list(across),
        down=[1.0] * grid.nrows if down is None else list(down),
        size=(wide, high),
        has_heading=bool(figure.get_suptitle()),
        has_key=bool(figure.legends),
    ).place([_cell(axes) for axes in members])
    for axes, (left, top, width, height) in zip(members, found, strict=True):
        axes.set_position((left / wide, 1 - (top + height) / high, width / wide, height / high))


def _cell(axes: "Axes") -> Cell:
    spec = axes.get_subplotspec()
    assert spec is not None
    return Cell(spec.colspan, spec.rowspan, _room(axes))


def _room(axes: "Axes") -> Sides:
    """Return what an axes needs around itself."""
    left, right, top, bottom = _beyond(axes)
    title = axes.get_title() or axes.get_title("left")
    top = max(top, room_of_title(title, float(axes.title.get_fontsize())))
    if not axes.axison:
        return left, right, top, bottom
    beside, below = axes.yaxis.get_ticklabels(), axes.xaxis.get_ticklabels()
    # A label below stands with one half beside its tick, and a tick may be at the edge.
    half = max(map(_wide, below), default=0.0) / 2
    left = max(left, half, max(map(_wide, beside), default=0.0) + TICK + _wide(axes.yaxis.label))
    bottom = max(bottom, max(map(_high, below), default=0.0) + TICK + _high(axes.xaxis.label))
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
        sides = [max(side, pixels / axes.figure.dpi * INCH) for side, pixels in zip(sides, reach, strict=True)]
    left, right, top, bottom = sides
    return left, right, top, bottom


def _wide(text: "Text") -> float:
    return _size(text, across=text.get_rotation() != 90)


def _high(text: "Text") -> float:
    return _size(text, across=text.get_rotation() == 90)


def _size(text: "Text", *, across: bool) -> float:
    if not text.get_visible():
        return 0.0
    return (room_wide if across else room_high)(text.get_text(), float(text.get_fontsize()))
