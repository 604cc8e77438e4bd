"""The lab's table for the terminal, what was said beside what was found, and the comparison with Keras."""

import math
from collections.abc import Sequence

from rich.table import Table

from grader.lab.experiments import Row
from grader.lab.keras_check import Comparison
from grader.lab.words import found_in_words, heading, interval, lab_text, percent, said_in_words

_SHELVES = ("two tied", "one corner", "all tied", "still moving", "diverged")


def render_table(rows: Sequence[Row], language: str, *, width: int) -> Table:
    """Return one line a row: the stack, the solved share with its interval, and where the others ended.

    Args:
        rows: what to show.
        language: "en", "ko" or "both".
        width: columns of the terminal; below 90 the gaps are narrower, so that 80 are enough.
    """

    def word(name: str) -> str:
        return lab_text("table", name, language)

    # Most runs have no diverged start, and a column of zeros would only take room.
    shelves = [name for name in _SHELVES if name != "diverged" or any(row.plateaus[name] for row in rows)]
    gap = 2 if width >= 90 else 1
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, gap, 0, 0))
    table.add_column(word("stack"), no_wrap=True)
    for name in ("params", "epochs", "solved", "interval", "best"):
        table.add_column(word(name), justify="right", no_wrap=True)
    for name in shelves:
        table.add_column(word(name.replace(" ", "_")), justify="right", no_wrap=True)
    for row in rows:
        gone = row.plateaus["diverged"] == row.starts
        table.add_row(
            row.stack,
            f"{row.params:,}",
            f"{row.epochs:,}",
            # A share of starts that left the numbers would read as "tried and failed".
            "-" if gone else f"[bold]{percent(row.solved.value)}[/]",
            "-" if gone else interval(row.solved),
            "-" if gone else percent(row.best_accuracy),
            *(f"{row.plateaus[name]}" if row.plateaus[name] else "[dim]0[/]" for name in shelves),
        )
    return table


def render_sentences(rows: Sequence[Row], language: str) -> Table:
    """Return for every row what the lecture said beside what was found."""
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    lecture = any(row.said for row in rows)
    # "fold", because the default cuts a Korean word that ends one column too far to the right.
    if lecture:
        table.add_column(lab_text("table", "said", language), ratio=2, overflow="fold")
    table.add_column(lab_text("table", "found", language), ratio=3, overflow="fold")
    for row in rows:
        found = found_in_words(row, language)
        said = f"[bold]{heading(row, language)}[/]\n{said_in_words(row, language)}"
        # An empty line between the rows, but none under the header, which padding would give.
        end = "" if row is rows[-1] else "\n"
        table.add_row(*([said + end] if lecture else []), found + end)
    return table


def render_comparisons(rows: Sequence[Comparison], language: str) -> Table:
    """Return one line a start that was trained here and in Keras."""
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column(lab_text("table", "stack", language), no_wrap=True)
    for name in ("epochs", "start", "loss_here", "loss_keras", "right_here", "right_keras", "difference"):
        table.add_column(lab_text("keras", name, language), justify="right", no_wrap=True)
    for row in rows:
        table.add_row(
            row.stack,
            f"{row.epochs:,}",
            f"{row.start}",
            f"{row.loss:.6f}",
            f"{row.keras_loss:.6f}",
            _right(row.accuracy),
            _right(row.keras_accuracy),
            f"{row.difference:.1e}",
        )
    return table


def _right(accuracy: float) -> str:
    return "-" if math.isnan(accuracy) else f"{percent(accuracy)}%"
