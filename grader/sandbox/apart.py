"""Namespaces of its own for each zygote of a nursery, so that two of them share no more than two in two bubblewraps.

A nursery runs in bubblewrap (tier.py) with the one right that this takes, over its own namespaces and nobody else's;
no code of a student's ever runs in it. A zygote gives the right up when it builds its walls (confine.py).
"""

import os

from grader.sandbox import kernel
from grader.sandbox.tier import TMPFS_BYTES

_NEW_MOUNTS, _NEW_PROCESSES, _NEW_IPC = 0x00020000, 0x20000000, 0x08000000
_NOSUID, _NODEV, _NOEXEC = 2, 4, 8
_RECURSIVE, _PRIVATE = 1 << 14, 1 << 18


def stand_apart(home: str) -> None:
    """Return in a new process that sees no process but its own, and an empty file system of limited size at `home`.

    The process that called it only waits for that one, and ends with it.

    Raises:
        OSError: the kernel refused.
    """
    kernel.unshare(_NEW_MOUNTS | _NEW_PROCESSES | _NEW_IPC)
    kernel.mount("none", "/", _RECURSIVE | _PRIVATE)
    first = os.fork()
    if first:
        # Nobody could tell otherwise when the other one has left its socket.
        os.closerange(0, 65536)
        os.waitpid(first, 0)
        os._exit(0)
    kernel.mount("tmpfs", home, _NOSUID | _NODEV, f"size={TMPFS_BYTES},mode=0700")
    kernel.mount("proc", "/proc", _NOSUID | _NODEV | _NOEXEC)
