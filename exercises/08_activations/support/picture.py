"""Kata 08: the student's sigmoid and relu with their slopes, and what is left of a slope after 1 to 10 layers."""

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from grader.pictures.axes import GREY, scale_by_powers, show_range
from grader.pictures.drawing import BLUE, DARK, LIGHT, ORANGE
from grader.pictures.layout import Words, columns, num
from grader.pictures.plate import Picture
from grader.pictures.reader import Reader, number

if TYPE_CHECKING:
    from grader.pictures.svg import Axes, SubFigure

PAIRS = (("sigmoid", "d_sigmoid"), ("relu", "d_relu"))
_NEAR = 1e-6
"""How close to the corner at 0 both sides are asked: a jump there is drawn as one."""
Z = (*(step / 4 for step in range(-24, 0)), -_NEAR, 0.0, _NEAR, *(step / 4 for step in range(1, 25)))
_MARKED = tuple(index for index, z in enumerate(Z) if z % 2 == 0)
SHOWN_Z = (-6.0, -2.0, -1.0, 0.0, 1.0, 2.0, 6.0)
"""The z of the text's table."""
CHAINS = (("d_sigmoid", 0.0), ("d_relu", 1.0), ("d_relu", -1.0))
LAYERS = tuple(range(1, 11))
_FLOOR = 1e-8
"""Lower end of the logarithmic axis; 0.25**10 is 9.5e-7."""

Values = tuple[float | None, ...]


@dataclass(frozen=True)
class Chain:
    """What chain_slope says for one slope and one z."""

    slope: str
    z: float
    values: Values
    """After 1, 2, ... 10 layers."""

    @property
    def name(self) -> str:
        """As in a table's head: "d_relu, z = -1"."""
        return f"{self.slope}, z = {num(self.z)}"


@dataclass(frozen=True)
class ActivationsPicture(Picture):
    """Curves by function name, at the points Z, and the chains."""

    curves: dict[str, Values]
    steepest: float | None
    chains: tuple[Chain, ...]
    size = (11.0, 6.4)

    def lines(self, words: Words) -> list[str]:
        """Return a table of the curves and one of the chains."""
        rows = [("z", *self.curves)]
        for z in SHOWN_Z:
            rows.append((num(z), *(_shown(values[Z.index(z)]) for values in self.curves.values())))
        found = [words.text("activations", "curves"), *columns(rows), ""]
        rows = [(words.text("activations", "layers"), *(chain.name for chain in self.chains))]
        for index, layers in enumerate(LAYERS):
            rows.append((str(layers), *(_shown(chain.values[index]) for chain in self.chains)))
        return [*found, words.text("activations", "chains"), *columns(rows)]

    def below(self, words: Words) -> list[str]:
        """Return the predicted slope beside the steepest that d_sigmoid gave."""
        known = [value for value in self.curves["d_sigmoid"] if value is not None]
        if self.steepest is None or not known:
            return []
        return [words.text("activations", "steepest", said=self.steepest, found=max(known))]

    def draw(self, figure: "SubFigure", words: Words) -> None:
        """Draw both functions above and the chains below."""
        parts: Any = figure.subplot_mosaic([["sigmoid", "relu"], ["chains", "chains"]])
        for name, slope in PAIRS:
            _draw_curves(parts[name], name, slope, self.curves)
        _draw_chains(parts["chains"], self.chains, words)


def read(reader: Reader) -> ActivationsPicture:
    """Ask for every function, one number at a time, so that one that takes no arrays is drawn too."""
    curves = {name: tuple(reader.call(name, (z,), number) for z in Z) for pair in PAIRS for name in pair}
    chains = []
    for slope, z in CHAINS:
        function = reader.function(slope)
        values: Values = (None,) * len(LAYERS)
        if function is not None:
            values = tuple(reader.call("chain_slope", (function, z, layers), number) for layers in LAYERS)
        chains.append(Chain(slope, z, values))
    return ActivationsPicture(curves, reader.value("MAX_SIGMOID_SLOPE", number), tuple(chains))


def _shown(value: float | None) -> str:
    return "?" if value is None else num(value)


def _draw_curves(axes: "Axes", name: str, slope: str, curves: dict[str, Values]) -> None:
    for one, colour, style, shape in ((name, BLUE, "-", "o"), (slope, ORANGE, "--", "s")):
        if all(value is None for value in curves[one]):
            continue
        # On their own, because a line with gaps counts its marks anew behind each.
        axes.plot([], [], color=colour, linestyle=style, marker=shape, label=one)
        for run in _runs(curves[one]):
            axes.plot(*zip(*run, strict=True), color=colour, linestyle=style)
        marks = [(Z[index], value) for index in _MARKED if (value := curves[one][index]) is not None]
        if marks:
            axes.plot(*zip(*marks, strict=True), color=colour, linestyle="", marker=shape)
    show_range(axes, [*curves[name], *curves[slope]], low=-0.1, high=1.1)
    # Also where no value is known.
    axes.set_xlim(1.1 * Z[0], 1.1 * Z[-1])
    axes.set_xlabel("z", labelpad=0)
    axes.set_title(f"{name}, {slope}", fontsize=10.5)
    axes.axhline(0, color=LIGHT, linewidth=1, zorder=0)
    axes.axvline(0, color=LIGHT, linewidth=1, zorder=0)
    axes.spines[["top", "right"]].set_visible(False)
    if axes.get_legend_handles_labels()[0]:
        axes.legend(frameon=False, fontsize=9, loc="upper left")


def _runs(values: Values) -> list[list[tuple[float, float]]]:
    """The points of a curve, cut where it jumps or a value is missing: a line across would show a false slope."""
    runs: list[list[tuple[float, float]]] = [[]]
    steps = [None if a is None or b is None else abs(b - a) for a, b in pairwise(values)]
    for index, (z, value) in enumerate(zip(Z, values, strict=True)):
        if value is None:
            runs.append([])
            continue
        if index and _is_jump(steps, index - 1):
            runs.append([])
        runs[-1].append((z, value))
    return [run for run in runs if run]


def _is_jump(steps: list[float | None], index: int) -> bool:
    """True if one step is far larger than those before and behind it."""
    step = steps[index]
    around = [steps[near] for near in (index - 1, index + 1) if 0 <= near < len(steps)]
    return step is not None and step > 0.2 + 5 * max(one or 0.0 for one in around)


def _draw_chains(axes: "Axes", chains: tuple[Chain, ...], words: Words) -> None:
    looks = ((ORANGE, "//"), (BLUE, ""), (GREY, ".."))
    for place, (chain, (colour, hatch)) in enumerate(zip(chains, looks, strict=True)):
        places = [layers + (place - 1) * 0.27 for layers in LAYERS]
        # Drawn from the floor up; 0 has no place on a logarithmic axis, so it is written.
        tops = [max(min(abs(value or 0.0), 1e3), _FLOOR) for value in chain.values]
        heights = [top - _FLOOR for top in tops]
        look: dict[str, Any] = {"facecolor": colour, "edgecolor": "white", "hatch": hatch, "label": chain.name}
        axes.bar(places, heights, 0.25, bottom=_FLOOR, **look)
        for at, top, value in zip(places, tops, chain.values, strict=True):
            axes.text(at, top * 1.5, _shown(value), fontsize=6.5, rotation=90, ha="center", va="bottom")
    # Room for a number above the highest bar.
    scale_by_powers(axes, low=_FLOOR, high=1e6)
    axes.set_xticks(LAYERS)
    axes.set_xlabel(words.text("activations", "layers"), labelpad=0)
    axes.set_title(words.text("activations", "chains"), fontsize=10.5, color=DARK, loc="left")
    axes.spines[["top", "right"]].set_visible(False)
    # Above the axes: inside, a bar may be anywhere.
    axes.legend(frameon=False, fontsize=9, ncols=3, loc="lower right", bbox_to_anchor=(1, 1))
