"""What a student sees under plain pytest: the first mistake of each kata in words, the rest as a row of marks."""

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

import pytest

from grader.console import encoding_for, speak
from grader.errors import UsageError
from grader.expect import clean
from grader.kata import Kata, find_bank
from grader.last_words import LastWords
from grader.messages import TEXTS, KataTexts, Text, choose_language, in_language, load_catalogue
from grader.progress import load_language, save_progress
from grader.result import RECORDED, CheckResult, KataResult, Outcome

if TYPE_CHECKING:
    from _pytest.terminal import TerminalReporter


@dataclass(frozen=True)
class CheckSeen:
    """A check's result with its kata, as it travels on pytest's report."""

    kata: Kata
    title: Text
    result: CheckResult


def find_check(report: pytest.TestReport) -> CheckSeen | None:
    """Return what the plugin put on the report; None for other tests and phases."""
    return next((value for _, value in report.user_properties if isinstance(value, CheckSeen)), None)


def near(path: Path) -> Path:
    """Return the path as seen from here if it lies below; a short path is read, a long one skipped."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def home_language(option: str | None, folder: Path) -> str:
    """Return the language for a run of pytest: what was asked for, or what is saved in the bank around `folder`."""
    try:
        saved = load_language(find_bank(folder))
    except UsageError:
        saved = None
    return choose_language(option, saved=saved)


class Farewell:
    """Lets another process say what happened, if pytest has to be ended in the middle of a student's code."""

    def __init__(self, config: pytest.Config, language: str) -> None:
        """Remember where to speak: during a check pytest has standard error for itself."""
        try:
            stderr = os.dup(2)
        except OSError:  # closed, as under a program without a console
            stderr = os.open(os.devnull, os.O_WRONLY)
        self.last_words = LastWords(stderr, encoding_for(sys.stderr, language))
        self._language = language
        self._texts = load_catalogue(TEXTS / "home.toml")
        config.add_cleanup(lambda: os.close(stderr))
        config.add_cleanup(self.last_words.close)

    def prepare(self, kata: Kata, texts: KataTexts, source: bytes, seconds: float) -> None:
        """Put into words what would be said of a student's file."""
        values = {"seconds": f"{seconds:g}", "line": "{line}", "code": "{code}"}
        stopped = in_language(texts.tag_text("too_slow", values), self._language)
        ended = in_language(self._texts.text("home", "ended", file=str(near(kata.student_file))), self._language)
        lines = source.decode("utf-8", "replace").splitlines()
        shown = {number: clean(line.strip())[:120] for number, line in enumerate(lines, 1)}
        self.last_words.expect(str(kata.student_file), shown, f"{stopped}\n{ended}")


class ResultCollector:
    """Gathers the results of a run, for `kata check --json`."""

    def __init__(self) -> None:
        """Start with none."""
        self._found: dict[str, list[CheckResult]] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep what the plugin put on the report."""
        seen = find_check(report)
        if seen is not None:
            self._found.setdefault(seen.kata.name, []).append(seen.result)

    @property
    def results(self) -> list[KataResult]:
        """One KataResult for each kata, in the order of running."""
        return [KataResult(name, tuple(checks)) for name, checks in self._found.items()]


class HomeView:
    """Replaces pytest's own wording for checks; other tests look as always."""

    def __init__(self, language: str) -> None:
        """Speak "en", "ko" or "both"."""
        self._language = language
        # During a check another stream has its name.
        self._stdout = sys.stdout
        self._texts = load_catalogue(TEXTS / "home.toml")
        self._seen: dict[str, tuple[Kata, list[CheckResult]]] = {}
        self._spoken = False
        self._interrupted = False
        self._unsaved: UsageError | None = None
        self._wide = 0
        """Letters of double width in the heading that has most of them."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Give the first check of a kata that did not pass its words; later ones only count."""
        seen = find_check(report)
        if seen is None:
            return
        if not self._seen:
            speak(self._stdout, self._language)
        _, results = self._seen.setdefault(seen.kata.name, (seen.kata, []))
        first = all(earlier.outcome is Outcome.PASSED for earlier in results)
        # Of katas not begun yet, one is enough to say so: the next to do.
        first = first and not (self._spoken and seen.result.tag == "not_filled")
        results.append(seen.result)
        if seen.result.outcome is Outcome.PASSED:
            return
        report.longrepr = in_language(seen.result.message, self._language)
        # A title says what holds when the check passes; alone above a failure it would read as if it did.
        heading = {
            name: self._texts.text("home", "open", kata=seen.kata.name, title=title)[name]
            for name, title in seen.title.items()
        }
        shown = in_language(heading, self._language).replace("\n", " / ")
        report.location = (*report.location[:2], shown)
        if first:
            self._wide = max(self._wide, sum(east_asian_width(letter) in "WF" for letter in shown))
        self._spoken = True
        if not first:
            report.user_properties.append(("later", True))

    @pytest.hookimpl(tryfirst=True)
    def pytest_report_teststatus(self, report: pytest.TestReport) -> tuple[str, str, str] | None:
        """Marks o, ? and x; only the first failure of a kata is in pytest's list of failures."""
        seen = find_check(report) if isinstance(report, pytest.TestReport) else None
        if seen is None:
            return None
        if seen.result.outcome is Outcome.PASSED:
            recorded = seen.result.tag == RECORDED
            return "passed", _mark(seen.result), "RECORDED" if recorded else "PASSED"
        later = any(key == "later" for key, _ in report.user_properties)
        return ("open" if later else "failed"), "x", "OPEN"

    def pytest_terminal_summary(self, terminalreporter: "TerminalReporter") -> None:
        """A row for each kata: marks, public checks passed, and where to go on."""
        for kata, results in self._seen.values():
            for line in self._summary(kata, KataResult(kata.name, tuple(results))):
                terminalreporter.write_line(line)
        if self._unsaved is not None:
            shown = in_language(self._texts.text("home", self._unsaved.text, **self._unsaved.values), self._language)
            terminalreporter.write_line(shown)

    def _summary(self, kata: Kata, result: KataResult) -> Iterator[str]:
        passed, total = result.passed(hidden=False)
        marks = " ".join(map(_mark, result.checks))
        for language in ("en", "ko") if self._language == "both" else (self._language,):
            values = {"title": kata.title[language], "passed": str(passed), "total": str(total)}
            title = self._texts.text("home", "row", **values)[language]
            yield f"{kata.name}  {marks}  {title}"
            notes = [check for check in result.checks if check.outcome is Outcome.PASSED and check.message]
            yield from (f"  {check.id}: {check.message[language]}" for check in notes)
            name = "next_check" if passed < total else "next_kata"
            name = "interrupted" if self._interrupted else name
            yield "  " + self._texts.text("home", name, file=str(near(kata.student_file)))[language]

    def pytest_keyboard_interrupt(self) -> None:
        """A run that was stopped proves nothing about the checks it did not reach."""
        self._interrupted = True

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Remember what passed, for `kata`; make room for Korean letters, which pytest counts as one column each."""
        # A notebook's checks run without a terminal.
        if session.config.pluginmanager.has_plugin("terminalreporter"):
            session.config.get_terminal_writer().fullwidth -= self._wide
        if self._interrupted:
            return
        for kata, results in self._seen.values():
            public = [result for result in results if not result.hidden]
            try:
                save_progress(kata, passed=sum(r.outcome is Outcome.PASSED for r in public), total=len(public))
            except UsageError as problem:
                self._unsaved = problem


def _mark(result: CheckResult) -> str:
    """The sign of a check: "o" passed, "?" recorded and judged later, "x" anything else."""
    if result.outcome is not Outcome.PASSED:
        return "x"
    return "?" if result.tag == RECORDED else "o"
