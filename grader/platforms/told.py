"""What the judge said about one kata of one submission, in the words that its student may read.

Of a public check: everything its message says. Of a hidden check: its title and only words that the kit wrote, no input
and no expected value; that is what the report itself holds (see plugin.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from grader.bank.kata import Kata
from grader.expect import clean
from grader.result import Outcome, Report, Status
from grader.words.catalogue import load_catalogue
from grader.words.languages import TEXTS, Text, in_language


@dataclass(frozen=True)
class Shown:
    """One check."""

    id: str
    name: str
    """Its title, in the student's language; behind a word that says so if it is hidden."""
    hidden: bool
    passed: bool
    points: float
    max_points: float
    text: str
    """What came out and what it means; empty when there is nothing to say."""


@dataclass(frozen=True)
class Feedback:
    """One submission."""

    kata: str
    title: str
    max_points: float
    points: float = 0.0
    checks: tuple[Shown, ...] = ()
    """Empty when there was nothing to judge."""
    summary: str = ""
    """One sentence: how many checks passed, or why none was tried."""
    judged: bool = True
    """False: the kit could not judge here, and there is no mark at all."""
    readable: bool = True
    """False: what was handed in cannot be judged, and `summary` tells the student why."""
    seconds: float = 0.0
    isolation: str = ""
    kit: str = ""


def describe(report: Report, kata: Kata, titles: Mapping[str, Text], language: str) -> Feedback:
    """Return what a student reads of a report on one kata.

    Args:
        report: what the judge said.
        kata: the only one in it.
        titles: of its checks, by id.
        language: one, or "both".
    """
    about = {**_about(kata, language), "max_points": report.max_score}
    about |= {"seconds": report.seconds, "isolation": report.isolation, "kit": report.kit}
    if report.status is Status.INTERNAL_ERROR:
        return Feedback(**about, judged=False, summary=word("fault", language))
    if report.status is Status.UNREADABLE:
        return Feedback(**about, readable=False, summary=clean(in_language(report.reason, language)))
    (result,) = report.katas
    shown = []
    for check in result.checks:
        name = _one_line(titles[check.id], language)
        name = word("hidden", language, title=name) if check.hidden else name
        passed = check.outcome is Outcome.PASSED
        text = clean(in_language(check.message, language))
        shown.append(Shown(check.id, name, check.hidden, passed, check.points, check.max_points, text))
    counts = (*result.passed(hidden=False), *result.passed(hidden=True))
    values = dict(zip(("public", "of_public", "hidden", "of_hidden"), counts, strict=True))
    return Feedback(**about, points=result.score, checks=tuple(shown), summary=word("summary", language, **values))


def not_judged(language: str) -> Feedback:
    """Return what a student reads where the kit could not judge at all."""
    return Feedback("", "kata", 0.0, judged=False, summary=word("fault", language))


def _about(kata: Kata, language: str) -> dict[str, Any]:
    return {"kata": kata.name, "title": _one_line(kata.title, language), "max_points": kata.points}


def as_markdown(feedback: Feedback) -> str:
    """Return it as a page of GitHub's Markdown; what came from a submission stands in fences that it cannot close."""
    lines = [f"## {feedback.title}", ""]
    if feedback.judged and feedback.readable:
        lines += [f"**{feedback.points:g} / {feedback.max_points:g}**", ""]
    lines += [*_fenced(feedback.summary), ""]
    for check in feedback.checks:
        mark = "✅" if check.passed else "❌"
        lines += [f"{mark} {check.points:g}/{check.max_points:g} {_escaped(check.name)}", ""]
        if check.text:
            lines += [*_fenced(check.text), ""]
    return "\n".join(lines)


def _fenced(text: str) -> list[str]:
    longest = max((len(run) for run in "".join(c if c == "`" else " " for c in text).split()), default=0)
    fence = "`" * max(3, longest + 1)
    return [f"{fence}text", text, fence]


def _escaped(text: str) -> str:
    """A title is an author's text, of which Markdown would take some signs for its own."""
    return "".join(f"\\{char}" if char in "\\`*_{}[]()<>#+-!|~" else char for char in text)


def word(name: str, language: str, **values: object) -> str:
    """Return one of the texts that stand in results, on one line."""
    found = load_catalogue(TEXTS / "platforms.toml").text("results", name, **{k: str(v) for k, v in values.items()})
    return _one_line(found, language)


def _one_line(text: Mapping[str, str], language: str) -> str:
    return in_language(text, language).replace("\n", " / ")
