"""Kata 15: recorded training and validation curves with the student's best and stop epoch and her word for them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from grader import expect
from grader.pictures.axes import GREY
from grader.pictures.drawing import BLUE, DARK, LIGHT, ORANGE
from grader.pictures.layout import Words, columns, num
from grader.pictures.plate import Picture
from grader.pictures.reader import Reader, number, whole, word

if TYPE_CHECKING:
    from grader.pictures.svg import Axes, SubFigure

PATIENCE = 3
# Twenty epochs of real trainings, as in the public checks: (parameters, train, val).
RECORDED = (
    (
        257,
        "0.72 0.65 0.51 0.34 0.23 0.19 0.17 0.16 0.14 0.12 0.10 0.08 0.07 0.05 0.04 0.04 0.03 0.03 0.03 0.03",
        "0.71 0.68 0.54 0.46 0.56 0.74 0.86 0.92 0.92 0.92 1.00 1.12 1.23 1.32 1.39 1.45 1.51 1.56 1.61 1.67",
    ),
    (
        17,
        "0.69 0.55 0.32 0.22 0.19 0.18 0.17 0.17 0.17 0.16 0.16 0.16 0.16 0.16 0.16 0.16 0.16 0.16 0.16 0.16",
        "0.69 0.56 0.35 0.24 0.20 0.19 0.19 0.19 0.18 0.18 0.18 0.18 0.18 0.18 0.18 0.18 0.18 0.18 0.18 0.18",
    ),
    (
        17,
        "0.69 0.69 0.69 0.67 0.62 0.56 0.53 0.52 0.51 0.50 0.50 0.49 0.49 0.49 0.49 0.49 0.49 0.48 0.48 0.48",
        "0.69 0.69 0.69 0.67 0.61 0.55 0.52 0.50 0.49 0.49 0.48 0.48 0.48 0.48 0.47 0.47 0.47 0.47 0.47 0.47",
    ),
    (
        257,
        "0.69 0.69 0.69 0.68 0.68 0.68 0.68 0.68 0.68 0.68 0.68 0.68 0.68 0.68 0.68 0.68 0.68 0.68 0.68 0.68",
        "0.69 0.70 0.70 0.70 0.70 0.70 0.70 0.70 0.70 0.70 0.70 0.70 0.70 0.70 0.70 0.70 0.70 0.70 0.70 0.70",
    ),
)
LABELS = [0] * 190 + [1] * 10


@dataclass(frozen=True)
class Run:
    """One recorded training and what the student's functions say about it."""

    params: int
    train: tuple[float, ...]
    val: tuple[float, ...]
    stops: tuple[int, int] | None
    """(best epoch, stop epoch)."""
    word: str | None


@dataclass(frozen=True)
class StopPicture(Picture):
    """Four trainings, and what is said about labels of which 95 % are alike."""

    runs: tuple[Run, ...]
    baseline: float | None
    weights: dict[float, float] | None
    size = (10.5, 6.4)

    def lines(self, words: Words) -> list[str]:
        """Return a few losses of each training, and the epochs."""
        shown = (0, 3, 6, 10, 15, 19)
        found = []
        for index, run in enumerate(self.runs):
            found.append(_heading(index, run, words))
            rows: list[tuple[str, ...]] = [(words.text("stop", "epoch"), *map(str, shown))]
            rows += [
                (name, *(f"{losses[epoch]:.2f}" for epoch in shown))
                for name, losses in (("train", run.train), ("val", run.val))
            ]
            found += [*columns(rows), "  " + _stops(run, words), ""]
        return found[:-1]

    def below(self, words: Words) -> list[str]:
        """Return what is said about the labels."""
        found = []
        if self.baseline is not None:
            found.append(words.text("stop", "baseline", share=self.baseline))
        if self.weights is not None:
            shown = ", ".join(f"{num(label)}: {num(weight)}" for label, weight in self.weights.items())
            found.append(words.text("stop", "weights", weights=shown))
        return found

    def draw(self, figure: "SubFigure", words: Words) -> None:
        """Draw each training with its two epochs."""
        parts: Any = figure.subplots(2, 2)
        for index, (axes, run) in enumerate(zip(parts.flat, self.runs, strict=True)):
            _draw_run(axes, run, words)
            axes.set_title(f"{_heading(index, run, words)}\n{_stops(run, words)}", fontsize=9.5, linespacing=1.3)


def read(reader: Reader) -> StopPicture:
    """Ask for the epochs and the word of each training, and about the labels."""
    runs = []
    for params, *texts in RECORDED:
        train, val = ([float(loss) for loss in text.split()] for text in texts)
        stops = reader.call("early_stop", (val, PATIENCE), _pair)
        said = reader.call("diagnose", (train, val), word)
        runs.append(Run(params, tuple(train), tuple(val), stops, said))
    baseline = reader.call("majority_baseline", (LABELS,), number)
    return StopPicture(tuple(runs), baseline, reader.call("class_weights", (LABELS,), _weights))


def _pair(answer: Any, asked: str) -> tuple[int, int]:
    items = answer.tolist() if hasattr(answer, "tolist") else answer
    if not isinstance(items, (tuple, list)) or len(items) != 2:
        expect.fail("not_a_pair", asked="early_stop(val, 3)", actual=expect.show(answer))
    return whole(items[0], asked), whole(items[1], asked)


def _weights(answer: Any, asked: str) -> dict[float, float]:
    if not isinstance(answer, dict) or not 0 < len(answer) <= 6:
        expect.fail("other_form", asked="class_weights(y)", actual=expect.show(answer))
    return {number(label, asked): number(weight, asked) for label, weight in answer.items()}


def _heading(index: int, run: Run, words: Words) -> str:
    return words.text("stop", "heading", number=index + 1, params=run.params, word=run.word or "?")


def _stops(run: Run, words: Words) -> str:
    if run.stops is None:
        return words.text("stop", "no_stop")
    return words.text("stop", "stops", patience=PATIENCE, best=run.stops[0], stop=run.stops[1])


def _draw_run(axes: "Axes", run: Run, words: Words) -> None:
    for losses, colour, style, shape, name in (
        (run.train, ORANGE, "--", "s", "train"),
        (run.val, BLUE, "-", "o", "val"),
    ):
        axes.plot(losses, color=colour, linestyle=style, marker=shape, markersize=4, label=name)
    if run.stops is not None:
        for epoch, shape, name in zip(run.stops, ("*", "X"), ("best", "stop"), strict=True):
            if 0 <= epoch < len(run.val):
                axes.axvline(epoch, color=GREY, linewidth=1, linestyle=":" if name == "best" else "-", zorder=0)
                at = [run.val[epoch]]
                label = words.text("stop", name)
                axes.scatter([epoch], at, s=170, marker=shape, color=DARK, edgecolor="white", zorder=5, label=label)
    axes.set_ylim(0, max(1.0, *run.val) * 1.1)
    axes.set_xticks(range(0, len(run.val), 3))
    axes.set_xlabel(words.text("stop", "epoch"), labelpad=0)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(LIGHT)
    axes.legend(frameon=False, fontsize=8.5, ncols=2)
