"""Finds the kit's processes among the descendants of one process, so that a test can end exactly the one it means."""

import time

import psutil

from tests.conftest import PATIENCE_S


def _python_of_the_sandbox(process):
    """True for a zygote and for the children that it forked; bubblewrap's own processes carry the same words."""
    try:
        words = process.cmdline()
    except psutil.Error:
        return False
    return any("grader.sandbox.zygote" in word for word in words) and "bwrap" not in words[0]


def zygotes(root):
    """The zygotes below a process, whatever bubblewrap has put between."""
    return [one for one in _sandbox_processes(root) if not _python_of_the_sandbox(_parent(one))]


def children(root):
    """The children of zygotes below a process: each holds a submission, or is about to."""
    return [one for one in _sandbox_processes(root) if _python_of_the_sandbox(_parent(one))]


def workers(root):
    """The processes of `kata grade --jobs N` below a process."""
    found = []
    for process in _below(root):
        try:
            if any("spawn_main" in word for word in process.cmdline()):
                found.append(process)
        except psutil.Error:
            continue
    return found


def is_alive(process):
    """True until a process has ended, whether its parent has heard of it or not."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def wait_for(find, root, *, age_s=0.0, but_not=()):
    """Return the first process that `find` gives and has given for so long.

    Raises:
        ProcessLookupError: the process above them has ended.
        AssertionError: none has come.
    """
    first_seen = {}
    deadline = time.monotonic() + PATIENCE_S
    above = psutil.Process(root)
    while (now := time.monotonic()) < deadline:
        if not is_alive(above):
            raise ProcessLookupError(f"{root} has ended; it has no {find.__name__} any more")
        for process in find(root):
            # Not the process's own start: the kernel counts that in hundredths of a second, on another clock.
            if process not in but_not and now - first_seen.setdefault(process, now) >= age_s:
                return process
        time.sleep(0.01)
    raise AssertionError(f"no process: {find.__name__} of {root}")


def _sandbox_processes(root):
    return [process for process in _below(root) if _python_of_the_sandbox(process)]


def _below(root):
    try:
        return psutil.Process(root).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def _parent(process):
    try:
        return process.parent() or process
    except psutil.Error:
        return process
