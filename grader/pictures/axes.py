"""What any picture's axes may need: a sentence instead of a drawing, ranges that a wild value cannot stretch.

Axes come in as arguments, those of `svg` or of matplotlib.
"""

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.pictures.svg import Axes

PALE_ORANGE, PALE_BLUE, GREY = "#fdebd6", "#d9ecf7", "#888888"


def say_instead(axes: "Axes", text: str) -> None:
    """Write a sentence where a part of the picture would be."""
    axes.set_axis_off()
    # Six pictures side by side leave each room for so many letters.
    text = textwrap.fill(text, 28)
    axes.text(0.5, 0.5, text, ha="center", va="center", transform=axes.transAxes, color=GREY, fontsize=10)


def show_range(axes: "Axes", values: Sequence[float | None], *, low: float, high: float) -> None:
    """Let the y axis reach from low to high, and further where values lie, up to five times as far."""
    reach = 5 * (high - low)
    shown = [value for value in values if value is not None]
    bottom = max(min([low, *shown]), low - reach)
    top = min(max([high, *shown]), high + reach)
    axes.set_ylim(bottom - 0.03 * (top - bottom), top + 0.03 * (top - bottom))


def scale_by_powers(axes: "Axes", *, low: float, high: float) -> None:
    """Give the y axis a logarithmic scale with plain numbers; matplotlib's own labels are formulas."""
    axes.set_yscale("log")
    axes.set_ylim(low, high)
    axes.yaxis.set_major_formatter("{x:g}")
