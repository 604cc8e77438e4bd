"""Many submissions: spreads them over processes and gives the reports back in order.

Each process has a `Judge` of its own, warm after its first submission. A process that dies is replaced, and its
submission is graded anew; when that one dies too, the report is `internal-error`, the kit's fault.
"""

import contextlib
import multiprocessing
import socket
from collections.abc import Iterable, Iterator, Mapping
from multiprocessing.connection import Connection, wait

from grader import __version__
from grader.bank.kata import Kata
from grader.errors import KitError
from grader.intake import Submission
from grader.judge.judge import open_judge, strongest_isolation
from grader.result import Report, Status
from grader.sandbox.host import Nursery
from grader.sandbox.tier import Tier
from grader.words.languages import LANGUAGES

_SHARED = frozenset({"keras"})
"""Needs whose import costs so much that all judges share it."""
MOST_AHEAD = 500
"""Reports that may wait for an earlier one."""


def grade_class(
    submissions: Iterable[Submission], katas: tuple[Kata, ...], *, jobs: int, isolation: str | None = None
) -> Iterator[Report]:
    """Yield one report for each submission, in the order of the submissions, as soon as it and all before it are ready.

    Args:
        submissions: what to grade; taken one by one, when a judge is free.
        katas: the katas that count; all of one bank.
        jobs: how many processes grade at once, >= 1.
        isolation: "full", "kernel-rules" or "none"; None: the strongest that works here.

    Raises:
        ContentError: the katas cannot be judged as they are; see `open_judge`.
        InternalFault: no judge can be started at all.
        IsolationError: student code cannot be isolated here.
    """
    isolation = isolation or strongest_isolation()
    if jobs <= 1:
        with open_judge(katas, isolation=isolation) as judge:
            for submission in submissions:
                yield judge.grade(submission)
        return
    with contextlib.ExitStack() as around:
        nurseries = {
            needs: around.enter_context(Nursery(needs, Tier(isolation), jobs))
            for needs in _SHARED & {kata.needs for kata in katas}
        }
        workers = []
        for _ in range(jobs):
            workers.append(_Worker(katas, isolation, nurseries))
            around.callback(workers[-1].end)
        yield from _in_order(submissions, workers)


def _in_order(submissions: Iterable[Submission], workers: "list[_Worker]") -> Iterator[Report]:
    ready: dict[int, Report] = {}
    waiting = enumerate(submissions)
    running: dict[Connection, tuple[_Worker, int, Submission]] = {}
    second_try: set[int] = set()
    following = 0
    idle = list(workers)
    while True:
        # A slow submission holds back those after it; how many of them are kept is bounded.
        while idle and len(ready) < MOST_AHEAD and (pair := next(waiting, None)) is not None:
            worker = idle.pop()
            running[worker.start(pair[1])] = (worker, *pair)
        if not running:
            return
        for connection in wait(list(running)):
            assert isinstance(connection, Connection)
            worker, number, submission = running.pop(connection)
            report = worker.receive(submission, again=number not in second_try)
            if report is None:
                second_try.add(number)
                running[worker.start(submission)] = (worker, number, submission)
                continue
            second_try.discard(number)
            ready[number] = report
            idle.append(worker)
        while following in ready:
            yield ready.pop(following)
            following += 1


class _Worker:
    """One process with a judge, and our end of the pipe to it."""

    def __init__(self, katas: tuple[Kata, ...], isolation: str, nurseries: Mapping[str, Nursery]) -> None:
        self._katas = katas
        self._isolation = isolation
        self._nurseries = nurseries
        self._start_process()

    def _start_process(self) -> None:
        # "spawn": a forked copy of a process with threads (the progress line has one) may hang.
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        # A process that takes the place of another one finds none left, and starts its own.
        lent = {needs: control for needs, nursery in self._nurseries.items() if (control := nursery.take())}
        self._process = context.Process(target=serve, args=(theirs, self._katas, self._isolation, lent), daemon=True)
        self._process.start()
        theirs.close()
        for control in lent.values():
            control.close()

    def start(self, submission: Submission) -> Connection:
        """Begin with a submission; what is returned becomes readable when `receive` has something to say."""
        # A process that has just died is noticed by `receive`.
        with contextlib.suppress(OSError):
            self._connection.send(submission)
        return self._connection

    def receive(self, submission: Submission, *, again: bool) -> Report | None:
        """Return the report; None if the process has died and `again` says that this may be tried once more."""
        try:
            answer = self._connection.recv()
        except (EOFError, OSError):
            self._process.join()
            reason = f"the judge's process ended twice on this submission, with status {self._process.exitcode}"
            self._connection.close()
            self._start_process()
            if again:
                return None
            return internal_report(submission, self._katas, reason, isolation=self._isolation)
        if isinstance(answer, KitError):
            raise answer
        assert isinstance(answer, Report)
        return answer

    def end(self) -> None:
        self._connection.close()
        self._process.join(timeout=10)
        if self._process.is_alive():
            self._process.kill()


def internal_report(submission: Submission, katas: tuple[Kata, ...], reason: str, *, isolation: str) -> Report:
    """Return the report on a submission that could not be judged through no fault of its own."""
    return Report(
        submission=submission.id,
        status=Status.INTERNAL_ERROR,
        isolation=isolation,
        kit=__version__,
        digest=submission.digest,
        seconds=0.0,
        max_score=round(sum(kata.points for kata in katas), 4),
        reason=dict.fromkeys(LANGUAGES, reason),
    )


def serve(connection: Connection, katas: tuple[Kata, ...], isolation: str, lent: Mapping[str, socket.socket]) -> None:
    """Judge what comes over the connection until it closes; the main function of a worker process."""
    try:
        with open_judge(katas, isolation=isolation, lent=lent) as judge:
            while True:
                connection.send(judge.grade(connection.recv()))
    except (EOFError, ConnectionError, KeyboardInterrupt):
        return
    except KitError as problem:
        connection.send(problem)
