"""`kata marks`: a platform's own file, filled. `kata diff`: whose marks differ between two results."""

from pathlib import Path

import click
from rich.markup import escape

from grader.bank.kata import select_names
from grader.cli.gradebook import MOST_CHECKS, MOST_ROWS, print_changes
from grader.cli.shared import Banks, Speaker, bank_option, deadlines_of, help_text, katas_at_hand, lang_option
from grader.errors import UsageError
from grader.report.book import Book, open_book
from grader.report.compare import Change, compare
from grader.report.fill import TOTAL, Filled, fill
from grader.report.platform_files import read_form
from grader.report.table import shorten
from grader.students import listed
from grader.whole_file import write_whole
from grader.words.languages import choose_language

_FOLDER = click.Path(path_type=Path, file_okay=False)


@click.command("marks", help=help_text("marks", "help"))
@click.argument("out", type=_FOLDER)
@click.option("--fill", "source", type=click.Path(path_type=Path), required=True, help=help_text("marks", "fill"))
@click.option("--to", "target", type=click.Path(path_type=Path), required=True, help=help_text("marks", "to"))
@click.option("--column", "columns", multiple=True, metavar="'TITLE=02'", help=help_text("marks", "column"))
@bank_option
@lang_option
def marks_command(
    out: Path, source: Path, target: Path, columns: tuple[str, ...], banks: Banks, lang: str | None
) -> None:
    """Fill a copy of a platform's file; nothing is overwritten."""
    speaker = Speaker(choose_language(lang))
    if target.exists():
        raise UsageError("exists", path=target)
    katas = katas_at_hand(banks)
    book = open_book(out, deadlines_of(katas))
    form = read_form(source)
    titles = {kata.name: tuple(kata.title.values()) for kata in katas}
    filled = fill(form, book, titles, dict(_column(column, book) for column in columns))
    write_whole(target, filled.content)
    _tell(filled, target, speaker)


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


@click.command("diff", help=help_text("diff", "help"))
@click.argument("old", type=_FOLDER)
@click.argument("new", type=_FOLDER)
@bank_option
@lang_option
def diff_command(old: Path, new: Path, banks: Banks, lang: str | None) -> None:
    """Show whose marks changed."""
    speaker = Speaker(choose_language(lang))
    deadlines = deadlines_of(katas_at_hand(banks))
    changes = list(compare(open_book(old, deadlines), open_book(new, deadlines)))
    changed = [change for change in changes if not change.is_new and not change.is_gone]
    if changed:
        print_changes([_row(change) for change in changed[:MOST_ROWS]], speaker)
    for name, those in (
        ("new", [change.student for change in changes if change.is_new]),
        ("gone", [change.student for change in changes if change.is_gone]),
    ):
        if those:
            speaker.say("diff", name, count=len(those), names=shorten(those))
    speaker.say("diff", "done", count=len(changed))


def _row(change: Change) -> list[str]:
    causes = ", ".join(change.causes[:MOST_CHECKS])
    if len(change.causes) > MOST_CHECKS:
        causes += f", +{len(change.causes) - MOST_CHECKS}"
    gain = round((change.after or 0) - (change.before or 0), 4)
    colour = "green" if gain > 0 else "red" if gain < 0 else "yellow"
    shown = ("-" if points is None else f"{points:g}" for points in (change.before, change.after))
    called = f"{change.student} {change.name}" if change.name not in ("", change.student) else change.student
    return [escape(called), *shown, f"[{colour}]{gain:+g}[/]", escape(causes)]
