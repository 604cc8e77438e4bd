"""One submission in, one report out: the checks run here, the student's code in a sandbox child.

Theory of operation. `Judge` collects the katas' checks once, in a pytest session of its own that lives in a thread and
waits in `pytest_runtestloop`. `grade` hands a submission to that loop and waits for its report: so a pytest that has
started once judges any number of submissions. Each kata gets a fresh child, and hidden checks another one than public
checks: the checks that share a child are a part. A part whose zygote died under it is judged again from its start, so
its report is the same as if nothing had happened. The set of checks comes from the katas' files alone; a check without
an outcome is the kit's fault.
"""

import contextlib
import queue
import socket
import threading
import time
from collections.abc import Mapping
from itertools import groupby
from types import TracebackType
from typing import Self

import pytest

from grader import __version__
from grader.bank.kata import Kata, require_files, require_points
from grader.bank.texts import load_kata_texts
from grader.checks.check import CHECK, PROBLEM, Check
from grader.checks.session import NoFile, Session
from grader.checks.student import Student
from grader.errors import ContentError, InternalFault, KitError
from grader.expect import clean
from grader.intake import Problem, Submission
from grader.judge.one_check import run_checks
from grader.plugin import PROVIDER, RESULTS, forget_modules, judge_call, quiet_arguments, scale_points
from grader.result import CheckResult, KataResult, Outcome, Report, Status, fit_into_line
from grader.sandbox import limits
from grader.sandbox.client import Sandbox
from grader.sandbox.host import MOST_DEATHS, ZygoteDied
from grader.sandbox.remote import Budget, SandboxSession
from grader.sandbox.tier import Tier, find_isolation, require_isolation
from grader.words.catalogue import load_catalogue
from grader.words.languages import LANGUAGES, TEXTS, Text


def strongest_isolation() -> str:
    """Try what this machine allows and return the word for the report: "full" or "kernel-rules".

    Raises:
        IsolationError: neither works.
    """
    return str(require_isolation().tier)


def isolation_for_trusted_code() -> str:
    """Return the strongest isolation that works, be it "none": for the kit's own answers, not for submissions."""
    return str(find_isolation().tier)


def open_judge(katas: tuple[Kata, ...], *, isolation: str, lent: Mapping[str, socket.socket] | None = None) -> "Judge":
    """Start a judge for marks that count; arguments as for a `Judge`.

    Raises:
        ContentError: a kata's points are not those of its checks; or as a `Judge` raises it.
    """
    judge = Judge(katas, isolation=isolation, lent=lent)
    try:
        for kata in katas:
            require_points(kata, judge.points_of(kata))
    except ContentError:
        judge.close()
        raise
    return judge


class Judge:
    """Grades submissions, one at a time, in the order in which they come; a context manager."""

    def __init__(
        self,
        katas: tuple[Kata, ...],
        *,
        isolation: str | None = None,
        lent: Mapping[str, socket.socket] | None = None,
    ) -> None:
        """Start the sandbox's processes and collect the checks.

        Args:
            katas: which count; of one bank or several.
            isolation: "full", "kernel-rules" or "none" (for code that one trusts); None: the strongest that works.
            lent: sockets to zygotes of a nursery, see `Sandbox`.

        Raises:
            ContentError: a file is missing, a catalogue or bank.toml wrong, or a check says too little about itself.
            InternalFault: the checks cannot be collected.
            IsolationError: nothing works here, and "none" was not asked for.
        """
        require_files(katas, "judge")
        for kata in katas:
            # Here, where an author's mistake is told in one sentence; pytest would draw a traceback around it.
            load_kata_texts(kata, hidden=True)
        self.katas = katas
        self.isolation = isolation or strongest_isolation()
        guarded = [file for kata in katas for file in (kata.hidden_checks, kata.public_checks) if file]
        self._sandbox = Sandbox(
            Tier(self.isolation),
            guarded=[*guarded, *dict.fromkeys(kata.exercise.parent for kata in katas)],
            lent=lent,
        )
        self._sandbox.warm({kata.needs for kata in katas})
        self._loop = _Loop(katas, self._sandbox)
        self._loop.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the pytest session and the sandbox's processes."""
        self._loop.stop()
        self._sandbox.close()

    @property
    def max_score(self) -> float:
        """Points of all checks of these katas."""
        return round(sum(check.points for check in self._loop.checks), 4)

    def points_of(self, kata: Kata) -> list[float]:
        """Points of each check of a kata."""
        return [check.points for check in self._loop.checks if check.kata.name == kata.name]

    def titles_of(self, kata: Kata) -> dict[str, Text]:
        """The title of each check of a kata in every language, by the check's id."""
        return {check.id: check.title for check in self._loop.checks if check.kata.name == kata.name}

    def grade(self, submission: Submission) -> Report:
        """Return the report on one submission. Nothing that a submission does raises here.

        Raises:
            IsolationError: before anything is judged, if the walls do not hold on this machine.
        """
        start = time.monotonic()
        self._sandbox.prove()
        status, reason, results = Status.GRADED, {}, tuple[KataResult, ...]()
        try:
            if submission.unreadable is not None:
                status = Status.UNREADABLE
                reason = _problem_text(submission.unreadable)
            else:
                results = self._loop.run(submission)
                results = tuple(one.not_begun() if one.kata in submission.untouched else one for one in results)
        except KitError as problem:
            status = Status.INTERNAL_ERROR
            reason = dict.fromkeys(LANGUAGES, str(problem))
        if any(check.outcome is Outcome.INTERNAL for kata in results for check in kata.checks):
            status = Status.INTERNAL_ERROR
        report = Report(
            submission=submission.id,
            status=status,
            isolation=self.isolation,
            kit=__version__,
            digest=submission.digest,
            seconds=round(time.monotonic() - start, 3),
            max_score=self.max_score,
            katas=results,
            reason=reason,
        )
        return fit_into_line(report)


def _problem_text(problem: Problem) -> dict[str, str]:
    values = {name: clean(value) for name, value in problem.values.items()}
    return load_catalogue(TEXTS / "common.toml").text("tags", problem.tag, **values)


class _SubmissionProvider:
    """The students of one submission: one session for each kata's public checks and one for its hidden checks."""

    def __init__(self, submission: Submission, sandbox: Sandbox) -> None:
        self._submission = submission
        self._sandbox = sandbox
        self._open: tuple[tuple[str, bool], Session] | None = None
        self._broken: dict[str, Session] = {}
        self._budget = Budget(wall_s=limits.SUBMISSION_WALL_S, cpu_s=limits.JUDGE_CPU_S)

    def student_for(self, check: Check) -> Student:
        kata, key = check.kata, (check.kata.name, check.hidden)
        if self._open is None or self._open[0] != key:
            self.close()
            # A file that does not load is not tried again: an endless loop at import would cost its time twice.
            self._open = (key, self._broken.get(kata.name) or self._session_of(kata))
        return Student(self._open[1], check.id)

    def _session_of(self, kata: Kata) -> Session:
        problem = self._submission.problems.get(kata.name)
        if problem is not None:
            return NoFile(problem.tag, **problem.values)
        source = self._submission.files.get(kata.name)
        if source is None:
            return NoFile("missing_file", file=kata.file_name)
        return SandboxSession(
            self._sandbox, source, kata.file_name, needs=kata.needs, aside=kata.aside, budget=self._budget
        )

    def close(self) -> None:
        """End the child.

        Raises:
            ZygoteDied: what its last answers were worth is not known.
        """
        opened, self._open = self._open, None
        if opened is None:
            return
        (name, _), session = opened
        self._broken.pop(name, None)
        if isinstance(session, SandboxSession):
            session.close()
            if session.broken is not None:
                self._broken[name] = session


class _Loop:
    """The pytest session in its thread, and the two queues that lead to it."""

    def __init__(self, katas: tuple[Kata, ...], sandbox: Sandbox) -> None:
        self.checks: list[Check] = []
        self._katas = katas
        self._sandbox = sandbox
        self._inbox: queue.SimpleQueue[Submission | None] = queue.SimpleQueue()
        self._outbox: queue.SimpleQueue[tuple[KataResult, ...] | BaseException] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run_pytest, name="judge", daemon=True)

    def start(self) -> None:
        self._thread.start()
        self._receive()

    def stop(self) -> None:
        self._inbox.put(None)
        self._thread.join()

    def run(self, submission: Submission) -> tuple[KataResult, ...]:
        self._inbox.put(submission)
        return self._receive()

    def _receive(self) -> tuple[KataResult, ...]:
        answer = self._outbox.get()
        if isinstance(answer, ContentError):
            raise answer
        if isinstance(answer, BaseException):
            raise InternalFault(f"{type(answer).__name__}: {answer}") from answer
        return answer

    # --- in the thread ----------------------------------------------------------------------------------------

    def _run_pytest(self) -> None:
        files = [str(file) for kata in self._katas for file in (kata.public_checks, kata.hidden_checks) if file]
        arguments = [*quiet_arguments(self._katas[0].bank), *files]
        try:
            status = pytest.main(arguments, plugins=[self])
            self._outbox.put(InternalFault(f"pytest ended with status {status}; run kata audit"))
        except BaseException as problem:  # the judge's border: whatever it was, `grade` has to hear of it
            self._outbox.put(problem)

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        # Set before the plugin sees it missing and takes the student's own files.
        config.stash[PROVIDER] = _SubmissionProvider(Submission("", {}), self._sandbox)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = [item for item in session.items if CHECK in item.stash]
        order = {kata.name: index for index, kata in enumerate(self._katas)}
        # Authoring order within a kata, public before hidden, so that each child is opened once.
        items.sort(key=lambda item: (order[item.stash[CHECK].kata.name], item.stash[CHECK].hidden))
        parts = [list(part) for _, part in groupby(items, key=_part_of)]
        scale_points(items, self._katas)
        self.checks = [item.stash[CHECK] for item in items]
        forget_modules(items)
        if PROBLEM in session.config.stash:
            self._outbox.put(session.config.stash[PROBLEM])
            return True
        if session.testsfailed or {check.kata.name for check in self.checks} != set(order):
            raise InternalFault("the checks of a kata cannot be collected; run pytest on its folder to see why")
        self._outbox.put(())
        while (submission := self._inbox.get()) is not None:
            try:
                self._outbox.put(self._judge(session.config, parts, submission))
            except Exception as problem:  # the judge's border: one submission's fault is not the next one's
                self._outbox.put(problem)
        return True

    def _judge(
        self, config: pytest.Config, parts: list[list[pytest.Item]], submission: Submission
    ) -> tuple[KataResult, ...]:
        provider = _SubmissionProvider(submission, self._sandbox)
        results = config.stash[RESULTS]
        results.clear()
        config.stash[PROVIDER] = provider
        try:
            for part in parts:
                self._judge_part(part, provider, results)
        finally:
            provider.close()
        return tuple(
            KataResult(
                kata.name,
                tuple(_outcome(results, check) for check in self.checks if check.kata.name == kata.name),
            )
            for kata in self._katas
        )

    def _judge_part(
        self, part: list[pytest.Item], provider: _SubmissionProvider, results: dict[tuple[str, str], CheckResult]
    ) -> None:
        """Run the checks that share a child; all of them again if its zygote died meanwhile.

        Raises:
            InternalFault: it died again and again.
        """
        kata = part[0].stash[CHECK].kata
        for _ in range(MOST_DEATHS):
            deaths = self._sandbox.deaths
            run_checks(part)
            # What the last answers were worth shows only here, when the zygote confirms the end of the child.
            with contextlib.suppress(ZygoteDied):
                provider.close()
            if self._sandbox.deaths == deaths:
                return
            for item in part:
                results.pop((kata.name, item.stash[CHECK].id), None)
        raise InternalFault(
            f"the sandbox process was killed {MOST_DEATHS} times while {kata.name} was judged; "
            "was it out of memory? (kata grade --resume tries again)"
        )


def _part_of(item: pytest.Item) -> tuple[str, bool]:
    """Checks of one part share a child: the public ones of a kata, or its hidden ones."""
    return item.stash[CHECK].kata.name, item.stash[CHECK].hidden


def _outcome(results: dict[tuple[str, str], CheckResult], check: Check) -> CheckResult:
    """The check's result; one that left none is the kit's fault, never a pass."""
    result = results.get((check.kata.name, check.id))
    return result or judge_call(check, "setup", InternalFault("the check gave no outcome"))
