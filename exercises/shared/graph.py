"""A stack of dense layers as circles and arrows, with a number on every weight (an arrow) and every bias (a unit)."""

from collections.abc import Sequence
from itertools import pairwise, product
from typing import TYPE_CHECKING

from grader.pictures.axes import GREY
from grader.pictures.drawing import BLUE, DARK
from perceptron.shared.figures import draw_lines

if TYPE_CHECKING:
    from grader.pictures.svg import Axes

COLOURS = (BLUE, "#b8620a", "#2b8a3e", "#8e44ad")
"""Of the layers' numbers, one after the other; the layer's place says the same."""
MOST_UNITS = 8
"""Units of a layer that are drawn; wider layers would be a black surface."""


def number_layers(widths: Sequence[int]) -> list[tuple[int, int]]:
    """Return each layer's first and last parameter, counted from 1: [(1, 6), (7, 9)] for (2, 2, 1)."""
    found, last = [], 0
    for n_in, units in pairwise(widths):
        found.append((last + 1, last + (n_in + 1) * units))
        last = found[-1][1]
    return found


def can_draw(widths: Sequence[int]) -> bool:
    """True if the graph of these widths is readable."""
    return 2 <= len(widths) <= 6 and max(widths) <= MOST_UNITS


def draw_graph(axes: "Axes", widths: Sequence[int]) -> None:
    """Draw a stack from left to right, inputs first. Weights are numbered unit by unit, each unit's bias after them."""
    places = [
        [(float(step), 0.5 if count == 1 else 1.0 - index / (count - 1)) for index in range(count)]
        for step, count in enumerate(widths)
    ]
    draw_lines(
        axes, [line for pair in pairwise(places) for line in product(*pair)], color=GREY, linewidth=0.9, zorder=1
    )
    number = 0
    for step, (before, here) in enumerate(pairwise(places)):
        colour = COLOURS[step % len(COLOURS)]
        across, up = zip(*here, strict=True)
        axes.scatter(across, up, s=300, facecolor="white", edgecolor=colour, linewidth=2, zorder=4)
        for index, (x, y) in enumerate(here):
            for other, (x0, y0) in enumerate(before):
                number += 1
                # A unit's numbers stand at another part of their arrows than its neighbour's, so that few meet.
                part = 0.24 + 0.4 * (index / max(len(here) - 1, 1) if len(here) > 1 else 0.5)
                part += 0.1 * (other % 2)
                box = {"boxstyle": "round,pad=0.1", "facecolor": "white", "edgecolor": "none"}
                at = (x0 + part * (x - x0), y0 + part * (y - y0))
                axes.text(*at, str(number), ha="center", va="center", fontsize=7.5, color=colour, bbox=box, zorder=3)
            number += 1
            axes.text(x, y, str(number), ha="center", va="center", fontsize=8, color=colour, zorder=5)
    across, up = zip(*places[0], strict=True)
    axes.scatter(across, up, s=300, marker="s", facecolor="white", edgecolor=DARK, linewidth=1.5, zorder=4)
    for index, place in enumerate(places[0]):
        axes.text(*place, f"x{index + 1}", ha="center", va="center", fontsize=8, color=DARK, zorder=5)
    axes.set_xlim(-0.3, len(widths) - 0.7)
    axes.set_ylim(-0.18, 1.18)
    axes.set_axis_off()
