"""The filter on system calls: a small program for the kernel's packet-filter machine, loaded for ever.

Theory of operation. For each call the kernel shows the program the call's number, the machine's, and six arguments
(as plain words: it cannot follow a pointer). The program ends in one of four answers: allow; refuse with EPERM; ENOSYS
("this kernel has no such call"), after which C libraries take an older way; or kill, for calls by the numbers of
another machine (i386, x32), with which nobody honest comes here. syscalls.py lists what is allowed; here are the
conditions. The same program guards threads that the child starts later.
"""

import ctypes
import struct
from collections.abc import Callable, Sequence

from grader.sandbox import kernel, syscalls

_SECCOMP = {"x86_64": 317, "aarch64": 277}
_SET_MODE_FILTER = 1
_GET_ACTION_AVAIL = 2
MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
"""Name -> (column in syscalls.py, the kernel's AUDIT_ARCH number)."""

ALLOW, REFUSE, NO_SUCH_CALL, KILL = 0x7FFF0000, 0x00050001, 0x00050026, 0x80000000
_LOAD, _EQUAL, _AT_LEAST, _AND, _RETURN = 0x20, 0x15, 0x35, 0x54, 0x06
_X32 = 0x40000000

_MAP_SHARED_ANONYMOUS, _MAP_GROWSDOWN, _MAP_HUGETLB = 0x21, 0x100, 0x40000
_CLONE_THREAD = 0x00010000 | 0x00000800 | 0x00000100
_CLONE_REFUSED = 0x7E020080 | 0x00002000 | 0x00001000
"""Every CLONE_NEW*, CLONE_PTRACE and CLONE_PIDFD."""
_O_ACCMODE, _O_TRUNC, _O_TMPFILE = 0o3, 0o1000, 0o20000000
_IOCTLS = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)
"""TCGETS, TIOCGWINSZ (is it a terminal?), FIONREAD, FIONBIO, FIONCLEX, FIOCLEX."""
_FCNTLS = (0, 1, 2, 3, 4, 1030)
"""Duplicate and flags. Not the locks (two jobs could signal by them), owners, leases or pipe sizes."""
_RENAME_NOREPLACE = 1
_PRCTLS = (15, 16, 0x53564D41)
"""A thread's name, and names of memory areas."""


def is_available() -> bool:
    """True if the kernel takes filters and we have its table."""
    if kernel.machine() not in MACHINES:
        return False
    try:
        kernel.call(_SECCOMP[kernel.machine()], _GET_ACTION_AVAIL, 0, ctypes.byref(ctypes.c_uint32(KILL)))
    except OSError:
        return False
    return True


class Filter:
    """The filter in memory, made once by a process that forks many; each of those writes only its own number into it.

    Building it in every child would touch sixty pages of memory that it shares with its parent.
    """

    def __init__(self, build: Callable[[int], bytes]) -> None:
        """Build it by the function that makes the filter of one process from its number."""
        program, other = build(1), build(2)
        self._number_places = [
            at + 4 for at in range(0, len(program), _STEP.size) if program[at : at + 8] != other[at : at + 8]
        ]
        self._body = ctypes.create_string_buffer(program, len(program))
        header = struct.pack("@HP", len(program) // _STEP.size, ctypes.addressof(self._body))
        self._header = ctypes.c_char_p(header)
        self._call = _SECCOMP[kernel.machine()]

    def load(self, own_pid: int) -> None:
        """Bind the filter to this thread and to all that it starts; needs no_new_privs.

        Raises:
            OSError: the kernel refused it.
        """
        for place in self._number_places:
            struct.pack_into("=I", self._body, place, own_pid)
        kernel.call(self._call, _SET_MODE_FILTER, 0, self._header)


def build_program(machine: str, own_pid: int) -> bytes:
    """Return the filter for one machine and one process, which may send signals to itself only."""
    column, _ = MACHINES[machine]
    steps: list[_Step] = []
    for name, condition in _conditions(own_pid).items():
        number = syscalls.CONDITIONAL[name][column]
        if number is not None:
            body = [*condition, _answer(ALLOW)]
            steps += [(_EQUAL, 0, len(body), number), *body]
    steps += [(_EQUAL, 0, 1, syscalls.CLONE3), _answer(NO_SUCH_CALL)]
    steps += [(_AT_LEAST, 0, 1, syscalls.NEWEST + 1), _answer(NO_SUCH_CALL), _answer(REFUSE)]
    return _pack([*_common_part(machine), *steps])


_Step = tuple[int, int, int, int]
_STEP = struct.Struct("=HBBI")


def _common_part(machine: str) -> list[_Step]:
    """The calls that have no condition. Jumps are relative, so the rest can follow."""
    column, audit_arch = MACHINES[machine]
    steps = [(_LOAD, 0, 0, 4), (_EQUAL, 1, 0, audit_arch), _answer(KILL), (_LOAD, 0, 0, 0)]
    if machine == "x86_64":
        steps += [(_AT_LEAST, 0, 1, _X32), _answer(KILL)]
    for numbers in syscalls.PLAIN.values():
        plain = numbers[column]
        if plain is not None:
            steps += [(_EQUAL, 0, 1, plain), _answer(ALLOW)]
    return steps


def _pack(steps: Sequence[_Step]) -> bytes:
    return b"".join(_STEP.pack(*step) for step in steps)


def _conditions(own_pid: int) -> dict[str, list[_Step]]:
    """The steps that refuse a call's wrong arguments; a call that passes them all is allowed."""
    flags_of_open = {"open": 1, "openat": 2}
    return {
        **{
            name: [
                # Truncating through a read-only descriptor is no write to Landlock before ABI 3.
                *_refuse_where(at, _O_TRUNC | _O_ACCMODE, _O_TRUNC),
                # A file without a name is one that nobody can count.
                *_refuse_where(at, _O_TMPFILE, _O_TMPFILE),
            ]
            for name, at in flags_of_open.items()
        },
        "mmap": [
            # Shared memory and stacks that grow are not counted by RLIMIT_DATA.
            *_refuse_where(3, _MAP_SHARED_ANONYMOUS, _MAP_SHARED_ANONYMOUS),
            *_refuse_where(3, _MAP_GROWSDOWN, _MAP_GROWSDOWN),
            *_refuse_where(3, _MAP_HUGETLB, _MAP_HUGETLB),
        ],
        "clone": [*_demand(0, _CLONE_THREAD, _CLONE_THREAD), *_demand(0, _CLONE_REFUSED, 0)],
        "ioctl": _demand_one_of(1, _IOCTLS),
        "fcntl": _demand_one_of(1, _FCNTLS),
        "prctl": _demand_one_of(0, _PRCTLS),
        "kill": _demand_one_of(0, (own_pid,)),
        "tgkill": _demand_one_of(0, (own_pid,)),
        # To the peer only, not to an address.
        "sendto": _demand_null(4),
        # A name that is taken is overwritten by no rename: its file would be gone and might still be open (removal.py).
        "renameat2": _demand_one_of(4, (_RENAME_NOREPLACE,)),
        # Reading the own limits, not setting any.
        "prlimit64": [*_demand_one_of(0, (0, own_pid)), *_demand_null(2)],
    }


def _answer(what: int) -> _Step:
    return (_RETURN, 0, 0, what)


def _low(argument: int) -> _Step:
    return (_LOAD, 0, 0, 16 + 8 * argument)


def _demand(argument: int, mask: int, value: int) -> list[_Step]:
    return [_low(argument), (_AND, 0, 0, mask), (_EQUAL, 1, 0, value), _answer(REFUSE)]


def _refuse_where(argument: int, mask: int, value: int) -> list[_Step]:
    return [_low(argument), (_AND, 0, 0, mask), (_EQUAL, 0, 1, value), _answer(REFUSE)]


def _demand_one_of(argument: int, values: Sequence[int]) -> list[_Step]:
    tests = [(_EQUAL, len(values) - number, 0, value) for number, value in enumerate(values)]
    return [_low(argument), *tests, _answer(REFUSE)]


def _demand_null(argument: int) -> list[_Step]:
    high = (_LOAD, 0, 0, 16 + 8 * argument + 4)
    return [
        *(_low(argument), (_EQUAL, 1, 0, 0), _answer(REFUSE)),
        *(high, (_EQUAL, 1, 0, 0), _answer(REFUSE)),
    ]
