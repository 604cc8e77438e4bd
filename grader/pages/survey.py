"""What a class did: one look at every report, kept as sums, first names and one example each."""

import statistics
from array import array
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from grader.copies.file_names import FileNames
from grader.pages.items import Item
from grader.pages.results import Row
from grader.result import CheckResult, KataResult, Outcome, Status
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


@dataclass
class KataSums:
    """One kata, over the class."""

    name: str
    max_score: float = 0.0
    points: float = 0.0
    graded: int = 0
    full: int = 0
    checks: dict[str, CheckSums] = field(default_factory=dict)
    mistakes: dict[str, Mistake] = field(default_factory=dict)

    @property
    def share(self) -> float:
        """Points earned of those there are, 0 to 1."""
        most = self.max_score * self.graded
        return self.points / most if most else 0.0

    @property
    def common(self) -> list[Mistake]:
        """Its mistakes, most common first."""
        return sorted(self.mistakes.values(), key=lambda one: (-one.count, one.tag))


@dataclass
class Unread:
    """A submission without marks, and why."""

    id: str
    name: str
    status: Status
    reason: Text


@dataclass
class Survey:
    """The class."""

    names: FileNames
    katas: dict[str, KataSums] = field(default_factory=dict)
    count: int = 0
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
    mistakes: list[Mistake] = field(default_factory=list)
    """In the order of their numbers."""

    @property
    def common(self) -> list[Mistake]:
        """All mistakes of all katas, most common first."""
        return sorted(self.mistakes, key=lambda one: (-one.count, one.kata, one.tag))

    @property
    def mean(self) -> float | None:
        """Of the totals."""
        return statistics.fmean(self.totals) if self.totals else None

    @property
    def median(self) -> float | None:
        """Of the totals."""
        return statistics.median(self.totals) if self.totals else None


def first_failure(kata: KataResult) -> CheckResult | None:
    """Return the first check that did not pass through the submission's own doing."""
    check = kata.first_failure
    return None if check is None or check.outcome is Outcome.INTERNAL else check


def take_survey(rows: Iterable[Row]) -> Survey:
    """Look at every row once."""
    survey = Survey(FileNames(()))
    for row in rows:
        report = row.report
        survey.count += 1
        survey.digests[row.id] = report.digest
        survey.max_score = max(survey.max_score, row.most)
        survey.isolations[report.isolation] += 1
        survey.kits[report.kit] += 1
        if row.total is not None:
            survey.totals.append(row.total)
            survey.full += row.total >= row.most > 0
        if report.status is not Status.GRADED:
            survey.unread_count += 1
            if len(survey.unread) < MOST_UNREAD:
                survey.unread.append(Unread(row.id, row.name, report.status, report.reason))
        for kata in report.katas:
            _count_kata(survey, row, kata)
    survey.names = FileNames(survey.digests)
    survey.katas = dict(sorted(survey.katas.items()))
    return survey


def _count_kata(survey: Survey, row: Row, kata: KataResult) -> None:
    sums = survey.katas.setdefault(kata.kata, KataSums(kata.kata))
    score = kata.score
    sums.max_score = max(sums.max_score, kata.max_score)
    for check in kata.checks:
        sums.checks.setdefault(check.id, CheckSums(check))
    if row.report.status is not Status.GRADED:
        return
    sums.graded += 1
    sums.points += score
    sums.full += score == kata.max_score
    total = row.report.score or 0.0
    for check in kata.checks:
        sums.checks[check.id].item.add(check.outcome is Outcome.PASSED, total - check.points)
    failed = first_failure(kata)
    if failed is not None:
        mistake = sums.mistakes.get(failed.tag)
        if mistake is None:
            mistake = Mistake(len(survey.mistakes), kata.kata, failed.tag, row.id, failed.message)
            sums.mistakes[failed.tag] = mistake
            survey.mistakes.append(mistake)
        mistake.count += 1
        if len(mistake.named) < MOST_NAMED:
            mistake.named.append((row.id, row.name))
