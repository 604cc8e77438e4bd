"""Kata 14: probabilities as bars before and after the choice, and the student's heads for the four tasks."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from grader import expect
from grader.pictures.drawing import BLUE, DARK, ORANGE
from grader.pictures.layout import Words, columns, num
from grader.pictures.plate import Picture
from grader.pictures.reader import Reader, array, numbers, whole, word

if TYPE_CHECKING:
    from grader.pictures.svg import SubFigure

ROWS = ((0.1, 0.6, 0.3), (0.4, 0.35, 0.25), (0.2, 0.4, 0.4))
"""Probabilities of three classes: sure, not so sure, and a tie."""
CLASSES = 3
TASKS = ("xor", "digits", "house price", "tags")
Head = tuple[str, str, str, str]


@dataclass(frozen=True)
class Choice:
    """One row of probabilities, the class chosen from it, and that class as a one-hot row."""

    p: tuple[float, ...]
    label: int | None
    hot: tuple[float, ...] | None


@dataclass(frozen=True)
class HeadsPicture(Picture):
    """Choices, and the heads by task."""

    choices: tuple[Choice, ...]
    heads: dict[str, Head | None]
    key: str | None
    size = (9.5, 4.6)

    def lines(self, words: Words) -> list[str]:
        """Return a table of the choices."""
        head = (words.text("heads", "before"), words.text("heads", "class"), words.text("heads", "after"))
        rows = [(_row(one.p), "?" if one.label is None else str(one.label), _row(one.hot)) for one in self.choices]
        return [words.text("heads", "choices"), *columns([head, *rows])]

    def below(self, words: Words) -> list[str]:
        """Return the head of each task, and the key of the history."""
        heads = [f'head("{task}") = {", ".join(one) if one else "?"}' for task, one in self.heads.items()]
        return heads if self.key is None else [*heads, words.text("heads", "key", key=self.key)]

    def draw(self, figure: "SubFigure", words: Words) -> None:
        """Draw bars of the probabilities above, of the choice below, and the heads beside them."""
        parts: Any = figure.subplots(2, len(self.choices))
        for index, choice in enumerate(self.choices):
            for axes, values, colour, hatch, name in (
                (parts[0, index], choice.p, BLUE, "", "before"),
                (parts[1, index], choice.hot, ORANGE, "//", "after"),
            ):
                shown = values or (0.0,) * CLASSES
                axes.bar(range(CLASSES), shown, facecolor=colour, edgecolor="white", hatch=hatch, width=0.7)
                for place, value in enumerate(values or ()):
                    axes.text(place, min(max(value, 0), 1) + 0.03, num(value), ha="center", fontsize=9, color=DARK)
                axes.set_xticks(range(CLASSES))
                axes.set_ylim(0, 1.2)
                axes.set_yticks([0, 0.5, 1])
                axes.spines[["top", "right"]].set_visible(False)
                axes.tick_params(labelsize=9)
                label = "?" if choice.label is None else choice.label
                title = (
                    words.text("heads", "before") if name == "before" else words.text("heads", "chosen", label=label)
                )
                axes.set_title(title, fontsize=9.5)


def read(reader: Reader) -> HeadsPicture:
    """Ask for the labels, their one-hot rows, the heads and the key."""
    import numpy as np

    labels = reader.call("predict_class", (np.array(ROWS),), numbers(len(ROWS)))
    choices = []
    for index, p in enumerate(ROWS):
        label = None if labels is None else reader.attempt("predict_class", lambda i=index: whole(labels[i], "label"))  # type: ignore[misc]
        hot = None
        if label is not None and 0 <= label < CLASSES:
            rows = reader.call("one_hot", ([label], CLASSES), array(1, CLASSES))
            hot = None if rows is None else tuple(rows[0].tolist())
        choices.append(Choice(p, label, hot))
    heads = {task: reader.call("head", (task,), _head) for task in TASKS}
    return HeadsPicture(tuple(choices), heads, reader.value("HISTORY_KEY", word))


def _head(answer: Any, asked: str) -> Head:
    if not isinstance(answer, (tuple, list)) or len(answer) != 4:
        expect.fail("not_a_head", asked=asked, actual=expect.show(answer))
    units, activation, loss, metric = (expect.show(part).strip("'\"")[:32] for part in answer)
    return units, activation, loss, metric


def _row(values: tuple[float, ...] | None) -> str:
    return "?" if values is None else " ".join(map(num, values))
