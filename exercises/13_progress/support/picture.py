"""Kata 13: the student's bar after every epoch of a small training, and her count of updates for three batch sizes."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from grader import expect
from grader.pictures.axes import say_instead
from grader.pictures.drawing import BLUE, DARK, LIGHT, MIDDLE, ORANGE
from grader.pictures.layout import Words, columns, num
from grader.pictures.plate import Picture
from grader.pictures.reader import Reader, number
from perceptron.progress import rehearsal

if TYPE_CHECKING:
    from grader.pictures.svg import Axes, SubFigure

EPOCHS = 6
ROWS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
TARGETS = np.array([0.0, 1.0, 1.0, 0.0])
SAMPLES, COUNTED_EPOCHS = 4, 20
BATCHES = (1, 2, 4)
_MOST_MOMENTS = 12
_CELLS = 24
"""Signs of a bar in the text."""


@dataclass(frozen=True)
class Training:
    """What train_with_bar did with a model and a bar that write down what happens to them."""

    moments: tuple[tuple[int, float], ...]
    """(epochs trained, where the bar stood): at the start, after each epoch, and at the end."""
    total: str
    """The bar's total as the bar was told it; "?" if it was not."""
    epochs: int
    fits: int
    verbose: str
    batch: str
    closed: bool
    losses: int | None
    """How many came back; None if no list did."""


@dataclass(frozen=True)
class ProgressPicture(Picture):
    """The training, the counts of updates by batch size, and the two predictions."""

    training: Training | None
    updates: dict[int, float | None]
    answers: tuple[tuple[str, str], ...]
    size = (10.0, 4.4)

    def lines(self, words: Words) -> list[str]:
        """Return the bar as text after each epoch, and a table of the updates."""
        found = [words.text("progress", "bar", epochs=EPOCHS)]
        if self.training is None:
            found.append("  " + words.text("progress", "no_bar"))
        else:
            found.append("  " + words.text("progress", "after"))
            found += columns(
                [
                    (
                        words.text("progress", "epoch", epochs=epochs),
                        _bar_text(at),
                        f"{num(at)} / {self.training.total}",
                    )
                    for epochs, at in self.training.moments
                ]
            )
        rows = [(words.text("progress", "batch"), words.text("progress", "updates"))]
        rows += [(str(batch), "?" if count is None else num(count)) for batch, count in self.updates.items()]
        return [*found, "", words.text("progress", "counted", samples=SAMPLES, epochs=COUNTED_EPOCHS), *columns(rows)]

    def below(self, words: Words) -> list[str]:
        """Return how fit was called, and the predictions."""
        found = []
        one = self.training
        if one is not None:
            values = {"epochs": one.epochs, "fits": one.fits, "batch": one.batch, "verbose": one.verbose}
            found.append(words.text("progress", "fits", **values))
            found.append(words.text("progress", "closed" if one.closed else "left_open"))
            found.append(words.text("progress", "losses", count="?" if one.losses is None else one.losses))
        return found + [f"{name} = {value}" for name, value in self.answers]

    def draw(self, figure: "SubFigure", words: Words) -> None:
        """Draw the bar after each epoch at the left, the updates at the right."""
        parts: Any = figure.subplots(1, 2, width_ratios=(1.5, 1))
        self._draw_bar(parts[0], words)
        self._draw_updates(parts[1], words)

    def _draw_bar(self, axes: "Axes", words: Words) -> None:
        axes.set_title(words.text("progress", "bar", epochs=EPOCHS), fontsize=10)
        if self.training is None:
            say_instead(axes, words.text("progress", "no_bar"))
            return
        names = []
        for line, (epochs, at) in enumerate(self.training.moments):
            names.append(words.text("progress", "epoch", epochs=epochs))
            axes.barh(line, EPOCHS, 0.62, facecolor=MIDDLE, edgecolor=LIGHT)
            fits = at == epochs
            # A bar that is elsewhere than the training is orange and hatched.
            colour, hatch = (BLUE, "") if fits else (ORANGE, "//")
            axes.barh(line, max(0.0, min(at, 2.0 * EPOCHS)), 0.62, facecolor=colour, edgecolor="white", hatch=hatch)
            text = f"{num(at)} / {self.training.total}"
            box = {"boxstyle": "round,pad=0.2", "facecolor": "white", "edgecolor": "none"}
            axes.text(EPOCHS * 1.04, line, text, va="center", fontsize=9, color=DARK, bbox=box)
        axes.set_yticks(range(len(names)), names)
        axes.set_ylim(len(names) - 0.4, -0.6)
        axes.set_xlim(0, EPOCHS * 1.2)
        axes.set_xticks(range(EPOCHS + 1))
        axes.spines[["top", "right"]].set_visible(False)

    def _draw_updates(self, axes: "Axes", words: Words) -> None:
        axes.set_title(words.text("progress", "counted", samples=SAMPLES, epochs=COUNTED_EPOCHS), fontsize=10)
        for place, count in enumerate(self.updates.values()):
            height = 0.0 if count is None else max(0.0, min(count, 1e6))
            axes.bar(place, height, 0.6, color=BLUE)
            axes.text(place, height, "?" if count is None else num(count), ha="center", va="bottom", fontsize=10)
        axes.set_xticks(range(len(BATCHES)), [str(batch) for batch in BATCHES])
        axes.set_ylim(0, max(100.0, *(1.1 * min(count or 0, 1e6) for count in self.updates.values())))
        axes.set_xlabel(words.text("progress", "batch"))
        axes.spines[["top", "right"]].set_visible(False)


def read(reader: Reader) -> ProgressPicture:
    """Let the student's function train under a bar that writes down where it stands; ask for counts and predictions."""
    training = reader.attempt("train_with_bar", lambda: _look(reader))
    updates = {batch: reader.call("n_updates", (SAMPLES, batch, COUNTED_EPOCHS), number) for batch in BATCHES}
    answers = []
    for name in ("SECOND_FIT", "SAME_UPDATES"):
        said = reader.value(name, lambda answer, _: expect.show(answer)[:40])
        if said is not None:
            answers.append((name, said))
    return ProgressPicture(training, updates, tuple(answers))


def _look(reader: Reader) -> Training:
    run = rehearsal.rehearse(reader.student, ROWS, TARGETS, EPOCHS, fails_at=None)
    moments, epochs, at = [(0, 0.0)], 0, 0.0
    for kind, *parts in run.entries:
        if kind == "at" and parts[0] == 0:
            at = float(parts[1])
            # The bar moves after its epoch; what it shows then belongs to that epoch.
            moments[-1] = (moments[-1][0], at)
        elif kind == "epoch":
            epochs += 1
            moments.append((epochs, at))
    if len(moments) > _MOST_MOMENTS:
        moments = [*moments[: _MOST_MOMENTS - 1], moments[-1]]
    totals = [total for number, total in run.of("bar") if number == 0]
    fits = run.of("fit")
    batch, verbose = fits[0] if fits else ("?", "?")
    return Training(
        moments=tuple(moments),
        total=_short(totals[0]) if totals and totals[0] is not None else "?",
        epochs=run.epochs,
        fits=len(fits),
        verbose=_short(verbose),
        batch=_short(batch),
        closed=bool(run.of("close")),
        losses=len(run.losses) if hasattr(run.losses, "__len__") and not isinstance(run.losses, str) else None,
    )


def _short(value: Any) -> str:
    return expect.show(value)[:20]


def _bar_text(at: float) -> str:
    filled = round(_CELLS * max(0.0, min(1.0, at / EPOCHS)))
    return "#" * filled + "-" * (_CELLS - filled)
