"""The terminal's view of a class: one line a submission, then what went wrong, most common first."""

from collections.abc import Iterable

from rich.markup import escape
from rich.table import Table

from grader.expect import clean
from grader.kata import Kata
from grader.messages import Catalogue, in_language
from grader.result import CheckResult, KataResult, Outcome, Report, Status

Mistake = tuple[str, CheckResult, list[str]]
"""(kata, the first check that shows it, submissions)"""

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
        total = "?" if report.score is None else _points(report.score)
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
    """Return (kata, the check with its message, submissions) for every tag, most common first.

    Counted once a submission and kata: the first check that did not pass, as the student sees it.
    """
    found: dict[tuple[str, str], Mistake] = {}
    for report in reports:
        for kata in report.katas:
            check = kata.first_failure
            if check is not None and check.outcome is not Outcome.INTERNAL:
                # The first one's words stand for all; of the others only the names are kept.
                found.setdefault((kata.kata, check.tag), (kata.kata, check, []))[2].append(report.submission)
    return sorted(found.values(), key=lambda row: (-len(row[2]), row[0], row[1].tag))


def render_mistakes(mistakes: list[Mistake], language: str) -> Table:
    """Return the list of mistakes in words, with who made them."""
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for kata, check, names in mistakes:
        who = ", ".join(_one_line(name) for name in names[:MOST_NAMES])
        more = f" +{len(names) - MOST_NAMES}" if len(names) > MOST_NAMES else ""
        words = in_language(check.message, language)
        table.add_row(f"{len(names)}x", f"[bold]{kata} {check.tag}[/]  [dim]{escape(who)}{more}[/]\n{escape(words)}")
    return table
