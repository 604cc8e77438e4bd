"""A student's page: points, the words of each public check, what to look at next, and her own picture.

It is made from one report, so no other student's name can be in it. Of hidden checks it has the count alone: not a
title, a message, a tag, an expected value or an input.
"""

import base64
from collections.abc import Collection
from dataclasses import dataclass

from grader.expect import clean
from grader.pages.keep import Drawing, Keep
from grader.pages.render import Pages
from grader.pages.results import ClassResults, Row
from grader.pages.titles import Titles
from grader.result import CheckResult, Dropped, KataResult, Outcome, Status
from grader.words.languages import Text

FOLDER = "feedback"
MARK = '<meta name="generator" content="perceptron-kata feedback">'
"""Stands in every such page, so that a page of an earlier run is known as one."""
MODES = ("next", "all", "none")


@dataclass(frozen=True)
class ShownCheck:
    """A public check as the student reads it."""

    title: Text
    outcome: str
    points: float
    max_points: float
    message: Text
    is_as_above: bool
    """The message is that of the last check that has one."""
    is_dropped: bool
    """It counts for nobody, or everybody has its points."""
    is_given: bool
    """Everybody has its points."""


@dataclass(frozen=True)
class ShownKata:
    """A kata as the student reads it."""

    name: str
    title: Text
    score: float
    checks: tuple[ShownCheck, ...]
    public: tuple[int, int]
    """Passed, and how many there are, of those that count."""
    hidden: tuple[int, int]
    first_open: ShownCheck | None
    """The public check to look at first."""
    is_all_passed: bool
    """True if every check passed, those that do not count among them."""
    pictures: "tuple[ShownPicture, ...]"
    """One a language, where there is one at all."""

    @property
    def number(self) -> str:
        """Two digits, "02"; the name of what is no kata of ours."""
        return self.name[:2] if self.name[:2].isdigit() else self.name

    @property
    def has_section(self) -> bool:
        """True if the page tells it check by check."""
        return bool(self.pictures) or not self.is_all_passed


@dataclass(frozen=True)
class ShownPicture:
    """The picture of a student's own answer."""

    language: str
    address: str
    """A data URL."""
    words: str


def open_katas(row: Row, dropped: Dropped) -> tuple[KataResult, ...]:
    """Return the katas with something left to do for a student, what to look at next on top."""
    if row.report.status is not Status.GRADED:
        return ()
    return tuple(kata for kata in row.report.katas if kata.kata in row.most_of and kata.left_open(dropped))


def wanted_pictures(row: Row, mode: str, drawable: Collection[str], dropped: Dropped) -> tuple[str, ...]:
    """Return the katas whose pictures a student's page is to have.

    Args:
        row: the student's.
        mode: "next": of the first kata with something to do whose picture there can be, and of the kata with
            the most points where all is done; "all"; or "none".
        drawable: katas that have a picture, and that the student has handed in.
        dropped: checks that do not count.
    """
    if row.report.status is not Status.GRADED or mode == "none":
        return ()
    possible = [kata for kata in row.report.katas if kata.kata in drawable and _runs(kata)]
    if mode == "all":
        return tuple(kata.kata for kata in possible)
    opened = [kata for kata in open_katas(row, dropped) if kata in possible]
    if opened:
        return (opened[0].kata,)
    return (max(possible, key=lambda kata: kata.max_score).kata,) if possible else ()


def _runs(kata: KataResult) -> bool:
    """True if some check got an answer, and none ran out of time: to wait for it again costs as much as judging did."""
    outcomes = {check.outcome for check in kata.checks}
    return bool(outcomes & {Outcome.PASSED, Outcome.FAILED}) and Outcome.TIMEOUT not in outcomes


def show_kata(
    kata: KataResult,
    titles: Titles,
    keys: dict[str, str],
    keep: Keep,
    results: ClassResults,
    languages: tuple[str, ...],
) -> ShownKata:
    """Return what a student may read of a kata's result."""
    without = results.dropped.get(kata.kata, ())
    checks: dict[str, ShownCheck] = {}
    said: Text = {}
    for check in kata.checks:
        if check.hidden:
            continue
        message = _message(check)
        checks[check.id] = ShownCheck(
            titles.check(kata.kata, check),
            check.outcome,
            check.points,
            check.max_points,
            message,
            is_as_above=bool(message) and message == said,
            is_dropped=check.id in without,
            is_given=check.id in results.given.get(kata.kata, ()),
        )
        said = message or said
    key = keys.get(kata.kata)
    drawn = [(one, keep.drawing(key, one)) for one in languages] if key else []
    return ShownKata(
        kata.kata,
        titles.kata(kata.kata),
        kata.score,
        tuple(checks.values()),
        kata.passed(hidden=False, without=without),
        kata.passed(hidden=True, without=without),
        next((checks[check.id] for check in kata.left_open(results.dropped) if not check.hidden), None),
        all(check.outcome is Outcome.PASSED for check in kata.checks),
        tuple(show_picture(drawing, one) for one, drawing in drawn if drawing is not None),
    )


def _message(check: CheckResult) -> Text:
    # What failed in the kit is no business of a student's, and may name files of the machine that graded.
    shown = {} if check.outcome is Outcome.INTERNAL else check.message
    return {language: clean(text) for language, text in shown.items()}


def show_picture(drawing: Drawing, language: str) -> ShownPicture:
    """Return a drawing as a page has it. As an image, an SVG can run nothing, whatever is in it."""
    return ShownPicture(
        language, f"data:image/svg+xml;base64,{base64.b64encode(drawing.image).decode()}", drawing.words
    )


class FeedbackPages:
    """Makes the pages of a class."""

    def __init__(self, pages: Pages, titles: Titles, keep: Keep, results: ClassResults) -> None:
        """Bind what all pages share."""
        self._results = results
        self._template = pages.template("feedback.html")
        self._languages = pages.languages
        self._titles = titles
        self._keep = keep

    def render(self, row: Row) -> str:
        """Return one student's page."""
        report = row.report
        keys = self._keep.pictures(row.id, report.digest)
        katas = [
            show_kata(kata, self._titles, keys, self._keep, self._results, self._languages) for kata in report.katas
        ]
        following = next((kata.kata for kata in open_katas(row, self._results.dropped)), None)
        for_all = self._results.told if report.status is Status.GRADED else ()
        return self._template.render(
            row=row,
            name=clean(row.name).replace("\n", " "),
            status=str(report.status),
            reason=report.reason if report.status is Status.UNREADABLE else {},
            notes=(*for_all, *row.told),
            katas=katas,
            next=next((kata for kata in katas if kata.name == following), None),
            is_all_passed=all(kata.is_all_passed for kata in katas),
            mark=MARK,
        )
