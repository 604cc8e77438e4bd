"""Kata 09: three recorded loss curves, with the shelves at the heights that the student's own bce gives."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from grader.pictures.axes import GREY, show_range
from grader.pictures.drawing import BLUE, DARK, LIGHT, ORANGE
from grader.pictures.layout import Words, columns, fixed
from grader.pictures.plate import Picture
from grader.pictures.reader import Reader, number, word

if TYPE_CHECKING:
    from grader.pictures.svg import SubFigure

# The README's table: losses of one start each.
EPOCHS = (0, 100, 300, 500, 1000, 2000, 4000, 8000)
RECORDED = {
    "2 -> 1": (0.7633, 0.7504, 0.7313, 0.7174, 0.6993, 0.6933, 0.6931, 0.6931),
    "2 -> 1 -> 1": (0.6938, 0.6869, 0.5997, 0.5409, 0.4981, 0.4832, 0.4786, 0.4775),
    "2 -> 2 -> 1": (0.7246, 0.6936, 0.6807, 0.5654, 0.3854, 0.3556, 0.3484, 0.3468),
}
_FARTHEST = (-2.0, 3.0)
"""Losses of the shelves that have a place in the image."""
_ASKED = ("2 -> 1", 5)
"""The curve of which the README hides the end, and how much of it is known."""
Y = (0.0, 1.0, 1.0, 0.0)
ANSWERS = {
    "tied": (0.5, 0.5, 0.5, 0.5),
    "corner": (0.0, 2 / 3, 2 / 3, 2 / 3),
    "two": (0.0, 1.0, 0.5, 0.5),
}
"""What a network that rests on a shelf answers on the four rows of XOR."""


@dataclass(frozen=True)
class Shelf:
    """Four answers, and what the student's functions say about them."""

    id: str
    loss: float | None
    accuracy: float | None
    name: str | None

    @property
    def p(self) -> str:
        """The four answers as text."""
        return " ".join(f"{p:.2f}" for p in ANSWERS[self.id])


@dataclass(frozen=True)
class Curve:
    """A network's recorded losses, and the student's name for the last of them."""

    name: str
    losses: tuple[float, ...]
    """Fewer than EPOCHS where the end is the student's to predict, and she has not."""
    shelf: str | None


@dataclass(frozen=True)
class PlateausPicture(Picture):
    """Curves and shelves."""

    curves: tuple[Curve, ...]
    shelves: tuple[Shelf, ...]
    best: float | None
    """The predicted BEST_ONE_NEURON_LOSS."""
    size = (9.5, 5.2)

    def lines(self, words: Words) -> list[str]:
        """Return a table of the shelves and one of the curves."""
        head = tuple(words.text("plateaus", name) for name in ("p", "loss", "accuracy", "name"))
        rows: list[tuple[str, ...]] = [
            (one.p, _shown(one.loss), _percent(one.accuracy), one.name or "?") for one in self.shelves
        ]
        found = [words.text("plateaus", "shelves"), *columns([head, *rows]), ""]
        rows = [(words.text("plateaus", "epoch"), *(curve.name for curve in self.curves))]
        for index, epoch in enumerate(EPOCHS):
            known = (f"{c.losses[index]:.4f}" if index < len(c.losses) else "?" for c in self.curves)
            rows.append((str(epoch), *known))
        rows.append((words.text("plateaus", "name"), *(curve.shelf or "?" for curve in self.curves)))
        return [*found, words.text("plateaus", "curves"), *columns(rows)]

    def below(self, words: Words) -> list[str]:
        """Return the prediction."""
        return [] if self.best is None else [words.text("plateaus", "best", loss=fixed(self.best))]

    def draw(self, figure: "SubFigure", words: Words) -> None:
        """Draw the curves over the epochs, the shelves as dashed lines with their names."""
        axes: Any = figure.subplots()
        looks = ((ORANGE, "s"), (BLUE, "o"), (DARK, "^"))
        for curve, (colour, shape) in zip(self.curves, looks, strict=True):
            known = EPOCHS[: len(curve.losses)]
            label = f"{curve.name}: {curve.shelf or '?'}"
            axes.plot(known, curve.losses, color=colour, marker=shape, linewidth=2, label=label)
        for shelf in self.shelves:
            if shelf.loss is not None and _FARTHEST[0] <= shelf.loss <= _FARTHEST[1]:
                axes.axhline(shelf.loss, color=GREY, linestyle="--", linewidth=1, zorder=0)
                text = f"{fixed(shelf.loss)}  {shelf.name or '?'}"
                axes.text(1.01, shelf.loss, text, transform=axes.get_yaxis_transform(), va="center", fontsize=9)
        heights = [shelf.loss for shelf in self.shelves]
        if self.best is not None:
            axes.axhline(self.best, color=ORANGE, linestyle=":", linewidth=2, zorder=0)
            axes.annotate("BEST_ONE_NEURON_LOSS", (0, self.best), xytext=(4, 4), textcoords="offset points", fontsize=8)
        show_range(axes, [*heights, self.best], low=0.3, high=0.8)
        # The first hundred epochs are as wide as the next nine hundred; 0 has a place.
        axes.set_xscale("symlog", linthresh=100)
        axes.set_xticks(EPOCHS, [str(epoch) for epoch in EPOCHS])
        axes.set_xlim(-5, 9000)
        axes.minorticks_off()
        axes.set_xlabel(words.text("plateaus", "epoch"))
        axes.set_ylabel(words.text("plateaus", "loss"))
        axes.spines[["top", "right"]].set_visible(False)
        axes.spines[["left", "bottom"]].set_color(LIGHT)
        # Above the axes: inside, a shelf or the student's prediction may run anywhere.
        axes.legend(frameon=False, fontsize=9, loc="lower left", bbox_to_anchor=(0, 1), ncols=len(self.curves))


def read(reader: Reader) -> PlateausPicture:
    """Ask for the losses of the shelves and for the names of shelves and curves."""
    import numpy as np

    best = reader.value("BEST_ONE_NEURON_LOSS", number)
    shelves = []
    for name, p in ANSWERS.items():
        loss = reader.call("bce", (np.array(p), np.array(Y)), number)
        accuracy = reader.call("accuracy", (np.array(p), np.array(Y)), number)
        said = None if loss is None else reader.call("name_plateau", (loss,), word)
        shelves.append(Shelf(name, loss, accuracy, said))
    curves = []
    for name, losses in RECORDED.items():
        known = _ASKED[1] if name == _ASKED[0] and best is None else len(EPOCHS)
        said = reader.call("name_plateau", (losses[known - 1],), word)
        curves.append(Curve(name, losses[:known], said))
    return PlateausPicture(tuple(curves), tuple(shelves), best)


def _shown(value: float | None) -> str:
    return "?" if value is None else fixed(value)


def _percent(share: float | None) -> str:
    return "?" if share is None else f"{100 * share:.3g} %"
