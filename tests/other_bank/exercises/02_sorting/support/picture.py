"""Kata 02's picture: a row after each of the student's passes, a line of squares for each."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.pictures.drawing import DARK
from grader.pictures.layout import Words, num
from grader.pictures.plate import Picture
from grader.pictures.reader import Reader, array, whole
from letters.shared import sorting

if TYPE_CHECKING:
    from grader.pictures.svg import SubFigure

ROW = (5, 2, 4, 1, 3)


@dataclass(frozen=True)
class Passes(Picture):
    """The row as it came in and after each pass, until one changes nothing or there was no answer."""

    rows: tuple[tuple[float, ...], ...]
    count: int | None
    size = (5.5, 3.6)

    def lines(self, words: Words) -> list[str]:
        """Return a line for each row."""
        return ["  " + "  ".join(map(num, row)) for row in self.rows]

    def below(self, words: Words) -> list[str]:
        """Return what the student's passes counts."""
        return [] if self.count is None else [words.text("shared", "passes", count=self.count)]

    def draw(self, figure: "SubFigure", words: Words) -> None:
        """Draw the rows from top to bottom, a darker square for a larger number."""
        axes = figure.subplots()
        axes.imshow(self.rows, cmap="Blues", vmin=0, vmax=8, aspect="auto")
        for line, row in enumerate(self.rows):
            for place, number in enumerate(row):
                axes.text(place, line, num(number), ha="center", va="center", color=DARK)
        axes.set_xticks([])
        axes.set_yticks(range(len(self.rows)))


def read(reader: Reader) -> Passes:
    """Make as many passes as the row needs, each over what the student's last one gave."""
    rows: list[tuple[float, ...]] = [ROW]
    for _ in range(sorting.passes(ROW)):
        after = reader.call("one_pass", (list(rows[-1]),), array(len(ROW)))
        if after is None:
            break
        rows.append(tuple(after.tolist()))
    return Passes(tuple(rows), reader.call("passes", (list(ROW),), whole))
