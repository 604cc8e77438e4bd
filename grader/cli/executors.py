"""Who grades for `kata grade`: processes of this machine, or the workers of a Dask cluster."""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from grader.bank.kata import Kata
from grader.cli.shared import Speaker, require_libraries
from grader.errors import UsageError
from grader.intake import Submission
from grader.judge.processes import grade_class
from grader.result import Report
from grader.sandbox.tier import require_isolation, require_sandbox


@dataclass(frozen=True)
class Executor:
    """Grades submissions, in their order."""

    isolation: str
    """The word that stands in every report."""
    grade: Callable[[Iterable[Submission]], Iterator[Report]]


@contextmanager
def open_executor(
    katas: tuple[Kata, ...], speaker: Speaker, *, jobs: int, scheduler: str | None, no_isolation: bool
) -> Iterator[Executor]:
    """Find out what isolates here or on the cluster, say it in one line, and give what grades.

    Args:
        katas: the katas that count.
        speaker: says it.
        jobs: processes of this machine; without a scheduler.
        scheduler: the cluster's address, or None.
        no_isolation: run students' code with the rights of whoever runs the judge.

    Raises:
        IsolationError: nothing isolates, and no_isolation is not set; or this is no Linux.
        UsageError: the cluster cannot be used, or this machine lacks what a kata's file imports.
    """
    if scheduler is None:
        reason, isolation = "", "none"
        require_sandbox()
        require_libraries(katas)
        if not no_isolation:
            found = require_isolation()
            reason, isolation = found.bubblewrap, str(found.tier)
        speaker.warn("isolation", isolation, reason=reason)
        yield Executor(isolation, lambda submissions: grade_class(submissions, katas, jobs=jobs, isolation=isolation))
        return
    try:
        # Not at the top: Dask is an extra, and its import takes half a second.
        from grader.judge.dask import Cluster
    except ImportError as problem:
        raise UsageError("no_distributed", reason=problem) from None
    with Cluster(scheduler, katas, trusted=no_isolation) as cluster:
        speaker.warn("isolation", cluster.isolation, reason=scheduler)
        yield Executor(cluster.isolation, cluster.grade)


def count_cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
