"""Tries what no submission may do, in a child made exactly like a submission's, before any submission runs.

A sandbox that is silently absent is the worst failure of a judge, so nothing here is read off settings: each act is
tried, and the run goes on only if the kernel refused every one of them. The acts do no harm where they succeed.
"""

import ctypes
import errno
import os
import socket
from collections.abc import Callable, Sequence

ACTS = ("read", "write", "chmod", "list", "socket", "socketpair", "fork", "kill", "exec", "memory", "limits", "trace")
"""Names of the acts, for the judge to compare: a self-test that tried fewer is no self-test."""


def try_forbidden_acts(guarded: Sequence[str], outside: str) -> dict[str, str]:
    """Try each act of ACTS and return act -> "" if it was refused, else what succeeded.

    Args:
        guarded: files that must not open: a canary, and files of the bank.
        outside: an existing file of the judge's user, which must stay as it is.
    """
    acts: dict[str, Callable[[], object]] = {
        "read": lambda: [path for path in guarded if _opens(path)],
        "write": lambda: _opens(outside, os.O_WRONLY) or _opens("/tmp/kata-self-test", os.O_WRONLY | os.O_CREAT),
        "chmod": lambda: _change_mode(outside),
        "list": lambda: os.listdir(os.path.dirname(outside)) or "empty",
        "socket": lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM),
        "socketpair": socket.socketpair,
        "fork": _fork,
        "kill": _signal_the_zygote,
        "exec": _execute_a_folder,
        "memory": _share_memory,
        "limits": _raise_a_limit,
        "trace": _read_by_process_number,
    }
    return {name: _succeeded(act) for name, act in acts.items()}


def _succeeded(act: Callable[[], object]) -> str:
    try:
        result = act()
    except (OSError, ValueError):  # ValueError is what Python makes of a refused setrlimit
        return ""
    return str(result)[:200] if result else ""


def _opens(path: str, flags: int = os.O_RDONLY) -> bool:
    try:
        os.close(os.open(path, flags))
    except OSError:
        return False
    return True


def _change_mode(path: str) -> str:
    os.chmod(path, 0o600)
    return "chmod"


def _signal_the_zygote() -> str:
    # Signal 0 only asks whether one could be sent.
    os.kill(os.getppid(), 0)
    return "kill"


def _fork() -> int:
    child = os.fork()
    if child == 0:
        os._exit(0)
    return child


def _share_memory() -> object:
    import mmap

    return mmap.mmap(-1, 4096, flags=mmap.MAP_SHARED | mmap.MAP_ANONYMOUS)


def _raise_a_limit() -> str:
    import resource

    resource.setrlimit(resource.RLIMIT_NOFILE, resource.getrlimit(resource.RLIMIT_NOFILE))
    return "setrlimit"


def _execute_a_folder() -> str:
    # Never a program: where exec is allowed, this process would be gone and could report nothing.
    try:
        os.execv("/", ["/"])
    except OSError as problem:
        if problem.errno == errno.EPERM:
            raise
    return "exec"


def _read_by_process_number() -> str:
    # Nothing is read: the lists of places are empty.
    result = ctypes.CDLL(None).process_vm_readv(os.getpid(), None, 0, None, 0, 0)
    return "" if result < 0 else "process_vm_readv"
