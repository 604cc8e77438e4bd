"""Grading on a Dask cluster: `kata grade --scheduler ADDRESS`.

Theory of operation. The client (this process) reads submissions and is the only one that writes. Each worker gets a
plugin with the bank's files, and with it one judge and one warm sandbox, in a thread of its own. A task is a pure
function from a submission's bytes to its report; the scheduler hands the task of a worker that died to another one.
Client, scheduler and workers run each other's code, by Dask's design, so all of them have to be trusted; what is
isolated is a submission, on the worker, as it would be here.
"""

import asyncio
import contextlib
import logging
import shutil
import tempfile
import uuid
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import CancelledError, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from distributed import Client, Future, Security, WorkerPlugin, get_worker, rpc
from distributed.comm.core import CommClosedError
from distributed.scheduler import KilledWorker

from grader import __version__
from grader.bank.kata import Kata, bank_files
from grader.errors import IsolationError, KitError, UsageError
from grader.intake import Submission
from grader.judge.judge import Judge, isolation_for_trusted_code, open_judge
from grader.judge.processes import internal_report
from grader.result import Report

CONNECT_WALL_S = 10
"""For the scheduler to answer, and then for a first worker to be there."""
MOST_AHEAD = 20
"""Submissions on their way at once, for each thread of the cluster."""
_STRENGTH = ("none", "kernel-rules", "full")


class Cluster:
    """A connection to a scheduler whose workers have the katas and a judge; a context manager."""

    def __init__(self, address: str, katas: tuple[Kata, ...], *, trusted: bool) -> None:
        """Connect, ask every worker what it can isolate, and give each the katas' files.

        Args:
            address: of the scheduler, e.g. "tcp://10.0.0.5:8786" or "tls://...".
            katas: the katas that count; all of one bank.
            trusted: grade without isolation.

        Raises:
            UsageError: nobody answers there, there is no worker, or one has another version of the kit.
            IsolationError: a worker can isolate nothing.
        """
        self.address = address
        self._katas = katas
        self._plugin = f"perceptron-kata-{uuid.uuid4()}"
        # Should the scheduler go away, one sentence says so; Dask's client would print tracebacks from its own thread.
        logging.getLogger("distributed.client").setLevel(logging.CRITICAL)
        try:
            # First by one bare question: a Client that finds nobody at an address goes on trying for a long time.
            asyncio.run(asyncio.wait_for(_greet(address), CONNECT_WALL_S))
            self._client = Client(address, timeout=CONNECT_WALL_S, set_as_default=False)
        except (OSError, ValueError, CommClosedError) as problem:
            reason = str(problem).splitlines()[0] if str(problem) else "silence"
            raise UsageError("no_scheduler", address=address, seconds=CONNECT_WALL_S, reason=reason) from None
        try:
            self.isolation = "none" if trusted else self._weakest_isolation()
            self._client.register_plugin(BankPlugin(katas, self.isolation), name=self._plugin)
        except BaseException:
            self._client.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Without a scheduler there is nobody to tell.
        with contextlib.suppress(CommClosedError, OSError, CancelledError):
            self._client.unregister_worker_plugin(self._plugin)
        self._client.close()

    def grade(self, submissions: Iterable[Submission]) -> Iterator[Report]:
        """Yield one report for each submission, in the order of the submissions.

        Raises:
            UsageError: the scheduler is gone.
            KitError: as a judge raises it, see judge.py.
        """
        running: deque[tuple[Submission, Future[Report]]] = deque()
        most = MOST_AHEAD * max(1, sum(self._client.nthreads().values()))
        for submission in submissions:
            if len(running) >= most:
                yield self._report(*running.popleft())
            running.append((submission, self._client.submit(judge_here, submission, self._plugin, pure=False)))
        while running:
            yield self._report(*running.popleft())

    def _weakest_isolation(self) -> str:
        """What every worker can give, so that a report does not depend on the worker."""
        try:
            self._client.wait_for_workers(1, timeout=CONNECT_WALL_S)
        except TimeoutError:
            raise UsageError("no_workers", address=self.address, seconds=CONNECT_WALL_S) from None
        try:
            described: dict[str, tuple[str, str]] = self._client.run(describe_this_worker)
        except ImportError as problem:
            raise UsageError("other_kit", address=self.address, kit=__version__, found=problem) from None
        for worker, (kit, isolation) in described.items():
            if kit != __version__:
                raise UsageError("other_kit", address=worker, kit=__version__, found=kit)
            if isolation == "none":
                raise IsolationError("worker_without", {"worker": str(worker)})
        return min((isolation for _, isolation in described.values()), key=_STRENGTH.index)

    def _report(self, submission: Submission, future: "Future[Report]") -> Report:
        try:
            problem = future.exception()
            if problem is None:
                return future.result()
        except (CancelledError, CommClosedError, OSError) as lost:
            problem = CancelledError(lost)
        if isinstance(problem, CancelledError):
            raise UsageError("scheduler_lost", address=self.address)
        if isinstance(problem, KitError):
            raise problem
        # The judge's border: whatever else happened on a worker, no grade is guessed.
        reason = f"{type(problem).__name__}: {problem}"
        if isinstance(problem, KilledWorker):
            reason = f"{problem.allowed_failures + 1} workers ended while they judged it"
        return internal_report(submission, self._katas, reason, isolation=self.isolation)


async def _greet(address: str) -> None:
    async with rpc(address, connection_args=Security().get_connection_args("client")) as scheduler:
        await scheduler.identity()


def describe_this_worker() -> tuple[str, str]:
    """Return the kit's version and the strongest isolation, as found where this runs."""
    return __version__, isolation_for_trusted_code()


def judge_here(submission: Submission, plugin: str) -> Report:
    """Return the report on one submission by the judge of the worker where this runs."""
    bank = get_worker().plugins[plugin]
    assert isinstance(bank, BankPlugin)
    return bank.grade(submission)


class BankPlugin(WorkerPlugin):
    """The katas' files on a worker, and a judge that is warm after its first submission."""

    def __init__(self, katas: tuple[Kata, ...], isolation: str) -> None:
        """Keep the katas with their files' bytes until `setup` on the worker."""
        self._katas = katas
        self._files = _packed(katas)
        self._isolation = isolation
        self._judge: Judge | None = None

    def setup(self, worker: Any) -> None:
        """Write the banks into a folder of this worker's own."""
        del worker
        self._bank = Path(tempfile.mkdtemp(prefix="kata-bank-"))
        for name, content in self._files.items():
            path = self._bank / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        # One thread: a judge takes one submission at a time, and bubblewrap ends with the thread that started it.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="kata-judge")

    def teardown(self, worker: Any) -> None:
        """End the judge and its sandbox, and remove the bank."""
        del worker
        self._thread.submit(self._close).result()
        self._thread.shutdown()
        shutil.rmtree(self._bank, ignore_errors=True)

    def grade(self, submission: Submission) -> Report:
        """Return the report on one submission; others wait meanwhile."""
        return self._thread.submit(self._grade, submission).result()

    def _grade(self, submission: Submission) -> Report:
        if self._judge is None:
            self._judge = open_judge(_moved(self._katas, self._bank), isolation=self._isolation)
        return self._judge.grade(submission)

    def _close(self) -> None:
        if self._judge is not None:
            self._judge.close()


def _packed(katas: tuple[Kata, ...]) -> dict[str, bytes]:
    """What a judge reads of the banks, by path; each bank in a folder named by its number."""
    found = {}
    for number, bank in enumerate(_banks_of(katas)):
        own = (path for kata in katas if kata.bank == bank for path in kata.files("judge"))
        for path in (*bank_files(bank), *own):
            found[f"{number}/{path.relative_to(bank).as_posix()}"] = path.read_bytes()
    return found


def _moved(katas: tuple[Kata, ...], folder: Path) -> tuple[Kata, ...]:
    """The katas as they lie where the files of `_packed` were written."""
    places = {bank: folder / str(number) for number, bank in enumerate(_banks_of(katas))}
    return tuple(
        replace(
            kata,
            exercise=places[kata.bank] / "exercises" / kata.name,
            solution=None if kata.solution is None else places[kata.bank] / "solutions" / kata.name,
        )
        for kata in katas
    )


def _banks_of(katas: tuple[Kata, ...]) -> list[Path]:
    return list(dict.fromkeys(kata.bank for kata in katas))
