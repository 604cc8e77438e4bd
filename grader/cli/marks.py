"""`kata marks`: a platform's own file, filled."""

from pathlib import Path

import click

from grader.bank.kata import select_names
from grader.cli.class_list import say_undated
from grader.cli.shared import PATH, RESULTS, Banks, Speaker, command, deadlines_of, katas_at_hand, option
from grader.errors import UsageError
from grader.report.book import Book, open_book
from grader.report.fill import TOTAL, Filled, fill
from grader.report.platform_files import read_form
from grader.students import listed
from grader.whole_file import write_whole


@command("marks")
@click.argument("out", type=RESULTS)
@option("marks", "--fill", "source", type=PATH, required=True)
@option("marks", "--to", "target", type=PATH, required=True)
@option("marks", "--column", "columns", multiple=True, metavar="'TITLE=02'")
def marks_command(
    out: Path, source: Path, target: Path, columns: tuple[str, ...], banks: Banks, speaker: Speaker
) -> None:
    """Fill a copy of a platform's file; nothing is overwritten."""
    if target.exists():
        raise UsageError("exists", path=target)
    katas = katas_at_hand(banks)
    book = open_book(out, deadlines_of(katas))
    form = read_form(source)
    titles = {kata.name: tuple(kata.title.values()) for kata in katas}
    filled = fill(form, book, titles, dict(_column(column, book) for column in columns))
    write_whole(target, filled.content)
    _tell(filled, target, speaker)
    say_undated(book, speaker)


def _column(text: str, book: Book) -> tuple[str, str]:
    header, sign, wanted = text.rpartition("=")
    if not sign or not header.strip() or not wanted.strip():
        raise UsageError("bad_column", column=text)
    if wanted.strip().lower() == TOTAL:
        return header.strip(), TOTAL
    (kata,) = select_names(book.katas, (wanted.strip(),))
    return header.strip(), kata


def _tell(filled: Filled, target: Path, speaker: Speaker) -> None:
    speaker.say("grade", "platform", platform=filled.platform, count=filled.rows)
    for column, kata in filled.columns:
        speaker.say("marks", "column_is", column=column.header, kata=kata)
    if filled.without_column:
        speaker.warn(
            "marks", "without_column", count=len(filled.without_column), names=", ".join(filled.without_column)
        )
    for column, points in filled.other_points:
        speaker.warn("marks", "other_points", column=column.header, most=f"{column.most:g}", points=f"{points:g}")
    for name in ("not_in_results", "not_in_file", "without_mark", "locked"):
        names = getattr(filled, name)
        if names:
            speaker.warn("marks", name, count=len(names), names=listed(names))
    speaker.say("marks", "done", count=filled.students, path=target)
