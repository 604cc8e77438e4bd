"""Pieces that several images share: answers as circle and dot, the square of the four rows, half-planes, legends.

Figures and axes come in as arguments, those of the kit's own SVG or of matplotlib.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from grader.pictures.axes import GREY, PALE_BLUE, PALE_ORANGE
from grader.pictures.drawing import BLUE, DARK, LIGHT, ORANGE, PLAYGROUND
from grader.pictures.layout import Words
from perceptron.shared.gates import ROWS, row_text

if TYPE_CHECKING:
    from grader.pictures.svg import Axes, SubFigure

LOW, HIGH = -0.5, 1.5
"""Edges of a square of the inputs."""
_SQUARE = [(LOW, LOW), (HIGH, LOW), (HIGH, HIGH), (LOW, HIGH)]

Point = tuple[float, float]
_MARKED = {"zero": 0, "one": 1, "none": None, "label_0": 0, "label_1": 1}
"""Entries of a key that are drawn as an answer."""

_POINT, _NAME = 0.018, (0.52, 0.17)
"""In the square of two hidden units: a point, and width and height of a row's name."""


def mark(answer: int | None) -> dict[str, Any]:
    """Return how scatter draws an answer: 0 an orange circle, 1 a blue dot, none a grey diamond."""
    if answer is None:
        return {"marker": "D", "facecolor": "white", "edgecolor": GREY, "linewidth": 1.6}
    if answer:
        return {"marker": "o", "facecolor": BLUE, "edgecolor": BLUE, "linewidth": 2.2}
    return {"marker": "o", "facecolor": "white", "edgecolor": ORANGE, "linewidth": 2.6}


def draw_dot(
    axes: "Axes", x: float, y: float, answer: int | None, *, size: float = 90, odd: bool = False, halo: bool = False
) -> None:
    """Draw an answer; see `draw_dots`."""
    draw_dots(axes, [(x, y)], [answer], size=size, odd=[odd], halo=halo)


def draw_dots(
    axes: "Axes",
    places: Sequence[Point],
    answers: Sequence[int | None],
    *,
    size: float = 90,
    odd: Sequence[bool] = (),
    halo: bool = False,
) -> None:
    """Draw answers; an odd one, which differs from what was asked for, gets a cross, those on a surface a halo.

    Alike ones are drawn together: most of what a picture costs is its number of pieces.
    """
    if halo:
        x, y = zip(*places, strict=True)
        axes.scatter(x, y, s=size * 2.6, color="white", linewidth=0, zorder=3)
    for answer in dict.fromkeys(answers):
        own = [place for place, one in zip(places, answers, strict=True) if one == answer]
        x, y = zip(*own, strict=True)
        axes.scatter(x, y, s=size, zorder=4, clip_on=False, **mark(answer))
    crossed = [place for place, is_odd in zip(places, odd, strict=False) if is_odd]
    if crossed:
        x, y = zip(*crossed, strict=True)
        axes.scatter(x, y, s=size * 2.4, marker="x", color=DARK, linewidth=1.8, zorder=5, clip_on=False)


def draw_lines(axes: "Axes", lines: Sequence[tuple[Point, Point]], **look: Any) -> None:
    """Draw straight lines that look alike, as one piece with gaps."""
    gap = (float("nan"), float("nan"))
    places = [place for line in lines for place in (*line, gap)]
    if places:
        x, y = zip(*places, strict=True)
        axes.plot(x, y, **look)


def draw_key(figure: "SubFigure", words: Words, names: Sequence[str]) -> None:
    """Put a key below the picture.

    Args:
        figure: where.
        words: in which language.
        names: ids of table [key] of the catalogue: "zero", "one", "none", "label_0", "label_1", "odd", "ribbon", ...
    """
    # Any axes will do: the key gathers what has a label in all of them, and nothing has a place there.
    axes = figure.axes[0]
    nowhere = [float("nan")] * 3
    for name in names:
        label = words.text("key", name)
        if name in _MARKED:
            axes.scatter(nowhere, nowhere, s=81, label=label, **mark(_MARKED[name]))
        elif name == "odd":
            axes.scatter(nowhere, nowhere, s=81, marker="x", color=DARK, linewidth=1.8, label=label)
        else:
            face = {"zero_side": PALE_ORANGE, "one_side": PALE_BLUE, "ribbon": "#ffffff"}[name]
            hatch = "////" if name == "ribbon" else ""
            axes.fill(nowhere, nowhere, facecolor=face, edgecolor=LIGHT, hatch=hatch, label=label)
    figure.legend(loc="outside lower center", ncols=len(names), frameon=False, fontsize=10)


def half_plane(weights: Sequence[float], *, shift: float = 0.0, polygon: Sequence[Point] = _SQUARE) -> list[Point]:
    """Return the part of a polygon where x1*w1 + x2*w2 + b + shift >= 0, as a polygon; [] where there is none."""
    w1, w2, b = weights
    signed = [(point, point[0] * w1 + point[1] * w2 + b + shift) for point in polygon]
    found: list[Point] = []
    for (point, z), (after, z_after) in zip(signed, [*signed[1:], *signed[:1]], strict=True):
        if z >= 0:
            found.append(point)
        if (z >= 0) != (z_after >= 0):
            part = z / (z - z_after)
            found.append((point[0] + part * (after[0] - point[0]), point[1] + part * (after[1] - point[1])))
    return found


def scaled(weights: Sequence[float]) -> tuple[float, float, float]:
    """Return weights of the same line whose largest is 1 or -1, so that no square of them overflows."""
    largest = max(abs(weight) for weight in weights) or 1.0
    w1, w2, b = (weight / largest for weight in weights)
    return w1, w2, b


def draw_square(axes: "Axes", *, labels: bool = True) -> None:
    """Prepare axes for the inputs x1 and x2."""
    axes.set_xlim(LOW, HIGH)
    axes.set_ylim(LOW, HIGH)
    axes.set_aspect("equal")
    axes.set_xticks([0, 1] if labels else [])
    axes.set_yticks([0, 1] if labels else [])
    axes.tick_params(labelsize=9, length=2)
    axes.spines[:].set_color(LIGHT)
    if labels:
        axes.set_xlabel("x1", labelpad=0)
        axes.set_ylabel("x2", labelpad=0, rotation=0)


def draw_sides(axes: "Axes", weights: Sequence[float], *, margin: float | None = None) -> None:
    """Shade both sides of a neuron's line, with the line and, if given, the ribbon of its margin."""
    w1, w2, b = scaled(weights)
    negative = (-w1, -w2, -b)
    for side, colour in ((half_plane((w1, w2, b)), PALE_BLUE), (half_plane(negative), PALE_ORANGE)):
        if len(side) > 2:
            axes.fill(*zip(*side, strict=True), color=colour, linewidth=0, zorder=1)
    length = (w1**2 + w2**2) ** 0.5
    if not length:
        return
    if margin:
        upper = half_plane((w1, w2, b), shift=margin * length)
        ribbon = half_plane(negative, shift=margin * length, polygon=upper) if upper else []
        if len(ribbon) > 2:
            axes.fill(*zip(*ribbon, strict=True), facecolor="none", edgecolor=GREY, hatch="////", linewidth=0, zorder=2)
    ends = [point for point in half_plane((w1, w2, b)) if abs(point[0] * w1 + point[1] * w2 + b) < 1e-9]
    if len(ends) > 1:
        axes.plot(*zip(*ends, strict=True), color=DARK, linewidth=1.8, zorder=3)


def draw_rows(axes: "Axes", answers: Sequence[int | None], *, size: float = 90, odd: Sequence[bool] = ()) -> None:
    """Draw the four rows at the corners of the square, each with its answer."""
    draw_dots(axes, ROWS, answers, size=size, odd=odd)


def draw_surface(axes: "Axes", surface: Any) -> None:
    """Colour the square of the inputs by p, and draw the line p = 0.5 unless p is flat or lies on one side of it.

    Args:
        axes: where.
        surface: (n, n), p over a grid from LOW to HIGH, the lowest row first.
    """
    import numpy as np

    extent = (LOW, HIGH, LOW, HIGH)
    axes.imshow(surface, origin="lower", extent=extent, cmap=PLAYGROUND, vmin=0, vmax=1, interpolation="bilinear")
    flat = 1e-3
    if surface.min() < 0.5 - flat and surface.max() > 0.5 + flat:
        line = np.linspace(LOW, HIGH, len(surface))
        axes.contour(line, line, surface, levels=[0.5], colors=DARK, linewidths=1.4)


def draw_hidden(axes: "Axes", places: Sequence[Sequence[float]], labels: Sequence[int], line: Sequence[float]) -> None:
    """Draw the four rows where two hidden units put them, and the line of the unit behind them.

    Args:
        axes: where.
        places: h1 and h2 of each row.
        labels: of each row.
        line: w1, w2 and b of the last unit, whose line is w1*h1 + w2*h2 + b = 0.
    """
    draw_dots(axes, [(h1, h2) for h1, h2 in places], labels, size=60)
    named: list[Point] = []
    for row, (h1, h2) in zip(ROWS, places, strict=True):
        # Rows may share a place: their names stand above it, below it, and then farther away.
        heights = {above: h2 + above * _POINT for above in (8, -14, 18, -24, 28, -34)}
        free = (
            above
            for above, y in heights.items()
            if not any(abs(h1 - x) < _NAME[0] and abs(y - other) < _NAME[1] for x, other in named)
        )
        above = next(free, 8)
        named.append((h1, heights[above]))
        axes.annotate(row_text(row), (h1, h2), xytext=(0, above), textcoords="offset points", ha="center", fontsize=8)
    scale = max(abs(line[0]), abs(line[1]))
    if scale:
        # Long enough for the square and cut by its edges.
        w1, w2, b = (part / scale for part in line)
        foot = [-b * w / (w1**2 + w2**2) for w in (w1, w2)]
        axes.plot([foot[0] - 4 * w2, foot[0] + 4 * w2], [foot[1] + 4 * w1, foot[1] - 4 * w1], color=DARK, linewidth=1.5)
    axes.set_xlim(-0.3, 1.35)
    axes.set_ylim(-0.3, 1.35)
    axes.set_aspect("equal")
    axes.set_xticks([0, 1])
    axes.set_yticks([0, 1])
    axes.set_xlabel("h1", labelpad=0)
    axes.set_ylabel("h2", labelpad=0, rotation=0)
    axes.spines[:].set_color(LIGHT)
