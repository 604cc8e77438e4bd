"""Kata 04: the sixteen truth tables as small squares, with a line wherever the student's answer says there is one."""

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

from grader import expect
from grader.pictures.axes import GREY
from grader.pictures.drawing import DARK
from grader.pictures.layout import Words, columns, num
from grader.pictures.plate import Picture
from grader.pictures.reader import Reader, bit, whole
from perceptron.shared import gates
from perceptron.shared.figures import draw_key, draw_rows, draw_sides, draw_square

if TYPE_CHECKING:
    from grader.pictures.svg import SubFigure

TABLES = tuple(product((0, 1), repeat=4))
_STEPS = [half / 2 for half in range(-4, 5)]
Row = tuple[int, int]


@dataclass(frozen=True)
class Table:
    """One truth table and what the student's functions say about it."""

    truth: tuple[int, ...]
    separable: bool | None
    best: int | None
    weights: tuple[float, float, float] | None
    """Of a neuron that does it, looked for where the student says that there is one; None if none was found."""


@dataclass(frozen=True)
class WallPicture(Picture):
    """Sixteen tables, the student's count, and the two sums of the proof."""

    tables: tuple[Table, ...]
    count: int | None
    proof: tuple[tuple[Row, Row], ...] | None
    size = (10.5, 4.7)

    @property
    def said_yes(self) -> int:
        """How many tables the student's is_separable calls possible."""
        return sum(table.separable is True for table in self.tables)

    def lines(self, words: Words) -> list[str]:
        """Return one row for each table."""
        head = (words.text("wall", "table"), words.text("wall", "outputs"), words.text("wall", "line"))
        rows = [
            (gates.gate_name(table.truth), " ".join(map(str, table.truth)), _verdict(table, words), _best(table))
            for table in self.tables
        ]
        found = [words.text("wall", "rule")]
        found += columns([(*head, words.text("wall", "best")), *rows])
        return found

    def draw(self, figure: "SubFigure", words: Words) -> None:
        """Draw two rows of eight squares."""
        parts: Any = figure.subplots(2, 8)
        for axes, table in zip(parts.flat, self.tables, strict=True):
            draw_square(axes, labels=False)
            if table.weights is not None:
                draw_sides(axes, table.weights)
            draw_rows(axes, table.truth, size=45, odd=(table.separable is True and table.weights is None,) * 4)
            axes.set_title(f"{gates.gate_name(table.truth)}\n{_verdict(table, words)}", fontsize=9, linespacing=1.3)
            axes.set_xlabel(words.text("wall", "best_short", best=_best(table)), fontsize=9)
            if table.separable is False:
                axes.spines[:].set_color(DARK)
                axes.spines[:].set_linewidth(2.5)
            if table.separable is None:
                axes.spines[:].set_color(GREY)
                axes.spines[:].set_linestyle(":")
        draw_key(figure, words, ("zero", "one", "odd"))

    def below(self, words: Words) -> list[str]:
        """Return the counts, and what the proof's pairs add up to."""
        count = "?" if self.count is None else self.count
        found = [words.text("wall", "count", yes=self.said_yes, count=count)]
        if self.proof is not None:
            found += [words.text("wall", "proof", rows=_pair_text(pair), sum=_sum_text(pair)) for pair in self.proof]
        return found


def read(reader: Reader) -> WallPicture:
    """Ask about all sixteen tables."""
    tables = []
    for truth in TABLES:
        said = reader.call("is_separable", (truth,), bit)
        best = reader.call("best_score", (truth,), whole)
        tables.append(Table(truth, None if said is None else bool(said), best, _find(truth) if said else None))
    count = reader.value("HOW_MANY_OF_16", whole)
    return WallPicture(tuple(tables), count, reader.value("PROOF", _proof))


def _find(truth: tuple[int, ...]) -> tuple[float, float, float] | None:
    """Return weights with this truth table and the widest margin on a grid; None if there are none."""
    fitting = [(w1, w2, b) for w1, w2, b in product(_STEPS, repeat=3) if tuple(gates.outputs((w1, w2, b))) == truth]
    return max(fitting, key=lambda w: (gates.margin(w), -sum(map(abs, w))), default=None)


def _proof(answer: Any, asked: str) -> tuple[tuple[Row, Row], ...]:
    pairs = _plain(answer)
    if not isinstance(pairs, (list, tuple)) or len(pairs) != 2:
        expect.fail("not_pairs", asked=asked, actual=expect.show(answer))
    found = []
    for pair in map(_plain, pairs):
        rows = [tuple(_plain(row)) for row in pair] if isinstance(pair, (list, tuple)) else []
        if len(rows) != 2 or not all(row in gates.ROWS for row in rows):
            expect.fail("not_pairs", asked=asked, actual=expect.show(answer))
        found.append((rows[0], rows[1]))
    return tuple(found)


def _plain(value: Any) -> Any:
    return value.tolist() if hasattr(value, "tolist") else value


def _pair_text(pair: tuple[Row, Row]) -> str:
    return " + ".join(map(gates.row_text, pair))


def _sum_text(pair: tuple[Row, Row]) -> str:
    """The sum of what two rows of XOR ask for: "w1 + w2 + 2b > 0"; two that ask opposite things give no sum."""
    fires = {sum(row) == 1 for row in pair}
    if len(fires) > 1:
        return "?"
    parts = [_times(sum(row[i] for row in pair), name) for i, name in enumerate(("w1", "w2"))]
    left = " + ".join([*(part for part in parts if part), "2b"])
    return f"{left} {'> 0' if fires == {True} else '<= 0'}"


def _times(count: int, name: str) -> str:
    return "" if not count else name if count == 1 else f"{count}{name}"


def _verdict(table: Table, words: Words) -> str:
    if table.separable is None:
        return "?"
    if not table.separable:
        return words.text("wall", "no")
    return words.text("wall", "yes" if table.weights is not None else "not_found")


def _best(table: Table) -> str:
    return "?" if table.best is None else num(table.best)
