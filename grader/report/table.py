"""The terminal's view of a class: one line a submission, then what went wrong, most common first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.markup import escape
from rich.table import Table

from grader.bank.kata import Kata
from grader.expect import clean
from grader.result import KataResult, Outcome, Report, Status
from grader.words.catalogue import Catalogue
from grader.words.languages import in_language


@dataclass(frozen=True)
class Mistake:
    """What several submissions did wrong first, in the words that the first of them got."""

    kata: str
    """Empty when the whole submission could not be read."""
    tag: str
    message: dict[str, str]
    submissions: list[str]


MOST_NAMES = 6
"""Submissions named beside a mistake; the others are counted."""


MOST_ID = 30
"""Columns of a submission's name; a longer one is cut, so that it cannot push the marks aside."""

MARK_WIDTH, OTHERS_WIDTH = 4, 50
"""Columns of the terminal that a kata's mark takes, with its gap; and the submission, total and first mistake."""


def render_marks(
    reports: Iterable[Report], katas: tuple[Kata, ...], texts: Catalogue, language: str, *, width: int
) -> Table:
    """Return the table of marks; a mark is green when full, red when 0.

    Args:
        width: columns of the terminal. Where the first mistake does not fit beside the marks, its column is left out;
            `render_mistakes` names everyone.
    """
    first = width >= OTHERS_WIDTH + MARK_WIDTH * len(katas)

    def word(name: str) -> str:
        return in_language(texts.text("table", name), language).replace("\n", " / ")

    table = Table(box=None, pad_edge=False, collapse_padding=True, header_style="bold")
    table.add_column(word("submission"), no_wrap=True, max_width=MOST_ID)
    for kata in katas:
        table.add_column(f"{kata.number}", justify="right", no_wrap=True)
    table.add_column(word("total"), justify="right", no_wrap=True)
    if first:
        table.add_column(word("first"), no_wrap=True)
    most = [str(kata.points).removesuffix(".0") for kata in katas]
    table.add_row(f"[dim]{word('most')}[/]", *(f"[dim]{points}[/]" for points in most), f"[dim]{_sum(katas)}[/]")
    for report in reports:
        scores = {result.kata: result for result in report.katas}
        marks = [_mark(scores.get(kata.name), report) for kata in katas]
        total = {Status.INTERNAL_ERROR: "?", Status.UNREADABLE: "-"}.get(report.status, _points(report.score or 0))
        last = [_first_words(report)] if first else []
        table.add_row(escape(_one_line(report.submission)), *marks, f"[bold]{total}[/]", *last)
    return table


def _one_line(name: str) -> str:
    return clean(name).replace("\n", "?")


def _sum(katas: tuple[Kata, ...]) -> str:
    return _points(round(sum(kata.points for kata in katas), 4))


def _points(score: float) -> str:
    return f"{score:g}"


def _mark(result: KataResult | None, report: Report) -> str:
    if report.score is None:
        return "?"
    if result is None:
        return "-"
    colour = "green" if result.score == result.max_score else "red" if result.score == 0 else "yellow"
    return f"[{colour}]{_points(result.score)}[/]"


def _first_words(report: Report) -> str:
    """Where the first mistake is: "02 theta_sign"; nothing for full marks."""
    if report.status is not Status.GRADED:
        return f"[red]{report.status}[/]"
    failures = [(result, result.first_failure) for result in report.katas]
    return next((f"{result.kata[:2]} {check.tag}" for result, check in failures if check is not None), "")


def list_mistakes(reports: Iterable[Report]) -> list[Mistake]:
    """Return every mistake with who made it, most common first; unreadable submissions each with its reason.

    Counted once a submission and kata: the first check that did not pass, as the student sees it.
    """
    found: dict[tuple[str, str, str], Mistake] = {}

    def add(kata: str, tag: str, message: dict[str, str], submission: str, *, apart: str = "") -> None:
        # The first one's words stand for all; of the others only the names are kept.
        found.setdefault((kata, tag, apart), Mistake(kata, tag, message, [])).submissions.append(submission)

    for report in reports:
        if report.status is Status.UNREADABLE:
            add("", str(report.status), report.reason, report.submission, apart=report.submission)
        for kata in report.katas:
            check = kata.first_failure
            if check is not None and check.outcome is not Outcome.INTERNAL:
                add(kata.kata, check.tag, check.message, report.submission)
    return sorted(found.values(), key=lambda row: (-len(row.submissions), row.kata, row.tag))


def render_mistakes(mistakes: list[Mistake], language: str) -> Table:
    """Return the list of mistakes in words, with who made them."""
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for row in mistakes:
        who = escape(shorten([_one_line(name) for name in row.submissions]))
        words = escape(in_language(row.message, language))
        title = f"{row.kata} {row.tag}".strip()
        table.add_row(f"{len(row.submissions)}x", f"[bold]{title}[/]  [dim]{who}[/]\n{words}")
    return table


def shorten(names: Sequence[str]) -> str:
    """Return the first names, and how many more there are: "ana, bob +3"."""
    more = f" +{len(names) - MOST_NAMES}" if len(names) > MOST_NAMES else ""
    return ", ".join(names[:MOST_NAMES]) + more
