"""What a class did: one look at every report, kept as sums, first names and one example each."""

import statistics
from array import array
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from grader.copies.file_names import FileNames
from grader.pages.items import Item
from grader.pages.results import Row
from grader.result import UNANSWERED, CheckResult, Dropped, KataResult, Outcome, Status
from grader.words.languages import Text

MOST_NAMED = 12
"""Submissions named beside a mistake; the others are counted, and the table shows them."""
MOST_UNREAD = 200
"""Submissions without marks that are told one by one."""


@dataclass
class Mistake:
    """What several submissions did wrong first in one kata."""

    number: int
    """Of this mistake, from 0; table rows name theirs by it."""
    kata: str
    tag: str
    example: str
    """Whose words stand for all."""
    message: Text
    count: int = 0
    named: list[tuple[str, str]] = field(default_factory=list)
    """(id, name) of the first MOST_NAMED."""


@dataclass
class CheckSums:
    """One check, over the class."""

    check: CheckResult
    """As the first submission has it, for its title and points."""
    item: Item = field(default_factory=Item)
    is_dropped: bool = False
    """It counts for nobody, or everybody has its points."""
    is_given: bool = False
    """Everybody has its points."""


@dataclass
class KataSums:
    """One kata, over everybody who has a mark in it."""

    name: str
    max_score: float = 0.0
    """Points there are in it, without checks that were dropped."""
    points: float = 0.0
    """That count, all together."""
    most: float = 0.0
    """That there were, all together."""
    marked: int = 0
    """Students with a mark in it."""
    full: int = 0
    checks: dict[str, CheckSums] = field(default_factory=dict)
    mistakes: dict[str, Mistake] = field(default_factory=dict)

    @property
    def share(self) -> float:
        """Points earned of those there are, 0 to 1."""
        return self.points / self.most if self.most else 0.0

    @property
    def mean(self) -> float | None:
        """Of the marks."""
        return self.points / self.marked if self.marked else None

    @property
    def common(self) -> list[Mistake]:
        """Its mistakes, most common first."""
        made = (one for one in self.mistakes.values() if one.tag not in UNANSWERED)
        return sorted(made, key=lambda one: (-one.count, one.tag))

    @property
    def unanswered(self) -> list[Mistake]:
        """Who has not begun: what is still to be filled in, and files that are not there."""
        return [self.mistakes[tag] for tag in UNANSWERED if tag in self.mistakes]


@dataclass
class Unread:
    """A submission without marks, and why."""

    id: str
    name: str
    status: str
    """Of the report, or "missing"."""
    reason: Text


@dataclass
class Survey:
    """The class."""

    names: FileNames
    katas: dict[str, KataSums] = field(default_factory=dict)
    count: int = 0
    """Students."""
    absent: int = 0
    """Of them those who handed nothing in."""
    max_score: float = 0.0
    totals: "array[float]" = field(default_factory=lambda: array("d"))
    full: int = 0
    """Students with every point that there is for them."""
    isolations: Counter[str] = field(default_factory=Counter)
    kits: Counter[str] = field(default_factory=Counter)
    unread: list[Unread] = field(default_factory=list)
    unread_count: int = 0
    digests: dict[str, str] = field(default_factory=dict)
    """By id."""
    called: dict[str, str] = field(default_factory=dict)
    """Names by id, of those who have one."""
    mistakes: list[Mistake] = field(default_factory=list)
    """In the order of their numbers."""

    @property
    def common(self) -> list[Mistake]:
        """All mistakes of all katas, most common first."""
        made = (one for kata in self.katas.values() for one in kata.common)
        return sorted(made, key=lambda one: (-one.count, one.kata, one.tag))

    @property
    def mean(self) -> float | None:
        """Of the totals."""
        return statistics.fmean(self.totals) if self.totals else None

    @property
    def median(self) -> float | None:
        """Of the totals."""
        return statistics.median(self.totals) if self.totals else None


def take_survey(rows: Iterable[Row], dropped: Dropped, given: Dropped) -> Survey:
    """Look at every row once; checks that were dropped, by kata, are no mistake of anybody's, given or not."""
    survey = Survey(FileNames(()))
    for row in rows:
        report = row.report
        survey.count += 1
        survey.digests[row.id] = report.digest
        if row.name != row.id:
            survey.called[row.id] = row.name
        survey.max_score = max(survey.max_score, row.most)
        survey.isolations[report.isolation] += 1
        survey.kits[report.kit] += 1
        survey.absent += row.is_absent
        if row.total is not None:
            survey.totals.append(row.total)
            survey.full += row.total >= row.most > 0
        if row.total is None and report.status is not Status.GRADED:
            survey.unread_count += 1
            if len(survey.unread) < MOST_UNREAD:
                survey.unread.append(Unread(row.id, row.name, row.state, report.reason))
        for kata in report.katas:
            _count_checks(survey.katas.setdefault(kata.kata, KataSums(kata.kata)), row, kata, dropped, given)
        for name, most in row.most_of.items():
            _count_mark(survey.katas.setdefault(name, KataSums(name)), row.marks.get(name), most)
        for name, check in report.mistakes(row.most_of, dropped):
            _count_mistake(survey, row, name, check)
    survey.names = FileNames(survey.digests)
    survey.katas = dict(sorted(survey.katas.items()))
    return survey


def _count_checks(sums: KataSums, row: Row, kata: KataResult, dropped: Dropped, given: Dropped) -> None:
    for check in kata.checks:
        is_dropped, is_given = (check.id in those.get(kata.kata, ()) for those in (dropped, given))
        sums.checks.setdefault(check.id, CheckSums(check, is_dropped=is_dropped, is_given=is_given))
    if row.report.status is not Status.GRADED or kata.kata not in row.most_of:
        return
    total = row.report.score or 0.0
    for check in kata.checks:
        sums.checks[check.id].item.add(check.outcome is Outcome.PASSED, total - check.points)


def _count_mark(sums: KataSums, mark: float | None, most: float) -> None:
    sums.max_score = max(sums.max_score, most)
    if mark is not None:
        sums.marked += 1
        sums.points += mark
        sums.most += most
        sums.full += mark >= most


def _count_mistake(survey: Survey, row: Row, kata: str, check: CheckResult) -> None:
    mistakes = survey.katas[kata].mistakes
    mistake = mistakes.get(check.tag)
    if mistake is None:
        mistake = Mistake(len(survey.mistakes), kata, check.tag, row.id, check.message)
        mistakes[check.tag] = mistake
        survey.mistakes.append(mistake)
    mistake.count += 1
    if len(mistake.named) < MOST_NAMED:
        mistake.named.append((row.id, row.name))
