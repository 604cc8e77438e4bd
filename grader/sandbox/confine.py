"""The walls around a child that runs a student's code, put up in the child itself just before it touches that code.

Theory of operation. The child of a zygote leaves the session and the descriptors of its parent, sets hard resource
limits, gives up every privilege, and then binds itself to two rules of the kernel that nobody can loosen again:
Landlock (which files) and seccomp (which system calls). The order matters: each step needs what the next one takes
away. Where the zygote runs in bubblewrap (tier.py), all this comes on top. In the tier `none` only session,
descriptors and limits are set.
"""

import os
import resource
import signal
from collections.abc import Sequence
from dataclasses import dataclass

from grader.sandbox import kernel, landlock, seccomp
from grader.sandbox.limits import Limits
from grader.sandbox.view import DEVICES

SPARE_PROCESSES = 1024
"""RLIMIT_NPROC counts all of a user's processes, also those started meanwhile; this much room is left for them."""
_SPARE_ADDRESSES = 4 << 30
"""Address space beyond the memory limit: each thread reserves some that it never fills."""


@dataclass(frozen=True)
class Walls:
    """What a child is confined to, worked out once for each zygote."""

    landlock_abi: int
    """0: no kernel rules (the tier `none`)."""
    readable: tuple[str, ...]
    processes: int
    """Processes and threads that the user had when the zygote started."""


def confine(limits: Limits, walls: Walls, *, keep_fd: int, folder: str) -> None:
    """Leave the parent's session and descriptors behind and put up the walls.

    Args:
        limits: what the child may use.
        walls: what it may see.
        keep_fd: the one descriptor above 2 that stays open (the channel to the judge).
        folder: where it may write.

    Raises:
        OSError: a wall does not stand; the child must end.
    """
    os.setsid()
    _close_descriptors(keep_fd)
    _set_limits(limits, walls.processes)
    if walls.landlock_abi == 0:
        return
    kernel.die_with_parent(signal.SIGKILL)
    kernel.hide_memory()
    kernel.drop_capabilities()
    kernel.gain_no_privileges()
    landlock.restrict(walls.landlock_abi, _file_rules(walls.readable, folder))
    seccomp.load(seccomp.build_program(kernel.machine(), os.getpid()))


def _close_descriptors(keep_fd: int) -> None:
    null = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(null, standard)
    os.closerange(3, keep_fd)
    os.closerange(keep_fd + 1, 65536)


def _set_limits(limits: Limits, processes: int) -> None:
    hard = {
        "CPU": limits.child_cpu_s,
        "DATA": limits.mem_bytes,
        "AS": _address_bytes() + limits.mem_bytes + _SPARE_ADDRESSES,
        "FSIZE": limits.file_bytes,
        "NOFILE": limits.open_files,
        "NPROC": processes + SPARE_PROCESSES,
        "CORE": 0,
        "MEMLOCK": 0,
        "MSGQUEUE": 0,
    }
    for name, most in hard.items():
        which = getattr(resource, f"RLIMIT_{name}", None)
        if which is None or (name == "AS" and not os.path.exists(_STATM)):
            continue
        _, ceiling = resource.getrlimit(which)
        allowed = most if ceiling == resource.RLIM_INFINITY else min(most, ceiling)
        resource.setrlimit(which, (allowed, allowed))


_STATM = "/proc/self/statm"


def _address_bytes() -> int:
    """Address space that is in use already: TensorFlow's libraries take gigabytes of it."""
    try:
        with open(_STATM, "rb") as file:
            return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:  # no /proc (macOS)
        return 0


def _file_rules(readable: Sequence[str], folder: str) -> list[tuple[str, int]]:
    rules = [(path, landlock.READ if os.path.isdir(path) else landlock.READ_FILE) for path in readable]
    rules += [(device, landlock.READ_FILE) for device in DEVICES]
    rules += [("/dev/null", landlock.WRITE_FILE), (folder, landlock.MAKE)]
    # TensorFlow looks at its own command line and at the processor; nothing else of /proc opens.
    return rules + [(path, landlock.READ_FILE) for path in OWN_PROC]


OWN_PROC = ("/proc/self/cmdline", "/proc/self/stat", "/proc/self/statm", "/proc/self/status", "/proc/cpuinfo")
