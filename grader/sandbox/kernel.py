"""The system calls that Python has no function for, by ctypes: process switches, capabilities, Landlock, seccomp.

Every function either does what its name says or raises OSError with the kernel's errno; nothing fails in silence.
The numbers are the kernel's binary interface (linux/prctl.h, linux/capability.h) and never change.
"""

import ctypes
import errno
import os
import platform
import sys
from functools import cache
from typing import Any

_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_PR_SET_CHILD_SUBREAPER = 36
_PR_SET_NO_NEW_PRIVS = 38
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_CLEAR_ALL = 4
_CAPABILITY_VERSION_3 = 0x20080522
_CAPSET = {"x86_64": 126, "aarch64": 91}


@cache
def _libc() -> ctypes.CDLL:
    # Loaded on first use: this module is read, though never used, on systems that have no such library.
    if sys.platform != "linux":
        # The numbers below mean something else to another kernel.
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
    return ctypes.CDLL(None, use_errno=True)


def machine() -> str:
    """Return "x86_64" or "aarch64", for which the tables are kept, or the name of another machine."""
    name = platform.machine()
    return {"AMD64": "x86_64", "arm64": "aarch64"}.get(name, name)


def call(number: int, *arguments: object) -> int:
    """Make one system call by number and return its result.

    Raises:
        OSError: the kernel refused.
    """
    # Every argument a whole register: ctypes would pass a Python int as 32 bits.
    registers = [ctypes.c_long(value) if isinstance(value, int) else value for value in arguments]
    return _succeed(int(_syscall()(ctypes.c_long(number), *registers)))


@cache
def _syscall() -> Any:
    function = _libc().syscall
    function.restype = ctypes.c_long
    return function


def _succeed(result: int) -> int:
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
    return result


def _prctl(option: int, *arguments: int) -> None:
    registers = [ctypes.c_ulong(value) for value in (*arguments, 0, 0, 0, 0)[:4]]
    _succeed(_libc().prctl(option, *registers))


def hide_memory() -> None:
    """Keep every other process without special rights out of this one's memory and /proc entry, and dump no core."""
    _prctl(_PR_SET_DUMPABLE, 0)


def adopt_orphans() -> None:
    """Make this process the parent of descendants whose own parent has ended, so that it can find and end them."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def die_with_parent(signal_number: int) -> None:
    """Have the kernel send this signal when the thread that forked this process ends."""
    _prctl(_PR_SET_PDEATHSIG, signal_number)


def gain_no_privileges() -> None:
    """Make set-uid files and file capabilities mean nothing, for ever; the kernel wants it before seccomp."""
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)


def unshare(flags: int) -> None:
    """Leave the namespaces that the flags (CLONE_NEW...) name for new ones."""
    _succeed(_libc().unshare(ctypes.c_int(flags)))


def mount(kind: str, place: str, flags: int, options: str = "") -> None:
    """Mount a file system that has no device."""
    name, at = kind.encode(), os.fsencode(place)
    _succeed(_libc().mount(name, at, name, ctypes.c_ulong(flags), options.encode() or None))


def drop_capabilities() -> None:
    """Empty the permitted, effective, inheritable and ambient sets. What root keeps is the owner's right to files."""
    _prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL)
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    nothing = (ctypes.c_uint32 * 6)()
    call(_CAPSET[machine()], ctypes.byref(header), ctypes.byref(nothing))
