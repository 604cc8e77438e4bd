"""What the page's worker asks its Python for: a check, a picture, a training. Runs in the browser (Pyodide).

    page --postMessage--> worker.js --call--> this module --the kit's own pytest plugin, pictures, engine--> JSON back

Who stops a loop without an end: no signal and no thread can be had here. `Clock` writes into memory that the page
shares when the question has to be answered by; the page looks at it, and after that time puts SIGPROF into Pyodide's
interrupt buffer, again every half second; what survives that ends together with the worker.
"""

import builtins
import contextlib
import importlib.util
import io
import json
import os
import signal
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from grader.bank.kata import Kata, load_kata
from grader.errors import UsageError
from grader.home.view import ResultCollector, find_check
from grader.plugin import PROVIDER, LocalProvider
from grader.sandbox.local import LocalSession
from grader.sandbox.time_limit import TimeLimit
from grader.sandbox.workbench import OutOfTime
from grader.words.catalogue import load_catalogue
from grader.words.languages import LANGUAGES, TEXTS

if TYPE_CHECKING:
    from grader.training import Array

BANK = Path("/katas")


Deadline = Callable[[float], None]
"""Writes into shared memory when a question has to be answered by: milliseconds since 1970, 0 for no question."""


class Clock(TimeLimit):
    """The time limit of a question, where no signal comes by itself and no thread can be had: the page sends it."""

    def __init__(self, deadline: Deadline | None, number: int) -> None:
        """Keep the deadline (None: the page cannot see it); `number` is that of the signal the page sends."""
        super().__init__()
        self._deadline = deadline or (lambda _: None)
        self._running = False
        signal.signal(number, self._stop)

    def _begin(self, seconds: float) -> None:
        self._running = True
        self._deadline((time.time() + seconds) * 1000)

    def _end(self) -> None:
        self._running = False
        self._deadline(0.0)

    def _stop(self, _signal: int, _frame: object) -> None:
        # One that arrives just after the answer must not stop what comes next.
        if self._running:
            raise OutOfTime


class _Seen(ResultCollector):
    """The results, and beside them what the page shows and `kata check --json` does not have."""

    def __init__(self, tell: Callable[[str], None], clock: Clock) -> None:
        super().__init__()
        self._tell, self._clock = tell, clock
        self.beside: list[dict[str, Any]] = []

    @pytest.hookimpl(trylast=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        """Let the page's clock watch the student's code, in place of what a run at home has set up."""
        config.stash[PROVIDER] = LocalProvider(limit=self._clock)

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Tell the page that one more check begins."""
        self._tell(nodeid)

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep the titles in both languages, what was printed, and the traceback."""
        super().pytest_runtest_logreport(report)
        seen = find_check(report)
        if seen is None:
            return
        printed = "".join(text for name, text in report.sections if name in ("stdout", "stderr"))
        traceback = "".join(text for name, text in report.sections if name == "traceback")
        self.beside.append({"title": seen.title, "printed": printed, "traceback": traceback})


def _written(name: str, source: str) -> Kata:
    kata = load_kata(BANK / "exercises" / name)
    kata.student_file.write_bytes(source.encode("utf-8"))
    return kata


def _arguments(kata: Kata) -> list[str]:
    exercises = kata.exercise.parent
    arguments = ["-c", str(exercises / "pytest.ini"), "--rootdir", str(exercises), "--kata-lang", "en"]
    # No file descriptors to catch here; and the plugin is part of a package that is imported already.
    arguments += ["--capture=sys", "-W", "ignore::pytest.PytestAssertRewriteWarning"]
    return [*arguments, str(kata.public_checks)]


@contextlib.contextmanager
def _as_in_a_new_process() -> Iterator[None]:
    """Undo what a student's file may have done to the interpreter; at home every run begins in a new one."""
    path, modules, names = list(sys.path), set(sys.modules), vars(builtins)
    built_in = dict(names)
    recursion, environment = sys.getrecursionlimit(), dict(os.environ)
    try:
        with warnings.catch_warnings():
            yield
    finally:
        names.update(built_in)
        for name in set(names) - set(built_in):
            del names[name]
        sys.path[:] = path
        sys.setrecursionlimit(recursion)
        os.environ.clear()
        os.environ.update(environment)
        for name in set(sys.modules) - modules:
            file = getattr(sys.modules[name], "__file__", None) or ""
            if file.startswith(str(BANK)):
                del sys.modules[name]
        if "numpy" in sys.modules:
            import numpy as np

            np.seterr(divide="warn", over="warn", under="ignore", invalid="warn")


class _Asked(LocalSession):
    """A session for pictures in this very process, in the place of pictures/bounded.py, whose child cannot be had."""

    def __init__(self, source: bytes, path: Path, *, load_s: float, ask_s: float, clock: Clock, **parts: Any) -> None:
        super().__init__(source, str(path), limit=clock, **parts)
        self._load_s, self._ask_s = load_s, ask_s

    @property
    def cpu_s(self) -> float:
        """Seconds for running the file, and after that for one answer."""
        return self._ask_s if self._is_open else self._load_s


class Inside:
    """What the page can ask for; it lives as long as the worker."""

    def __init__(self, deadline: Deadline | None, *, number: int = 27) -> None:
        """Let the page's clock watch.

        Args:
            deadline: tells the page until when a question has to be answered; None: memory cannot be shared here.
            number: of the signal that the page sends when the time is up; 27 is SIGPROF.
        """
        os.chdir(BANK)  # this whole process is ours; names of files are shown as seen from here
        self._clock = Clock(deadline, number)

    def check(self, name: str, source: str, tell: Callable[[str], None]) -> str:
        """Run the public checks of a kata on a source text; return JSON.

        Args:
            name: the kata's folder.
            source: the student's file.
            tell: called when a check begins.

        Returns:
            {"status": pytest's exit status, "katas": as `kata check --json`, "beside": for each check its titles, what
            was printed and the traceback, "said": what pytest printed if it gave no result}.
        """
        kata = _written(name, source)
        seen, said = _Seen(tell, self._clock), io.StringIO()
        with _as_in_a_new_process(), contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            status = int(pytest.main(_arguments(kata), plugins=[seen]))
        results = [result.to_json() for result in seen.results]
        answer = {"status": status, "katas": results, "beside": seen.beside, "said": "" if results else said.getvalue()}
        return json.dumps(answer, ensure_ascii=False)

    def warm(self, name: str) -> None:
        """Import what the first check would import, and collect a kata's checks; nothing of a student's runs."""
        kata = load_kata(BANK / "exercises" / name)
        with (
            _as_in_a_new_process(),
            contextlib.redirect_stdout(io.StringIO()),
            contextlib.redirect_stderr(io.StringIO()),
        ):
            pytest.main(["--collect-only", *_arguments(kata)])

    def draw(self, name: str, source: str) -> str:
        """Draw a kata's picture from a source text.

        Returns:
            JSON, by language {"svg": ..., "text": ...}; empty if matplotlib has to be there for it.
        """
        from grader.pictures import render_svg, render_text, work_out

        kata = _written(name, source)
        with _as_in_a_new_process(), contextlib.redirect_stdout(io.StringIO()):
            try:
                plate = work_out(kata, kata.student_file, open_session=partial(_Asked, clock=self._clock))
                drawn = {
                    language: {"svg": render_svg(plate, language).decode(), "text": render_text(plate, language)}
                    for language in LANGUAGES
                }
            except UsageError:
                raise
            except Exception:  # an import in picture.py, what ours refuses, or finds out while it writes
                if importlib.util.find_spec("matplotlib") is None:
                    return ""
                raise
        return json.dumps(drawn, ensure_ascii=False)

    def lecture(self) -> str:
        """Return the lecture's experiments as JSON: what to train, and what the lecture said of it."""
        from grader.lab.data import lecture_as_data

        return json.dumps(lecture_as_data(), ensure_ascii=False)

    def train(self, settings: str, show: Callable[[int, int, bytes, bytes], None]) -> str:
        """Train a stack from many starts; return JSON.

        Args:
            settings: JSON, the arguments of the lab's `own_experiment`.
            show: called at every recorded epoch with (epoch, number of the first start, weights, losses), these two as
                the bytes of float32 arrays, (params, starts) and (starts,).

        Returns:
            What the lab's `train_as_data` returns; of settings that make no experiment {"problem": the sentence by
            language}.
        """
        from grader.lab.data import train_as_data

        def frames(epoch: int, first: int, weights: "Array", loss: "Array") -> None:
            show(epoch, first, weights.astype("float32").tobytes(), loss.astype("float32").tobytes())

        try:
            answer = train_as_data(json.loads(settings), frames)
        except UsageError as problem:
            answer = {"problem": load_catalogue(TEXTS / "cli.toml").text("usage", problem.text, **problem.values)}
        return json.dumps(answer, ensure_ascii=False)
