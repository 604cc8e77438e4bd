"""What a student sees under plain pytest: the first mistake of each kata in words, the rest as a row of marks."""

import contextlib
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from grader.bank.approaches import has_approaches
from grader.bank.kata import Kata, load_kata
from grader.bank.package import find_bank
from grader.bank.texts import KataTexts
from grader.errors import UsageError
from grader.expect import clean
from grader.home.last_words import LastWords
from grader.home.neighbours import ALWAYS_TAKEN, Hiding, find_hiding_near
from grader.home.progress import digest_of, load_language, save_partial_run, save_progress
from grader.home.wording import Wording
from grader.result import RECORDED, CheckResult, KataResult, Outcome, check_from_json
from grader.words.catalogue import load_catalogue
from grader.words.console import encoding_for, speak
from grader.words.languages import TEXTS, Text, choose_language, in_language, languages_of
from grader.words.lines import fit

if TYPE_CHECKING:
    from _pytest.terminal import TerminalReporter


@dataclass(frozen=True)
class CheckSeen:
    """A check's result with its kata, as it travels on pytest's report."""

    kata: Kata
    title: Text
    result: CheckResult
    every: tuple[str, ...]
    """The ids of all public checks of the kata, run or not."""
    digest: str
    """Of the student's file when the first of them began."""

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data, for the way from one of pytest-xdist's processes."""
        return {
            "exercise": str(self.kata.exercise),
            "title": self.title,
            "result": self.result.to_json(),
            "every": list(self.every),
            "digest": self.digest,
        }


def find_check(report: pytest.TestReport) -> CheckSeen | None:
    """Return what the plugin put on the report; None for other tests and phases."""
    seen = getattr(report, "kata_check", None)
    if isinstance(seen, dict):
        result = check_from_json(seen["result"])
        seen = CheckSeen(load_kata(Path(seen["exercise"])), seen["title"], result, tuple(seen["every"]), seen["digest"])
        report.__dict__["kata_check"] = seen
    return seen


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


@dataclass
class _Seen:
    """What has become of one kata so far."""

    kata: Kata
    every: tuple[str, ...]
    digest: str
    checks: dict[str, CheckSeen] = field(default_factory=dict)
    """By id. In one of pytest-xdist's modes every check comes more than once."""

    @property
    def results(self) -> tuple[CheckResult, ...]:
        return tuple(seen.result for seen in self.checks.values())

    @property
    def whole(self) -> bool:
        """True if every public check of the kata has run."""
        return bool(self.every) and all(check in self.checks for check in self.every)

    @property
    def changed(self) -> bool:
        """True if the student's file is no longer what was looked at."""
        return self.digest != digest_of(self.kata)


class HomeView:
    """Replaces pytest's own wording for checks; other tests look as always."""

    def __init__(self, language: str, *, names: bool) -> None:
        """Prepare the words.

        Args:
            language: "en", "ko" or "both".
            names: whether every check is named below its kata.
        """
        self._language = language
        # During a check another stream has its name.
        self._stdout = sys.stdout
        self._names = names
        self._texts = load_catalogue(TEXTS / "home.toml")
        self._katas: dict[str, _Seen] = {}
        self._spoken = False
        self._interrupted = False
        self._unsaved: UsageError | None = None
        self._fault: str | None = None
        """What went wrong in this very view."""
        self._wording = Wording(language)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Give the first check of a kata that did not pass its words; later ones only count."""
        with self._border():
            seen = find_check(report)
            if seen is not None:
                self._take(report, seen)

    def _take(self, report: pytest.TestReport, seen: CheckSeen) -> None:
        if not self._katas:
            speak(self._stdout, self._language)
        kata = self._katas.setdefault(seen.kata.name, _Seen(seen.kata, (), seen.digest))
        kata.every = seen.every or kata.every
        first = all(result.outcome is Outcome.PASSED for result in kata.results)
        # Of katas not begun yet, one is enough to say so: the next to do.
        first = first and not (self._spoken and seen.result.tag == "not_filled")
        kata.checks[seen.result.id] = seen
        if seen.result.outcome is Outcome.PASSED:
            return
        report.longrepr = fit(in_language(seen.result.message, self._language), self._stdout)
        report.sections = [(self._wording.section(name), text) for name, text in report.sections]
        # A title says what holds when the check passes; alone above a failure it would read as if it did.
        heading = {
            name: self._texts.text("home", "open", kata=seen.kata.name, title=title)[name]
            for name, title in seen.title.items()
        }
        shown = in_language(heading, self._language).replace("\n", " / ")
        report.location = (*report.location[:2], shown)
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
            return "passed", seen.result.mark, "RECORDED" if recorded else "PASSED"
        later = any(key == "later" for key, _ in report.user_properties)
        return ("open" if later else "failed"), "x", "OPEN"

    def pytest_terminal_summary(self, terminalreporter: "TerminalReporter") -> None:
        """A row for each kata: marks, public checks passed, and where to go on; then files that are in the way."""
        if terminalreporter.config.option.disable_warnings:
            # pytest would count what it does not show.
            terminalreporter.stats.pop("warnings", None)
        with self._border():
            for _, kata in sorted(self._katas.items()):
                for line in self._summary(kata):
                    terminalreporter.write_line(fit(line, self._stdout))
            for one in self._hiding():
                words = self._say("hiding", file=str(near(one.path)), module=one.name)
                terminalreporter.write_line(fit(words, self._stdout))
        if self._unsaved is not None:
            terminalreporter.write_line(self._say(self._unsaved.text, **self._unsaved.values))
        if self._fault is not None:
            terminalreporter.write_line(self._say("own_fault", text=self._fault))

    def _say(self, name: str, **values: str) -> str:
        return in_language(self._texts.text("home", name, **values), self._language)

    def _summary(self, kata: _Seen) -> Iterator[str]:
        in_order = [*kata.every, *(check for check in kata.checks if check not in kata.every)]
        checks = [kata.checks[check] for check in in_order if check in kata.checks]
        marks = " ".join(seen.result.mark for seen in checks)
        passed, ran = KataResult(kata.kata.name, kata.results).passed(hidden=False)
        row = "row" if kata.whole else "row_part" if ran else "row_hidden"
        counts = {"passed": str(passed), "ran": str(ran), "total": str(len(kata.every))}
        for language in languages_of(self._language):
            values = {"title": in_language(kata.kata.title, language), **counts}
            title = self._texts.text("home", row, **values)[language]
            yield f"{kata.kata.name}  {marks}  {title}"
            if self._names:
                yield from (f"  {seen.result.mark} {in_language(seen.title, language)}" for seen in checks)
            notes: dict[str, list[str]] = {}
            for result in (seen.result for seen in checks):
                if result.outcome is Outcome.PASSED and result.message:
                    # What was recorded has its names in the message already.
                    notes.setdefault(result.message[language], []).extend([result.id] * (result.tag != RECORDED))
            for note, ids in notes.items():
                yield f"  {', '.join(ids)}: {note}" if ids else f"  {note}"
            values = {"file": str(near(kata.kata.student_file)), "number": kata.kata.number, **counts}
            for name in self._what_next(kata, complete=passed == ran):
                yield "  " + self._texts.text("home", name, **values)[language]

    def _what_next(self, kata: _Seen, *, complete: bool) -> Iterator[str]:
        """The ids of the lines below a row."""
        if any(result.outcome is Outcome.INTERNAL for result in kata.results):
            yield "internal"
        elif self._interrupted:
            yield "interrupted"
        elif kata.changed:
            yield "changed"
        elif not complete:
            yield "next_check"
        elif kata.whole:
            yield "next_kata"
            if has_approaches(kata.kata):
                yield "approaches"
        elif kata.every:
            yield "part"

    def _hiding(self) -> Iterator[Hiding]:
        """Files near the katas of this run that Python could take for its own modules."""
        katas = [one.kata for one in self._katas.values()]
        if not katas:
            return
        exercises = katas[0].exercise.parent.resolve()
        for one in find_hiding_near(katas):
            # Further away much lies about that has nothing to do with the katas.
            is_near = one.path.is_relative_to(exercises)
            if not one.left_over and (is_near or one.name in sys.modules or one.name in ALWAYS_TAKEN):
                yield one

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """A run that was stopped proves nothing about the checks it did not reach."""
        # --stepwise and the end of a debugger come this way too, and no loop is why.
        self._interrupted = excinfo.type is KeyboardInterrupt

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Remember what passed, for `kata`; from here on pytest's words are the student's."""
        # A notebook's checks run without a terminal.
        reporter = session.config.pluginmanager.get_plugin("terminalreporter")
        if reporter is not None and self._katas:
            self._wording.take(reporter)
        if self._interrupted:
            return
        with self._border():
            for kata in self._katas.values():
                self._remember(kata)

    def _remember(self, kata: _Seen) -> None:
        passed, ran = KataResult(kata.kata.name, kata.results).passed(hidden=False)
        if kata.changed or not ran:
            return
        try:
            if kata.whole:
                points = round(sum(result.points for result in kata.results), 4)
                save_progress(kata.kata, passed=passed, total=ran, points=points)
            else:
                save_partial_run(kata.kata, passed=passed, ran=ran, total=len(kata.every))
        except UsageError as problem:
            self._unsaved = problem

    @contextlib.contextmanager
    def _border(self) -> Iterator[None]:
        """A fault of this view must not end the run in pytest's INTERNALERROR; it is told at the end."""
        try:
            yield
        except Exception as problem:  # the border to pytest, which draws its own inside for the student
            self._fault = f"{type(problem).__name__}: {problem}"
