"""Limits on a child that runs a student's code, set in the child itself just before it touches that code.

This is the plain version: own session, closed descriptors, resource limits. It stops loops, memory bombs and full
disks; it hides no file and no network (the report says `isolation: none`).
"""

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """What one child may use."""

    call_cpu_s: float
    """CPU seconds for one request, counted inside the child; then the line that was running is named."""
    call_wall_s: float
    """Wall seconds for one request, counted by the judge; then the child is killed. Several times call_cpu_s: also on a
    busy machine an endless loop meets the limit that names its line, and the report does not depend on the load."""
    child_cpu_s: int
    """CPU seconds for the child's whole life, held by the kernel."""
    mem_bytes: int
    file_bytes: int
    """Size of the largest file it may write."""
    open_files: int
    processes: int
    """Processes and threads beyond those that the user already has; the kernel does not hold root to it."""


PLAIN = Limits(
    call_cpu_s=5,
    call_wall_s=30,
    child_cpu_s=60,
    mem_bytes=1 << 30,
    file_bytes=32 << 20,
    open_files=128,
    processes=64,
)
KERAS = Limits(
    call_cpu_s=20,
    call_wall_s=90,
    child_cpu_s=120,
    mem_bytes=3 << 30,
    file_bytes=32 << 20,
    open_files=256,
    processes=64,
)


def confine(limits: Limits, *, keep_fd: int, running: int) -> None:
    """Leave the parent's session and descriptors behind and set the resource limits.

    Args:
        keep_fd: the one descriptor above 2 that stays open (the channel to the judge).
        running: processes and threads that the user has already; the kernel counts them too.
    """
    # Imported here, because this module's limits are read on systems that have no such module (Windows).
    import resource

    os.setsid()
    null = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(null, standard)
    os.closerange(3, keep_fd)
    os.closerange(keep_fd + 1, 65536)
    hard = {
        resource.RLIMIT_CPU: limits.child_cpu_s,
        resource.RLIMIT_DATA: limits.mem_bytes,
        resource.RLIMIT_FSIZE: limits.file_bytes,
        resource.RLIMIT_NOFILE: limits.open_files,
        resource.RLIMIT_NPROC: running + limits.processes,
        resource.RLIMIT_CORE: 0,
    }
    for which, most in hard.items():
        _, ceiling = resource.getrlimit(which)
        allowed = most if ceiling == resource.RLIM_INFINITY else min(most, ceiling)
        resource.setrlimit(which, (allowed, allowed))
