"""One picture of an experiment: solved share over the epochs, a map of the starts, a film strip of one start.

Colours, fonts and formats are those of grader/pictures/drawing.py. matplotlib is imported on use.
"""

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.lab.experiments import X_XOR, Y_XOR, Finding
from grader.lab.marks import PLATEAU_MARKS
from grader.lab.words import heading, lab_text, percent
from grader.pictures.drawing import BLUE, DARK, LIGHT, MIDDLE, ORANGE, PLAYGROUND, house_style, to_bytes
from grader.training import PLATEAUS, Array, forward, name_plateaus, solved_history

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_FRAMES = 6
_GRID = 61
_FLAT = 1e-3


def choose_start(finding: Finding) -> int:
    """Return the start that is shown as a film: the first solved one, or 0."""
    return int(finding.run.solved.argmax())


def draw_finding(
    finding: Finding, film: list[Array], *, start: int, language: str, font: str | None, fmt: str
) -> bytes:
    """Draw an experiment as one picture of three parts.

    Args:
        finding: what run_experiment returned.
        film: what film_start returned for this start.
        start: number of the start shown as a film strip.
        language: of the labels, "en" or "ko".
        font: a font that has the letters of the language; None is matplotlib's own, which has no Korean.
        fmt: "png", "svg" or "pdf".

    Returns:
        The file's bytes, the same for the same finding.
    """
    from matplotlib.figure import Figure

    from grader.pictures.margins import Margins

    with house_style(font):
        figure = Figure(figsize=(12, 7.6), dpi=110, layout=Margins())
        parts: Any = figure.subfigures(2, 1, height_ratios=(1.55, 1))
        top, bottom = parts
        left, right = top.subplots(1, 2, width_ratios=(1.25, 1))
        top.suptitle(heading(finding.row, language), fontsize=13)
        _draw_share(left, finding, language)
        _draw_map(right, finding, language)
        _draw_film(list(bottom.subplots(1, _FRAMES)), finding, film, start, language)
        bottom.suptitle(lab_text("plot", "film", language, start=start), fontsize=11)
        return to_bytes(figure, fmt)


def _draw_share(axes: "Axes", finding: Finding, language: str) -> None:
    # Where every start has diverged there is no share to show; 0 would read as "tried and failed".
    alive = np.atleast_1d(~np.isnan(finding.run.accuracy_history).all(axis=1))
    shares = [one for one, shown in zip(solved_history(finding.run), alive, strict=True) if shown]
    epochs = finding.run.epochs[alive]
    axes.fill_between(
        epochs,
        [100 * one.low for one in shares],
        [100 * one.high for one in shares],
        color=BLUE,
        alpha=0.2,
        linewidth=0,
    )
    axes.plot(epochs, [100 * one.value for one in shares], color=BLUE, marker="o", markersize=3.5)
    if alive.all():
        last = finding.row.solved
        axes.annotate(
            f"{percent(last.value)}%",
            (float(epochs[-1]), 100 * last.value),
            xytext=(-4, 9 if last.value < 0.9 else -14),
            textcoords="offset points",
            ha="right",
            color=BLUE,
            fontsize=12,
        )
    axes.set_title(lab_text("plot", "share", language), fontsize=11)
    axes.set_xlabel(lab_text("plot", "epochs", language))
    axes.set_ylabel(lab_text("plot", "share_y", language))
    axes.set_ylim(-2, 102)
    axes.set_xlim(0, finding.row.epochs * 1.02)
    axes.xaxis.set_major_locator(_few_ticks())
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.grid(color=MIDDLE)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)


def _few_ticks() -> Any:
    from matplotlib.ticker import MaxNLocator

    return MaxNLocator(nbins=5, steps=[1, 2, 5, 10], integer=True)


def _draw_map(axes: "Axes", finding: Finding, language: str) -> None:
    names = np.array(name_plateaus(finding.run))
    starts = len(names)
    columns = math.ceil(math.sqrt(starts))
    # Marks shrink with their number, so that neighbours never touch.
    size = min(150.0, (190 / columns) ** 2 * 0.42)
    for name in PLATEAUS:
        chosen = np.flatnonzero(names == name)
        face, edge, shape = PLATEAU_MARKS[name]
        label = f"{lab_text('plot', name.replace(' ', '_'), language)}: {len(chosen)}"
        axes.scatter(
            chosen % columns,
            chosen // columns,
            s=size,
            marker=shape,
            facecolor=face,
            edgecolor=edge,
            linewidth=0.8,
            label=label,
        )
    axes.set_title(lab_text("plot", "map", language, starts=starts), fontsize=11)
    axes.set_xlim(-0.7, columns - 0.3)
    axes.set_ylim(math.ceil(starts / columns) - 0.3, -0.7)
    axes.set_aspect("equal")
    axes.set_xticks([])
    axes.set_yticks([])
    legend = axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), frameon=False, fontsize=9, labelspacing=1.1)
    for handle in legend.legend_handles:
        handle.set_sizes([60])  # type: ignore[union-attr]  # scatter's handles are path collections
    axes.spines[:].set_color(LIGHT)


def _draw_film(axes: "list[Axes]", finding: Finding, film: list[Array], start: int, language: str) -> None:
    run = finding.run
    # A run of very few epochs has fewer moments than frames; no moment is shown twice.
    records = np.unique(np.linspace(0, len(run.epochs) - 1, len(axes)).round().astype(int))
    for frame in axes[len(records) :]:
        frame.set_axis_off()
    for frame, record in zip(axes, records, strict=False):
        weights = [array[record : record + 1] for array in film]
        _draw_frame(frame, finding, weights)
        epoch, loss = f"{run.epochs[record]:,}", float(run.loss_history[record, start])
        if math.isnan(loss):
            title = lab_text("plot", "frame_diverged", language, epoch=epoch)
        else:
            right = round(float(run.accuracy_history[record, start]) * len(Y_XOR))
            title = lab_text("plot", "frame", language, epoch=epoch, loss=f"{loss:.3f}", right=right)
        frame.set_title(title, fontsize=9, linespacing=1.3)


def _draw_frame(axes: "Axes", finding: Finding, weights: list[Array]) -> None:
    line = np.linspace(-0.5, 1.5, _GRID)
    points = np.stack(np.meshgrid(line, line), axis=-1).reshape(-1, 2)
    p = forward(finding.experiment.stack, weights, points)[-1][0, :, 0].reshape(_GRID, _GRID)
    axes.imshow(
        p,
        origin="lower",
        extent=(-0.5, 1.5, -0.5, 1.5),
        cmap=PLAYGROUND,
        vmin=0,
        vmax=1,
        interpolation="bilinear",
    )
    # A surface on one side of 0.5 has no line, and on a flat one the line would show rounding only.
    # fmin and fmax ignore nan without a warning: a diverged start is drawn as an empty frame.
    low, high = np.fmin.reduce(p, axis=None), np.fmax.reduce(p, axis=None)
    if low < 0.5 - _FLAT and high > 0.5 + _FLAT:
        axes.contour(line, line, p, levels=[0.5], colors=DARK, linewidths=1.4)
    for label, face, shape in ((0, ORANGE, "s"), (1, BLUE, "o")):
        rows = X_XOR[np.equal(Y_XOR, label)]
        axes.scatter(rows[:, 0], rows[:, 1], s=52, marker=shape, facecolor=face, edgecolor="white", zorder=3)
    axes.set_xticks([0, 1])
    axes.set_yticks([0, 1])
    axes.tick_params(labelsize=8, length=2)
