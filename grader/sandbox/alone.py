"""A student's file stands alone: it starts no process and opens no connection, at home as in grading.

Theory of operation. The sandbox's filter refuses both (syscalls.py), and at home the same lines would pass: a file that
installs something, or hands work to a pool of processes, had all points there and none in grading. So Python itself
refuses first, in both places and with one exception, by an audit hook, which sees every way into the kernel that Python
has. A hook stays for the process's life: there is one, and it refuses only between `begin` and `end`. Threads that are
none of the file's (a debugger's, a notebook's) are let through.

`os.system` fails without a word, as it does where the kernel refuses: most who call it clear the screen. Links, pipes
and locks on files are refused as the kernel does it.
"""

import contextlib
import importlib
import sys
import threading
from collections.abc import Iterator
from functools import cache
from typing import Any

PROCESS = "process"
CONNECTION = "connection"
_EVENTS = {
    **dict.fromkeys(("subprocess.Popen", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.exec"), PROCESS),
    **dict.fromkeys(("os.startfile", "os.startfile/2", "_winapi.CreateProcess", "pty.spawn"), PROCESS),
    **dict.fromkeys(("socket.__new__", "socket.getaddrinfo", "socket.gethostbyname"), CONNECTION),
}
"""Python's audit events, and what each reaches for."""


class NotAlone(PermissionError):
    """The file reaches for something outside of itself; `reaches` says for what."""

    def __init__(self, reaches: str) -> None:
        """Say what it reaches for; libraries that can do without it look for an OSError."""
        super().__init__(1, "Operation not permitted")
        self.reaches = reaches


class _NoLock:
    """In place of a lock that several processes share, which the system keeps where no file of a sandbox reaches."""

    SEM_VALUE_MAX = 2**31 - 1

    def __init__(self, *_: Any, **_named: Any) -> None:
        raise NotAlone(PROCESS)


class Guard:
    """Refuses what reaches outside; one for each process."""

    def __init__(self) -> None:
        """Refuse nothing yet."""
        self._is_on = False
        self._others: frozenset[int] = frozenset()

    def begin(self) -> None:
        """From now on refuse it to this thread, and to those that do not run yet."""
        self._others = frozenset(sys._current_frames()) - {threading.get_ident()}
        self._is_on = True

    def end(self) -> None:
        """Let everything through."""
        self._is_on = False

    def look(self, event: str, _arguments: tuple[Any, ...]) -> None:
        """Be Python's audit hook.

        Raises:
            NotAlone: the student's code starts a process or opens a connection.
        """
        if self._is_on and event in _EVENTS and threading.get_ident() not in self._others:
            raise NotAlone(_EVENTS[event])


@cache
def guard() -> Guard:
    """Return the one guard of this process."""
    made = Guard()
    sys.addaudithook(made.look)
    return made


def _no_connection(*_: Any, **_named: Any) -> Any:
    raise NotAlone(CONNECTION)


def _no_shell(_command: object) -> int:
    return -1


def _not_permitted(*_: Any, **_named: Any) -> Any:
    raise PermissionError(1, "Operation not permitted")


_UNSEEN: tuple[tuple[str, str, Any], ...] = (
    ("os", "system", _no_shell),
    *(("os", name, _not_permitted) for name in ("link", "symlink", "mkfifo", "mknod")),
    *(("fcntl", name, _not_permitted) for name in ("flock", "lockf")),
    ("_multiprocessing", "SemLock", _NoLock),
    ("_socket", "socketpair", _no_connection),
    # With it asyncio's loop begins.
    ("selectors", "DefaultSelector", _no_connection),
)
"""What no hook sees before the kernel does: module, name, and what stands there instead."""


@contextlib.contextmanager
def without_others() -> Iterator[None]:
    """Let what no hook sees reach nothing either."""
    before = []
    for name, part, instead in _UNSEEN:
        # A browser's Python has no processes, and Windows no pairs of sockets.
        with contextlib.suppress(ImportError):
            module = importlib.import_module(name)
            if hasattr(module, part):
                before.append((module, part, getattr(module, part)))
                setattr(module, part, instead)
    try:
        yield
    finally:
        for module, part, real in before:
            setattr(module, part, real)
