"""The walls around a child that runs a student's code, put up in the child itself just before it touches that code.

Theory of operation. What no child needs, the zygote gives up once, for itself and all children: most resource limits,
every privilege, its entry in /proc. The child leaves the session and the descriptors of its parent, and then binds
itself to two rules of the kernel that nobody can loosen again: Landlock (which files) and seccomp (which system calls).
The order matters: each step needs what the next one takes away. Where the zygote runs in bubblewrap (tier.py), all this
comes on top. In the tier `none` only session, descriptors and limits are set.

Every page of memory that a child writes to first is copied, for two to three microseconds; so whatever is the same for
all children is worked out in the zygote.
"""

import os
import resource
import signal
from collections.abc import Sequence
from dataclasses import dataclass

from grader.sandbox import kernel, landlock, seccomp
from grader.sandbox.disk import DEVICES
from grader.sandbox.limits import Limits

SPARE_PROCESSES = 1024
"""RLIMIT_NPROC counts all of a user's processes, also those started meanwhile; this much room is left for them."""
_SPARE_ADDRESSES = 4 << 30
"""Address space beyond the memory limit: each thread reserves some that it never fills."""


@dataclass(frozen=True)
class Walls:
    """What a child is confined to."""

    landlock_abi: int
    """0: no kernel rules (the tier `none`)."""
    readable: tuple[str, ...]
    processes: int
    """Processes and threads that the user had when the zygote started."""


class Builder:
    """Puts up the walls; one for each zygote."""

    def __init__(self, limits: Limits, walls: Walls) -> None:
        """Set in this process what holds for it and for all its children; it needs nothing of that itself.

        Raises:
            OSError: the kernel refused.
        """
        _set_limits(limits)
        # A zygote lives longer and has more files open than any child may, and has to start it in any case.
        own = {"CPU": limits.child_cpu_s, "NOFILE": limits.open_files, "NPROC": walls.processes + SPARE_PROCESSES}
        self._own_limits = [_lowered(name, most) for name, most in own.items()]
        self._rules: landlock.Rules | None = None
        if walls.landlock_abi == 0:
            return
        kernel.hide_memory()
        kernel.drop_capabilities()
        kernel.gain_no_privileges()
        self._rules = landlock.Rules(walls.landlock_abi, _common_rules(walls.readable))
        self._filter = seccomp.Filter(lambda pid: seccomp.build_program(kernel.machine(), pid))

    def confine(self, *, keep_fd: int, folder: str) -> None:
        """Leave the parent's session and descriptors behind and put up the walls around this process.

        Args:
            keep_fd: the one descriptor above 2 that stays open (the channel to the judge).
            folder: where it may write.

        Raises:
            OSError: a wall does not stand; the child must end.
        """
        os.setsid()
        for which, limit in self._own_limits:
            resource.setrlimit(which, limit)
        if self._rules is not None:
            kernel.die_with_parent(signal.SIGKILL)
            self._rules.restrict([(folder, landlock.MAKE), *((path, landlock.READ_FILE) for path in OWN_PROC)])
        _close_descriptors(keep_fd)
        if self._rules is not None:
            self._filter.load(os.getpid())


def _close_descriptors(keep_fd: int) -> None:
    null = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(null, standard)
    os.closerange(3, keep_fd)
    os.closerange(keep_fd + 1, 65536)


def _set_limits(limits: Limits) -> None:
    hard = {
        "DATA": limits.mem_bytes,
        "AS": _address_bytes() + limits.mem_bytes + _SPARE_ADDRESSES,
        "FSIZE": limits.file_bytes,
        "CORE": 0,
        "MEMLOCK": 0,
        "MSGQUEUE": 0,
    }
    for name, most in hard.items():
        if not hasattr(resource, f"RLIMIT_{name}") or (name == "AS" and not os.path.exists(_STATM)):
            continue
        resource.setrlimit(*_lowered(name, most))


def _lowered(name: str, most: int) -> tuple[int, tuple[int, int]]:
    """A limit's number, and its soft and hard value: what is asked for, or less where this process has less."""
    which = getattr(resource, f"RLIMIT_{name}")
    _, ceiling = resource.getrlimit(which)
    allowed = most if ceiling == resource.RLIM_INFINITY else min(most, ceiling)
    return which, (allowed, allowed)


_STATM = "/proc/self/statm"


def _address_bytes() -> int:
    """Address space that is in use already: TensorFlow's libraries take gigabytes of it."""
    try:
        with open(_STATM, "rb") as file:
            return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:  # no /proc (macOS)
        return 0


def _common_rules(readable: Sequence[str]) -> list[tuple[str, int]]:
    rules = [(path, landlock.READ if os.path.isdir(path) else landlock.READ_FILE) for path in readable]
    rules += [(device, landlock.READ_FILE) for device in DEVICES]
    return [*rules, ("/dev/null", landlock.WRITE_FILE), ("/proc/cpuinfo", landlock.READ_FILE)]


OWN_PROC = ("/proc/self/cmdline", "/proc/self/stat", "/proc/self/statm", "/proc/self/status")
"""TensorFlow looks at its own command line and at the processor; nothing else of /proc opens."""
