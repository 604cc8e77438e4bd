"""A class's results as pages need them: a file that is read row by row, as often as wanted.

What a person decides about marks and names comes in at one place, `describe`: a function from the judge's report to
the `Row` that every page shows.
"""

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from grader.errors import UsageError
from grader.result import Dropped, Report, Status, report_from_json
from grader.words.languages import Text

RESULTS = "results.jsonl"
_MALFORMED = (ValueError, KeyError, TypeError, AttributeError, RecursionError)


@dataclass(frozen=True)
class Row:
    """One submission as pages show it."""

    report: Report
    name: str
    """What people call the student; the id where nothing else is known."""
    marks: Mapping[str, float]
    """Points by kata; empty where nothing was judged."""
    total: float | None
    """None where no mark was made: a person decides."""
    most: float
    """Points there are for this student: exempt katas and dropped checks are left out."""
    most_of: Mapping[str, float]
    """The same by kata; one without it is exempt."""
    notes: tuple[Text, ...] = field(default=())
    """What a person has decided about this student alone, in words."""
    told: tuple[Text, ...] = ()
    """The same, as the student may read it."""
    is_absent: bool = False
    """Nothing was handed in: the report was made of nothing and only carries the sentence."""

    @property
    def state(self) -> str:
        """The report's status, or "missing"."""
        return "missing" if self.is_absent else str(self.report.status)

    @property
    def id(self) -> str:
        """The submission's id."""
        return self.report.submission


Describe = Callable[[Report], Row]
Absent = Callable[[Collection[str], Report], Iterator[Row]]
"""Gives the rows of those who handed nothing in: of everybody but these ids, in the form of some report."""


def as_judged(report: Report) -> Row:
    """Return the row of a report that nobody has changed anything about."""
    marks = {kata.kata: kata.score for kata in report.katas}
    total = report.score if report.status is Status.GRADED else None
    most_of = {kata.kata: kata.max_score for kata in report.katas}
    return Row(report, report.submission, marks if total is not None else {}, total, report.max_score, most_of)


@dataclass(frozen=True)
class ClassResults:
    """The results in one folder."""

    folder: Path
    describe: Describe = as_judged
    absent: Absent | None = None
    dropped: Dropped = field(default_factory=dict)
    given: Dropped = field(default_factory=dict)
    """Of the dropped checks those that everybody has the points of."""
    decided: tuple[Text, ...] = ()
    """What a person has decided for everybody, in words."""
    told: tuple[Text, ...] = ()
    """The same, as students may read it: without a word of hidden checks."""

    @property
    def written(self) -> datetime:
        """When the results were written, in this machine's time."""
        return datetime.fromtimestamp((self.folder / RESULTS).stat().st_mtime).astimezone()

    def rows(self) -> Iterator[Row]:
        """Yield each submission, in the file's order, then who handed nothing in.

        Raises:
            UsageError: there are no results, or a line is no report of this kit's schema.
        """
        path = self.folder / RESULTS
        seen: set[str] = set()
        report = None
        try:
            with path.open("rb") as stream:
                for number, line in enumerate(stream, start=1):
                    report = _report(path, number, line)
                    seen.add(report.submission)
                    yield self.describe(report)
        except FileNotFoundError:
            raise UsageError("no_results", path=self.folder) from None
        except OSError as problem:
            raise UsageError("cannot_read", path=path, reason=problem.strerror or problem) from None
        if self.absent is not None and report is not None:
            yield from self.absent(seen, report)


def _report(path: Path, number: int, line: bytes) -> Report:
    try:
        data = json.loads(line)
        report = report_from_json(data)
        _require_forms(report)
        return report
    except _MALFORMED as problem:
        reason = f"{type(problem).__name__}: {problem}"
        raise UsageError("bad_results", path=path, line=number, reason=reason) from None


def _require_forms(report: Report) -> None:
    """Raise TypeError where a field that a page relies on is of another type than in the schema."""
    texts: list[Any] = [report.submission, report.kit, report.isolation, report.digest]
    numbers: list[Any] = [report.seconds, report.max_score]
    messages: list[Any] = [report.reason]
    for kata in report.katas:
        texts.append(kata.kata)
        for check in kata.checks:
            texts += (check.id, check.title, check.tag)
            numbers += (check.max_points, check.step)
            messages.append(check.message)
    if not all(isinstance(text, str) for text in texts):
        raise TypeError("a text is no string")
    if not all(isinstance(number, (int, float)) for number in numbers):
        raise TypeError("points or seconds are no number")
    for message in messages:
        if not isinstance(message, dict) or (message and "en" not in message):
            raise TypeError("a message is not by language")
        if not all(isinstance(text, str) for text in message.values()):
            raise TypeError("a message is no string")
