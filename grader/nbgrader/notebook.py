"""A kata inside a running notebook: the checks of a release, asked by its cells.

Theory of operation. The read-only set-up cell carries the kata's public files as text and opens a `NotebookKata` with
them; so a notebook needs the installed package and nothing else, and brings the checks of the course it comes from. A
grade cell asks for one check. The answer cell's text is taken from IPython's history and loaded as a module of its own,
just as a student's file is under plain pytest; the check then runs in a quiet pytest session in this process. A hidden
check's grade cell hands over the text of the hidden checks, which a student's copy does not have.

Student and check share a process here, so this can be cheated by whoever sets out to; `kata grade` cannot.
"""

import contextlib
import io
import os
import shutil
import sys
import tempfile
import time
import weakref
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from grader.bank.kata import Kata, load_kata
from grader.checks.check import CHECK, Check
from grader.checks.crash import StudentFault
from grader.checks.student import Student
from grader.errors import InternalFault
from grader.intake.ipynb import answer_mark, answer_source, holds_answer
from grader.plugin import (
    PROVIDER,
    RESULTS,
    forget_modules,
    judge_call,
    open_session,
    quiet_arguments,
)
from grader.result import CheckResult, Outcome
from grader.words.catalogue import load_catalogue
from grader.words.languages import TEXTS, in_language, languages_of


@dataclass(frozen=True)
class Verdict:
    """What became of one check."""

    passed: bool
    words: str
    """What to tell the student; empty when passed without a note."""


@dataclass(frozen=True)
class Picture:
    """An image that a notebook shows when it is the last value of a cell, or its words where images are not trusted."""

    svg: str
    words: str

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        """Called by IPython; it may name which kinds it would like."""
        return {"image/svg+xml": self.svg, "text/plain": self.words}


class NotebookKata:
    """One kata's checks, asked by the grade cells of its notebook."""

    def __init__(
        self, shell: Any, name: str, *, language: str, defines: Sequence[str], files: Mapping[str, str]
    ) -> None:
        """Open a kata for the cells of a notebook, as a bank of one kata.

        Args:
            shell: what get_ipython() returns.
            name: the kata's folder name, "02_gates".
            language: "en", "ko" or "both".
            defines: the names that the kata's file defines; a cell that defines most of them holds the answer.
            files: the files that public checks need, by their path from the kata's folder.
        """
        # Before a cell imports TensorFlow: nbgrader takes what that prints for a mistake.
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
        self._bank = Path(tempfile.mkdtemp(prefix="kata-")).resolve()
        # Not TemporaryDirectory, which warns on stderr when a kernel ends.
        weakref.finalize(self, shutil.rmtree, self._bank, ignore_errors=True)
        exercise = self._bank / "exercises" / name
        exercise.mkdir(parents=True)
        _write(exercise, files)
        self._shell = shell
        self._language = language
        self._defines = tuple(defines)
        self._answer: _Answer | None = None
        self.kata = load_kata(exercise)

    def check(self, check_id: str, *, hidden: Mapping[str, str] | None = None) -> Verdict:
        """Run one check on the answer cell as it was run last.

        Args:
            check_id: as in the reports, "rows[AND]".
            hidden: the kata's files that students do not have, by name, if it is a hidden check.
        """
        source = self._find_source()
        if source is None:
            return Verdict(passed=False, words=self._no_answer())
        if self._answer is None or self._answer.source != source:
            self._answer = _Answer(self.kata, source)
        files = [self.kata.public_checks]
        if hidden is not None:
            # Beside the public ones: a hidden check may need one of them.
            files += self._write_hidden(hidden)
        result = self._answer.results.get(check_id) or _run(self._bank, files, check_id, self._answer)[1][0]
        passed = result.outcome is Outcome.PASSED
        words = in_language(result.message, self._language)
        if passed and words:
            # A note beside a right answer; an assertion that holds shows nothing.
            print(words)
        return Verdict(passed=passed, words=words)

    def check_all(self) -> None:
        """Print what all public checks say of the answer cell as it was run last: the first mistake, a row of marks."""
        source = self._find_source()
        if source is None:
            print(self._no_answer())
            return
        answer = _Answer(self.kata, source)
        checks, results = _run(self._bank, [self.kata.public_checks], None, answer)
        print("\n".join(self._told(list(zip(checks, results, strict=True)))))

    def _told(self, checks: list[tuple[Check, CheckResult]]) -> Iterator[str]:
        home, results = load_catalogue(TEXTS / "home.toml"), [result for _, result in checks]
        first = next(((check, one) for check, one in checks if one.outcome is not Outcome.PASSED), None)
        if first is not None:
            check, result = first
            for language in languages_of(self._language):
                yield home.text("home", "open", kata=self.kata.name, title=check.title[language])[language]
                yield f"{result.message[language]}\n"
        marks, passed = " ".join(one.mark for one in results), sum(one.outcome is Outcome.PASSED for one in results)
        for language in languages_of(self._language):
            values = {"title": in_language(self.kata.title, language), "passed": passed, "total": len(results)}
            row = home.text("home", "row", **{key: str(value) for key, value in values.items()})[language]
            yield f"{self.kata.name}  {marks}  {row}"
            notes = [one for one in results if one.outcome is Outcome.PASSED and one.message]
            yield from (f"  {one.id}: {one.message[language]}" for one in notes)
            if first is None:
                yield f"  {load_catalogue(TEXTS / 'nbgrader.toml').text('cell', 'passed')[language]}"

    def plot(self) -> "Picture | None":
        """Return the kata's picture of the answer, for a notebook to show; none for nbgrader, which nobody watches."""
        if "NBGRADER_EXECUTION" in os.environ:
            return None
        source = self._find_source()
        if source is None:
            print(self._no_answer())
            return None
        # Here, because it takes NumPy half a second.
        from grader.pictures import render_svg, render_text, work_out

        self.kata.student_file.write_bytes(source)
        plate = work_out(self.kata, self.kata.student_file)
        language = languages_of(self._language)[0]
        return Picture(render_svg(plate, language).decode(), render_text(plate, language))

    def _find_source(self) -> bytes | None:
        """The answer cell that was run last; None if none was."""
        mark = answer_mark(self.kata)
        for cell in reversed(self._shell.history_manager.input_hist_raw):
            if holds_answer(cell, self._defines, mark):
                return answer_source(cell, self.kata)
        return None

    def _no_answer(self) -> str:
        text = load_catalogue(TEXTS / "nbgrader.toml").text("cell", "no_answer", mark=answer_mark(self.kata))
        return in_language(text, self._language)

    def _write_hidden(self, files: Mapping[str, str]) -> list[Path]:
        folder = self._bank / "solutions" / self.kata.name
        _write(folder, files)
        return [folder / file for file in files if file.startswith("test_")]


open_kata = NotebookKata
"""The name under which the notebooks given out so far import it."""


def _write(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


class _Answer:
    """The answer as a loaded module, which it becomes at the first question; what its checks gave."""

    def __init__(self, kata: Kata, source: bytes) -> None:
        self.source = source
        self.results: dict[str, CheckResult] = {}
        self._session = open_session(kata, source)

    def student_for(self, check: Check) -> Student:
        return Student(self._session, check.id)


class _Chosen:
    """A plugin that runs one check of the file, and before it those that it needs and that have no result; or all."""

    def __init__(self, check_id: str | None, answer: _Answer) -> None:
        self.wanted = check_id
        self.checks: list[Check] = []
        """What was wanted, in authoring order."""
        self.results: dict[tuple[str, str], CheckResult] = {}
        self._answer = answer

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        # Set before the plugin sees it missing and takes the student's own files.
        config.stash[PROVIDER] = self._answer

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        forget_modules(items)
        self.results = config.stash[RESULTS]
        checks = {item.stash[CHECK].id: item for item in items if CHECK in item.stash}
        if self.wanted is None:
            self.checks = [item.stash[CHECK] for item in items]
            return
        if self.wanted not in checks:
            items[:] = []
            return
        self.checks = [checks[self.wanted].stash[CHECK]]
        for check_id, result in self._answer.results.items():
            self.results[self.checks[0].kata.name, check_id] = result
        chain = [self.wanted]
        while (needs := checks[chain[0]].stash[CHECK].needs) in checks and needs not in self._answer.results:
            chain.insert(0, needs)
        items[:] = [checks[check_id] for check_id in chain]


def _run(bank: Path, files: list[Path], check_id: str | None, answer: _Answer) -> tuple[list[Check], list[CheckResult]]:
    """Run one check, all if None is named; return what was run and its results, which are kept with the answer."""
    asked = _Chosen(check_id, answer)
    start = time.monotonic()
    # stderr costs points in nbgrader; what a student prints while a hidden check asks would show what it asks.
    printed = io.StringIO() if len(files) > 1 else sys.stdout
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        pytest.main([*quiet_arguments(bank), *map(str, files)], plugins=[asked])
    if not asked.checks:
        raise InternalFault(f"the notebook has no check {check_id or ''} of {bank / 'exercises'}")
    answer.results |= {name: result for (_, name), result in asked.results.items()}
    # Interrupted: by nbgrader, when a cell takes too long, or by the student herself, who may try again.
    stopped = StudentFault("no_answer", "timeout", seconds=f"{time.monotonic() - start:.0f}")
    return asked.checks, [answer.results.get(one.id) or judge_call(one, "call", stopped) for one in asked.checks]
