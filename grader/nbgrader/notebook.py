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
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from grader.errors import InternalFault
from grader.kata import load_kata
from grader.messages import TEXTS, in_language, load_catalogue
from grader.notebook import answer_mark, answer_source, holds_answer
from grader.plugin import CHECK, PROVIDER, RESULTS, Check, judge_call, load, quiet_arguments
from grader.result import CheckResult, Outcome
from grader.student import LocalSession, Student, StudentFault


@dataclass(frozen=True)
class Verdict:
    """What became of one check."""

    passed: bool
    words: str
    """What to tell the student; empty when passed without a note."""


def open_kata(
    shell: Any, name: str, *, language: str, defines: Sequence[str], files: Mapping[str, str]
) -> "NotebookKata":
    """Open a kata for the cells of a notebook.

    Args:
        shell: what get_ipython() returns.
        name: the kata's folder name, "02_gates".
        language: "en", "ko" or "both".
        defines: the names that the kata's file defines; a cell that defines most of them holds the answer.
        files: the kata's public files (kata.toml, messages.toml, test_*.py) by name.
    """
    # What TensorFlow would tell about the machine stands above the first mistake, and nbgrader takes it for one.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    return NotebookKata(shell, name, language=language, defines=defines, files=files)


class NotebookKata:
    """One kata's checks, asked by the grade cells of its notebook."""

    def __init__(
        self, shell: Any, name: str, *, language: str, defines: Sequence[str], files: Mapping[str, str]
    ) -> None:
        """Lay the files out as a bank of one kata; see open_kata."""
        # Kept, because the folder goes with the object.
        self._folder = tempfile.TemporaryDirectory(prefix="kata-")
        self._bank = Path(self._folder.name).resolve()
        exercise = self._bank / "exercises" / name
        exercise.mkdir(parents=True)
        for file, text in files.items():
            (exercise / file).write_text(text, "utf-8")
        self._shell = shell
        self._language = language
        self._defines = tuple(defines)
        self._answer: _Answer | None = None
        self.kata = load_kata(exercise)

    def check(self, check_id: str, *, hidden: str | None = None) -> Verdict:
        """Run one check on the answer cell as it was run last.

        Args:
            check_id: as in the reports, "rows[AND]".
            hidden: the text of the kata's hidden checks, if it is one of them.
        """
        cell = find_answer(self._shell.history_manager.input_hist_raw, self._defines, answer_mark(self.kata))
        if cell is None:
            text = load_catalogue(TEXTS / "nbgrader.toml").text("cell", "no_answer", mark=answer_mark(self.kata))
            return Verdict(passed=False, words=in_language(text, self._language))
        source = answer_source(cell)
        if self._answer is None or self._answer.source != source:
            self._answer = _Answer(source, self.kata.file_name)
        file = self.kata.public_checks if hidden is None else self._write_hidden(hidden)
        result = self._answer.results.get(check_id) or _run(self._bank, file, check_id, self._answer)
        return Verdict(
            passed=result.outcome is Outcome.PASSED,
            words=in_language(result.message, self._language),
        )

    def _write_hidden(self, text: str) -> Path:
        folder = self._bank / "solutions" / self.kata.name
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"test_{self.kata.slug}_hidden.py"
        file.write_text(text, "utf-8")
        return file


def find_answer(history: Sequence[str], names: Sequence[str], mark: str) -> str | None:
    """Return the answer cell that was run last; None if none was."""
    return next((cell for cell in reversed(history) if holds_answer(cell, names, mark)), None)


class _Answer:
    """The answer as a loaded module, which it becomes at the first question; what its checks gave."""

    def __init__(self, source: bytes, file_name: str) -> None:
        self.source = source
        self.results: dict[str, CheckResult] = {}
        self._path = file_name
        self._session: LocalSession | None = None
        self._broken: StudentFault | None = None

    def student_for(self, check: Check) -> Student:
        if self._broken is not None:
            raise self._broken.with_traceback(None)
        if self._session is None:
            session = LocalSession(self.source, self._path)
            try:
                load(Student(session, check.id))
            except StudentFault as fault:
                self._broken = fault
                raise
            except KeyboardInterrupt:
                if "NBGRADER_EXECUTION" in os.environ:
                    # nbgrader stopped it after its time limit; every later check would cost that time again.
                    self._broken = StudentFault("no_answer", "timeout", seconds="?")
                raise
            self._session = session
        return Student(self._session, check.id)


class _OneCheck:
    """A plugin that runs one check of the file, and before it those that it needs and that have no result yet."""

    def __init__(self, check_id: str, answer: _Answer) -> None:
        self.wanted = check_id
        self.check: Check | None = None
        self.results: dict[tuple[str, str], CheckResult] = {}
        self._answer = answer

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        # Set before the plugin sees it missing and takes the student's own files.
        config.stash[PROVIDER] = self._answer

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        self.results = config.stash[RESULTS]
        checks = {item.stash[CHECK].id: item for item in items if CHECK in item.stash}
        if self.wanted not in checks:
            items[:] = []
            return
        self.check = checks[self.wanted].stash[CHECK]
        for check_id, result in self._answer.results.items():
            self.results[self.check.kata.name, check_id] = result
        chain = [self.wanted]
        while (needs := checks[chain[0]].stash[CHECK].needs) in checks and needs not in self._answer.results:
            chain.insert(0, needs)
        items[:] = [checks[check_id] for check_id in chain]


def _run(bank: Path, file: Path, check_id: str, answer: _Answer) -> CheckResult:
    """Run one check and return its result, which is kept with the answer."""
    asked = _OneCheck(check_id, answer)
    hidden = file.stem.endswith("_hidden")
    files = [str(file)]
    if hidden:
        # A hidden check may need a public one.
        (public,) = (bank / "exercises" / file.parent.name).glob("test_*.py")
        files.insert(0, str(public))
    start = time.monotonic()
    # stderr costs points in nbgrader; what a student prints while a hidden check asks would show what it asks.
    printed = io.StringIO() if hidden else sys.stdout
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        pytest.main([*quiet_arguments(bank), *files], plugins=[asked])
    for name in [name for name, module in sys.modules.items() if _is_below(bank, module)]:
        # The next release of the same kata in this kernel has checks of the same name.
        del sys.modules[name]
    if asked.check is None:
        raise InternalFault(f"the notebook has no check {check_id} of {bank / 'exercises'}")
    answer.results |= {name: result for (_, name), result in asked.results.items()}
    if check_id not in answer.results:
        # Interrupted: by nbgrader, when a cell takes too long, or by the student herself, who may try again.
        seconds = f"{time.monotonic() - start:.0f}"
        return judge_call(asked.check, "call", StudentFault("no_answer", "timeout", seconds=seconds))
    return answer.results[check_id]


def _is_below(bank: Path, module: Any) -> bool:
    return str(getattr(module, "__file__", None) or "").startswith(str(bank))
