"""The limit on computing for a student's code in this very process, under plain pytest, on every system.

One contract: inside `with limit.watch(seconds)`, after so many seconds of this process's CPU, OutOfTime is raised where
the code stands, and again every half second, for a loop with a bare `except:` in it. Waiting (a debugger, input())
costs nothing. Who raises it:

    a timer of the system   SIGPROF, where there is `setitimer` and this is the main thread: Linux, macOS
    a watchdog thread       elsewhere: Windows, and a pytest that runs its checks in another thread
    somebody else           where no thread can be started either (a browser): who holds the page sends SIGPROF

A loop inside one call (`sum(itertools.count())`) lets no Python run, so that none of these is heard, and a loop may
swallow every exception. With `last_words` a dead man's switch ends the process then: faulthandler's timer, which needs
nothing of the interpreter. The watchdog puts it off as long as the code is within its time, and stops it while the
process waits. It tells the other process of last_words.py where the code stood, and ends this one with status 1.
"""

import faulthandler
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Protocol

from grader.sandbox.workbench import OutOfTime

AGAIN_S = 0.5
GRACE_S = 3.0
"""How much longer than the limit a process lives whose code cannot be interrupted."""
_LOOK_EVERY_S = 0.25
_IDLE_LOOKS = 8
"""Looks without a question after which the thread ends; the next question starts another."""
_WAITING = 0.1
"""Below this share of one core a process counts as waiting."""
_SIGPROF = getattr(signal, "SIGPROF", 27)


class Pipe(Protocol):
    """Where a dying process writes: whoever reads it says why."""

    def fileno(self) -> int | None:
        """Return the file descriptor; None: nobody reads, and the process is not ended."""


@dataclass(frozen=True)
class _Question:
    thread: int
    began_s: float
    """Of this process's CPU time."""
    limit_s: float
    by_watchdog: bool
    """True if no signal raises OutOfTime."""

    def used_s(self) -> float:
        return time.process_time() - self.began_s


class TimeLimit:
    """Limits one question after the other."""

    def __init__(self, *, last_words: Pipe | None = None) -> None:
        """Start nothing yet.

        Args:
            last_words: gets faulthandler's words before the process is ended; None: the process is never ended.
        """
        self._last_words = last_words
        self._lock = threading.Lock()
        self._question: _Question | None = None
        self._watchdog: threading.Thread | None = None
        self._armed = False

    @contextmanager
    def watch(self, seconds: float) -> Iterator[None]:
        """Raise OutOfTime in the code below after so many seconds of computing."""
        with _by_signal(seconds) as by_system:
            if by_system and self._last_words is None:
                yield
                return
            self._begin(_Question(threading.get_ident(), time.process_time(), seconds, not by_system))
            try:
                yield
            finally:
                _surely(self._end)

    def _begin(self, question: _Question) -> None:
        with self._lock:
            self._question = question
            if not self._armed:
                self._arm(question.limit_s + GRACE_S)
            if self._watchdog is None:
                thread = threading.Thread(target=self._look_again, name="kata time limit", daemon=True)
                # A browser has no threads; there the page keeps the time.
                with suppress(RuntimeError):
                    thread.start()
                    self._watchdog = thread

    def _end(self) -> None:
        with self._lock:
            question, self._question = self._question, None
            if question is not None and question.by_watchdog:
                # What was raised but has not arrived would arrive in code that is not the student's.
                _raise_in(question.thread, None)

    def _look_again(self) -> None:
        idle, before_s, next_raise_s = 0, time.process_time(), 0.0
        while idle < _IDLE_LOOKS:
            time.sleep(_LOOK_EVERY_S)
            now_s = time.process_time()
            with self._lock:
                question = self._question
                idle = 0 if question else idle + 1
                if question is None or now_s - before_s < _WAITING * _LOOK_EVERY_S:
                    self._disarm()
                else:
                    left_s = question.limit_s - question.used_s()
                    if left_s > -GRACE_S:
                        self._arm(left_s + GRACE_S)
                    if left_s <= 0 and question.by_watchdog and time.monotonic() >= next_raise_s:
                        _raise_in(question.thread, OutOfTime)
                        next_raise_s = time.monotonic() + AGAIN_S
                if idle == _IDLE_LOOKS:
                    self._watchdog = None
            before_s = now_s

    def _arm(self, seconds: float) -> None:
        pipe = self._last_words.fileno() if self._last_words else None
        if pipe is not None:
            # Takes the place of pytest's own faulthandler_timeout, if that is set: there is one such timer.
            faulthandler.dump_traceback_later(max(seconds, 0.01), exit=True, file=pipe)
            self._armed = True

    def _disarm(self) -> None:
        if self._armed:
            faulthandler.cancel_dump_traceback_later()
            self._armed = False


@contextmanager
def _by_signal(seconds: float) -> Iterator[bool]:
    """Let SIGPROF raise OutOfTime; gives True if the system sends it when the time is up."""

    def stop(_signal: int, _frame: object) -> None:
        raise OutOfTime

    try:
        before = signal.signal(_SIGPROF, stop)
    except ValueError:  # Windows has no such signal, and only the main thread may ask for one
        yield False
        return
    by_system = hasattr(signal, "setitimer")

    def put_back() -> None:
        if by_system:
            signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(_SIGPROF, signal.SIG_DFL if before is None else before)

    try:
        if by_system:
            signal.setitimer(signal.ITIMER_PROF, seconds, AGAIN_S)
        yield by_system
    finally:
        _surely(put_back)


def _surely(finish: Callable[[], None]) -> None:
    """Carry something out even if the last OutOfTime arrives in it; the next one is half a second away."""
    try:
        finish()
    except OutOfTime:
        finish()


def _raise_in(thread: int, exception: type[BaseException] | None) -> None:
    """Raise an exception in a thread as soon as it runs Python again; None takes one back that has not arrived."""
    # Not at the top: five milliseconds that nobody needs where there are signals.
    import ctypes

    raised = None if exception is None else ctypes.py_object(exception)
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), raised)
