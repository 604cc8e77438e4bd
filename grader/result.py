"""What the judge says about a submission, as frozen data, and its one JSON form (design.md section 6)."""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

SCHEMA = 1
MOST_LINE_BYTES = 256 << 10
"""Of a report as one line. The largest of the sample class has a tenth of that."""
_CUTS = (4000, 1000, 400, 100, 20)
"""Characters to which every text of a longer report is cut, until its line fits."""

Dropped = Mapping[str, Collection[str]]
"""By kata: ids of the checks that count for nobody, or that everybody has the points of."""

RECORDED = "recorded"
"""The tag of a check that passed because an answer is there; a hidden check judges it."""


class Outcome(StrEnum):
    """What became of one check. Only PASSED earns points; INTERNAL is the kit's fault and earns no verdict at all."""

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"
    TIMEOUT = "timeout"
    BLOCKED = "blocked"
    INTERNAL = "internal"


class Status(StrEnum):
    """What became of one submission."""

    GRADED = "graded"
    UNREADABLE = "unreadable"
    INTERNAL_ERROR = "internal-error"


@dataclass(frozen=True)
class CheckResult:
    """The verdict of one check on one submission."""

    id: str
    title: str
    hidden: bool
    step: int
    outcome: Outcome
    max_points: float
    tag: str = ""
    """The name of the mistake; empty when passed."""
    message: dict[str, str] = field(default_factory=dict)
    """By language; empty when passed without a note."""
    expected: str = ""
    actual: str = ""

    @property
    def mark(self) -> str:
        """The sign of a check: "o" passed, "?" recorded and judged later, "x" anything else."""
        if self.outcome is not Outcome.PASSED:
            return "x"
        return "?" if self.tag == RECORDED else "o"

    @property
    def points(self) -> float:
        """All of max_points when passed, else 0."""
        return self.max_points if self.outcome is Outcome.PASSED else 0.0

    def to_json(self) -> dict[str, Any]:
        """Return the object that stands in the report."""
        return {
            "id": self.id,
            "title": self.title,
            "hidden": self.hidden,
            "step": self.step,
            "outcome": str(self.outcome),
            "points": self.points,
            "max_points": self.max_points,
            "tag": self.tag,
            "message": self.message,
            "expected": self.expected,
            "actual": self.actual,
        }


NOT_FILLED = "not_filled"
UNANSWERED = (NOT_FILLED, "missing_file")
"""Tags of a hole that is still open, and of a file that is not there: somebody has not begun, and made no mistake."""


@dataclass(frozen=True)
class KataResult:
    """All checks of one kata on one submission."""

    kata: str
    checks: tuple[CheckResult, ...]

    @property
    def score(self) -> float:
        """Points earned, to four decimals (points are multiples of 0.05, sums of floats are not)."""
        return round(sum(check.points for check in self.checks), 4)

    @property
    def max_score(self) -> float:
        """Points there are, to four decimals."""
        return round(sum(check.max_points for check in self.checks), 4)

    def passed(self, *, hidden: bool, without: Collection[str] = ()) -> tuple[int, int]:
        """Return (checks passed, checks there are) of the public or the hidden part, without those with these ids."""
        part = [check for check in self.checks if check.hidden is hidden and check.id not in without]
        return sum(check.outcome is Outcome.PASSED for check in part), len(part)

    def left_open(self, dropped: Dropped) -> tuple[CheckResult, ...]:
        """Return the checks that count and did not pass: those to look at first, then those that waited for another.

        One that waited comes first only where that other one was dropped.
        """
        without = dropped.get(self.kata, ())
        left = [check for check in self.checks if check.outcome is not Outcome.PASSED and check.id not in without]
        return tuple(sorted(left, key=lambda check: check.outcome is Outcome.BLOCKED))

    def not_begun(self) -> "KataResult":
        """Return the result of a file as it was given out: whatever a check says of it, that is still to be filled in.

        A file may be given out with a mistake to mend, which is nobody's own until something else is changed.
        """
        open_now = (Outcome.FAILED, Outcome.ERROR)
        checks = (replace(one, tag=NOT_FILLED) if one.outcome in open_now else one for one in self.checks)
        return replace(self, checks=tuple(checks))

    def to_json(self) -> dict[str, Any]:
        """Return the object that stands in the report."""
        return {
            "kata": self.kata,
            "score": self.score,
            "max_score": self.max_score,
            "public": list(self.passed(hidden=False)),
            "hidden": list(self.passed(hidden=True)),
            "checks": [check.to_json() for check in self.checks],
        }


@dataclass(frozen=True)
class Report:
    """Everything the judge says about one submission."""

    submission: str
    status: Status
    isolation: str
    """full | kernel-rules | none"""
    kit: str
    digest: str
    """sha256 of the files that were judged."""
    seconds: float
    """Wall time; the only part that differs between two runs."""
    max_score: float
    katas: tuple[KataResult, ...] = ()
    reason: dict[str, str] = field(default_factory=dict)
    """By language; why the submission is unreadable or what went wrong in the kit. Empty when graded."""

    @property
    def score(self) -> float | None:
        """Points earned; None when the kit failed, because no score is guessed."""
        if self.status is Status.INTERNAL_ERROR:
            return None
        return round(sum(kata.score for kata in self.katas), 4)

    def to_json(self) -> dict[str, Any]:
        """Return the report as one JSON object."""
        return {
            "schema": SCHEMA,
            "submission": self.submission,
            "status": str(self.status),
            "score": self.score,
            "max_score": self.max_score,
            "isolation": self.isolation,
            "kit": self.kit,
            "digest": self.digest,
            "seconds": self.seconds,
            **({"reason": self.reason} if self.reason else {}),
            "katas": [kata.to_json() for kata in self.katas],
        }

    def mistakes(self, counted: Collection[str], dropped: Dropped) -> Iterator[tuple[str, CheckResult]]:
        """Yield what was done wrong first, by kata: the first check that counts and did not pass.

        One that only waited for another is no mistake, and there are none in what was not judged.

        Args:
            counted: katas; what somebody is exempt from is not among them.
            dropped: checks that do not count.
        """
        for result in self.katas if self.status is Status.GRADED else ():
            first = next(iter(result.left_open(dropped)), None) if result.kata in counted else None
            if first is not None and first.outcome is not Outcome.BLOCKED:
                yield result.kata, first

    def to_line(self) -> str:
        """Return the report as one line of results.jsonl, without the line's end."""
        return json.dumps(self.to_json(), ensure_ascii=False, separators=(", ", ": "))


def fit_into_line(report: Report) -> Report:
    """Return the report as it is if its line is short enough, else with its texts cut.

    This holds the size of a line, whatever a submission answers; single texts are cut where they are made.
    """
    fitting = report
    for most in _CUTS:
        if len(fitting.to_line().encode("utf-8", "replace")) < MOST_LINE_BYTES:
            break
        fitting = _cut_texts(report, most)
    return fitting


def _cut_texts(report: Report, most: int) -> Report:
    def cut(text: str) -> str:
        return text if len(text) <= most else f"{text[:most]}... ({len(text) - most} more characters)"

    def cut_check(check: CheckResult) -> CheckResult:
        message = {language: cut(text) for language, text in check.message.items()}
        return replace(check, message=message, expected=cut(check.expected), actual=cut(check.actual))

    katas = tuple(KataResult(kata.kata, tuple(map(cut_check, kata.checks))) for kata in report.katas)
    reason = {language: cut(text) for language, text in report.reason.items()}
    return replace(report, katas=katas, reason=reason, submission=cut(report.submission))


def report_from_json(data: dict[str, Any]) -> Report:
    """Rebuild a report from one parsed line of results.jsonl; scores are computed anew from the checks.

    Raises:
        KeyError, ValueError: the object is no report of this schema.
    """
    if data["schema"] != SCHEMA:
        raise ValueError(f"schema {data['schema']}, not {SCHEMA}")
    katas = tuple(
        KataResult(kata["kata"], tuple(check_from_json(check) for check in kata["checks"])) for kata in data["katas"]
    )
    plain = ("submission", "isolation", "kit", "digest", "seconds", "max_score")
    return Report(
        **{key: data[key] for key in plain},
        status=Status(data["status"]),
        katas=katas,
        reason=data.get("reason", {}),
    )


def check_from_json(data: dict[str, Any]) -> CheckResult:
    """Rebuild a check's result from its JSON object; see report_from_json for what it raises."""
    fields = {key: value for key, value in data.items() if key not in ("outcome", "points")}
    return CheckResult(outcome=Outcome(data["outcome"]), **fields)
