"""The terminal's view of a class: one line a submission, then what went wrong, most common first."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from rich.markup import escape
from rich.table import Table

from grader.expect import clean
from grader.report.book import Book
from grader.report.row import Mark, Note, Row
from grader.result import UNANSWERED, Status
from grader.students import Student, listed
from grader.words.catalogue import Catalogue
from grader.words.languages import Text, in_language


@dataclass(frozen=True)
class Mistake:
    """What several submissions did wrong first, in the words that the first of them got."""

    kata: str
    """Empty when the whole submission could not be read."""
    tag: str
    message: dict[str, str]
    submissions: list[str]
    """As `called` names them."""


MOST_NAMES = 6
"""Submissions named beside a mistake; the others are counted."""


MOST_ID = 30
"""Columns of a submission's name; a longer one is cut, so that it cannot push the marks aside."""

MARK_WIDTH, OTHERS_WIDTH = 4, 50
"""Columns of the terminal that a kata's mark takes, with its gap; and the submission, total and first mistake."""


def render_marks(book: Book, texts: Catalogue, language: str, *, width: int) -> Table:
    """Return the table of marks; a mark is green when full, red when 0, and has a star when a person decided on it.

    Args:
        book: the class's marks.
        texts: the command line's.
        language: of the headers.
        width: columns of the terminal. Where the first mistake does not fit beside the marks, its column is left out;
            `render_mistakes` names everyone.
    """
    first = width >= OTHERS_WIDTH + MARK_WIDTH * len(book.katas)

    def word(name: str) -> str:
        return in_language(texts.text("table", name), language).replace("\n", " / ")

    table = Table(box=None, pad_edge=False, collapse_padding=True, header_style="bold")
    table.add_column(word("submission"), no_wrap=True, max_width=MOST_ID)
    for kata in book.katas:
        table.add_column(kata[:2], justify="right", no_wrap=True)
    table.add_column(word("total"), justify="right", no_wrap=True)
    if first:
        table.add_column(word("first"), no_wrap=True)
    most = [_points(points) for points in book.katas.values()]
    total = _points(round(sum(book.katas.values()), 4))
    table.add_row(f"[dim]{word('most')}[/]", *(f"[dim]{points}[/]" for points in most), f"[dim]{total}[/]")
    for row in book.rows():
        last = [_first_words(row, book)] if first else []
        table.add_row(escape(called(row.student)), *map(partial(_mark, row.status), row.marks), _total(row), *last)
    totals = [row.total for row in book.rows() if row.total is not None]
    if len(totals) > 1:
        # Of each kata on the class page: a decimal more in every column would push the marks out of 80 columns.
        mean = f"{round(statistics.fmean(totals), 1):g}"
        table.add_row(f"[dim]{word('mean')}[/]", *("" for _ in book.katas), f"[dim]{mean}[/]")
    return table


def called(student: Student) -> str:
    """Return a student's id, and the name behind it where there is one."""
    return _one_line(f"{student.id} {student.name}" if student.name and student.name != student.id else student.id)


def _total(row: Row) -> str:
    if row.total is None:
        return "[bold]?[/]" if row.status == Status.INTERNAL_ERROR else "[bold]-[/]"
    return f"[bold]{_points(row.total)}[/]"


def render_notes(book: Book, texts: Catalogue, language: str) -> list[str]:
    """Return the lines that say why marks are not the judge's: what is so for everybody once, the others by student."""
    said = [("", katas, note) for katas, note in book.decided]
    own = ((called(row.student), katas, note) for row in book.rows() for katas, note in row.own_notes)
    # What the student does not hear of is a doubt, and nobody's decision.
    said += [one for one in own if one[2].told is not None]
    lines = []
    for whose, katas, note in said:
        about = ", ".join(part for part in (whose, katas) if part)
        words = note_words(note, texts, language)
        lines.append(f"{about}: {words}" if about else words)
    return lines


def note_text(note: Note, texts: Catalogue) -> Text:
    """Return a note in words, by language."""
    return _note_text(note.tag, note, texts)


def told_text(note: Note, texts: Catalogue) -> Text | None:
    """Return the words of a note that the student reads, by language; None if it is none of hers."""
    return None if note.told is None else _note_text(note.told or note.tag, note, texts)


def _note_text(tag: str, note: Note, texts: Catalogue) -> Text:
    return texts.text("note", tag, **{name: _one_line(value) for name, value in note.values.items()})


def note_words(note: Note, texts: Catalogue, language: str) -> str:
    """Return a note in words, on one line."""
    return in_language(note_text(note, texts), language).replace("\n", " / ")


def _one_line(name: str) -> str:
    return clean(name).replace("\n", "?")


def _points(score: float) -> str:
    return f"{score:g}"


def _mark(status: str, mark: Mark) -> str:
    star = "*" if mark.points != mark.judged else ""
    if mark.is_exempt:
        return "="
    if mark.points is None:
        return "?" if status == Status.INTERNAL_ERROR else "-"
    colour = "green" if mark.points >= mark.most else "red" if mark.points == 0 else "yellow"
    return f"[{colour}]{_points(mark.points)}{star}[/]"


def _first_words(row: Row, book: Book) -> str:
    """Where the first mistake is: "02 theta_sign"; nothing for full marks."""
    if row.status != Status.GRADED:
        return f"[red]{row.status}[/]"
    return next((f"{kata[:2]} {check.tag}" for kata, check in book.mistakes(row)), "")


def list_mistakes(book: Book) -> list[Mistake]:
    """Return every mistake with who made it, most common first, then what nobody has begun.

    Unreadable submissions are among them, each with its reason.

    Counted once a submission and kata, as on the class page: see `Report.mistakes`.
    """
    found: dict[tuple[str, str, str], Mistake] = {}

    def add(kata: str, tag: str, message: dict[str, str], who: str, *, apart: str = "") -> None:
        # The first one's words stand for all; of the others only the names are kept.
        found.setdefault((kata, tag, apart), Mistake(kata, tag, message, [])).submissions.append(who)

    for row in book.rows():
        who = called(row.student)
        if row.report is not None and row.report.status is Status.UNREADABLE:
            add("", row.status, row.report.reason, who, apart=row.student.id)
        for kata, check in book.mistakes(row):
            add(kata, check.tag, check.message, who)
    return sorted(found.values(), key=lambda row: (row.tag in UNANSWERED, -len(row.submissions), row.kata, row.tag))


def render_mistakes(mistakes: list[Mistake], language: str) -> Table:
    """Return the list of mistakes in words, with who made them."""
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for row in mistakes:
        who = escape(shorten(row.submissions))
        words = escape(in_language(row.message, language))
        title = f"{row.kata} {row.tag}".strip()
        table.add_row(f"{len(row.submissions)}x", f"[bold]{title}[/]  [dim]{who}[/]\n{words}")
    return table


def shorten(names: Sequence[str]) -> str:
    """Return the first names, and how many more there are: "ana, bob +3"."""
    more = f" +{len(names) - MOST_NAMES}" if len(names) > MOST_NAMES else ""
    return listed(names[:MOST_NAMES]) + more
