"""CPU of this process and of everything below it, by a control group where one can be made, else from /proc.

A control group counts every process, also those that nobody waited for; /proc forgets them, and counts in hundredths.
"""

import contextlib
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil

_GROUPS = Path("/sys/fs/cgroup")


@contextlib.contextmanager
def cpu_meter() -> Iterator[Callable[[], float]]:
    """Give a function that returns CPU seconds, from any start; what is started meanwhile counts."""
    for parent, usage in ((_GROUPS / "cpuacct", _read_first), (_own_group(), _read_second)):
        group = parent / f"kata-bench-{os.getpid()}"
        try:
            group.mkdir()
            _move_here(group)
        except OSError:
            continue
        try:
            yield lambda usage=usage, group=group: usage(group)  # type: ignore[misc]
        finally:
            for process in (group / "cgroup.procs").read_text("ascii").split():
                with contextlib.suppress(OSError):
                    (parent / "cgroup.procs").write_text(process, "ascii")
            with contextlib.suppress(OSError):
                group.rmdir()
        return
    yield _read_proc


def _move_here(group: Path) -> None:
    (group / "cgroup.procs").write_text(str(os.getpid()), "ascii")


def _own_group() -> Path:
    """The group of this process in the second version of control groups."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/cgroup").read_text("ascii").splitlines():
            if line.startswith("0::"):
                return _GROUPS / line.removeprefix("0::").strip("/")
    return _GROUPS


def _read_first(group: Path) -> float:
    return int((group / "cpuacct.usage").read_text("ascii")) / 1e9


def _read_second(group: Path) -> float:
    words = (group / "cpu.stat").read_text("ascii").split()
    return int(words[words.index("usage_usec") + 1]) / 1e6


def _read_proc() -> float:
    spent = [process.cpu_times() for process in psutil.Process().children(recursive=True)]
    below = sum(times.user + times.system + times.children_user + times.children_system for times in spent)
    return time.process_time() + below
