"""`kata diff`: whose marks differ between two results; and the table of that, which a course's gradebook has too."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import click
from rich.markup import escape
from rich.table import Table

from grader.cli.shared import RESULTS, Banks, Speaker, command, deadlines_of, katas_at_hand, open_console
from grader.report.book import open_book
from grader.report.compare import Change, compare
from grader.report.table import shorten

MOST_ROWS = 500
"""A larger class has its marks in a file; on the terminal they would only scroll by."""
MOST_CHECKS = 3
"""Checks named beside a change; the others are counted."""


@command("diff")
@click.argument("old", type=RESULTS)
@click.argument("new", type=RESULTS)
def diff_command(old: Path, new: Path, banks: Banks, speaker: Speaker) -> None:
    """Show whose marks changed."""
    deadlines = deadlines_of(katas_at_hand(banks))
    changes = list(compare(open_book(old, deadlines), open_book(new, deadlines)))
    changed = [change for change in changes if not change.is_new and not change.is_gone]
    if changed:
        print_changes(map(_row, changed[:MOST_ROWS]), speaker)
    for name, those in (
        ("new", [change.student for change in changes if change.is_new]),
        ("gone", [change.student for change in changes if change.is_gone]),
    ):
        if those:
            speaker.say("diff", name, count=len(those), names=shorten(those))
    speaker.say("diff", "done", count=len(changed))


def _row(change: Change) -> list[str]:
    called = f"{change.student} {change.name}" if change.name not in ("", change.student) else change.student
    gain = (change.after or 0) - (change.before or 0)
    return change_row(called, change.before, change.after, gain=gain, causes=change.causes)


def change_row(
    called: str, before: float | None, after: float | None, *, gain: float, causes: Sequence[str]
) -> list[str]:
    """Return the cells of one student; `causes` are checks in words."""
    gain = round(gain, 4)
    colour = "green" if gain > 0 else "red" if gain < 0 else "yellow"
    more = [f"+{len(causes) - MOST_CHECKS}"] if len(causes) > MOST_CHECKS else []
    shown = ("-" if points is None else f"{points:g}" for points in (before, after))
    return [escape(called), *shown, f"[{colour}]{gain:+g}[/]", escape(", ".join([*causes[:MOST_CHECKS], *more]))]


def print_changes(rows: Iterable[Sequence[str]], speaker: Speaker) -> None:
    """Print whose marks changed: rows as `change_row` gives them."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(speaker.text("table", "submission"), no_wrap=True)
    for name in ("before", "after", "change"):
        table.add_column(speaker.text("gradebook", name), justify="right", no_wrap=True)
    table.add_column(speaker.text("gradebook", "checks"), overflow="fold")
    for row in rows:
        table.add_row(*row)
    open_console().print(table)
