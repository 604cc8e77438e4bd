"""The limit on computing for a student's code in this very process, under plain pytest, on every system.

One contract: in `limit.run(seconds, work)`, after so many seconds of this process's CPU, OutOfTime is raised where the
work stands, and again every half second, for a loop with a bare `except:` in it; outside of it, never. Waiting (a
debugger, input()) costs nothing. Who raises it:

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
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

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
_Answer = TypeVar("_Answer")


class Pipe(Protocol):
    """Where a dying process writes: whoever reads it says why."""

    def fileno(self) -> int | None:
        """Return the file descriptor; None: nobody reads, and the process is not ended."""


@dataclass
class _Question:
    thread: int
    began_s: float
    """Of this process's CPU time."""
    limit_s: float
    by_watchdog: bool
    """True if no signal raises OutOfTime."""
    raised: bool = False
    """True once the watchdog has."""

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
        self._handler: Any = None
        """Whose SIGPROF was before; None: it is not ours."""

    def run(self, seconds: float, work: Callable[[], _Answer]) -> _Answer:
        """Return what the work returns, also if the time is up in the very moment in which it has returned it.

        Raises:
            OutOfTime: in the work after so many seconds of computing, and here if the work lets it through.
        """
        answers: list[_Answer] = []
        try:
            # No `with` and no helper: OutOfTime arrives where a function begins, so at the door of an __exit__ too.
            try:
                self._begin(seconds)
                answers.append(work())
            finally:
                try:
                    self._end()
                except OutOfTime:  # the last one; another would be half a second away
                    self._end()
        except OutOfTime:
            if not answers:
                raise
        return answers[0]

    def _begin(self, seconds: float) -> None:
        by_system = self._set_signal(seconds)
        if not by_system or self._last_words is not None:
            self._watch(_Question(threading.get_ident(), time.process_time(), seconds, not by_system))

    def _set_signal(self, seconds: float) -> bool:
        """Let SIGPROF raise OutOfTime; True if the system sends it when the time is up."""
        try:
            self._handler = signal.signal(_SIGPROF, _stop) or signal.SIG_DFL
        except ValueError:  # Windows has no such signal, and only the main thread may ask for one
            return False
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_PROF, seconds, AGAIN_S)
            return True
        return False

    def _end(self) -> None:
        """Let nothing be raised any more; done twice it does no harm."""
        if self._handler is not None:
            if hasattr(signal, "setitimer"):
                signal.setitimer(signal.ITIMER_PROF, 0)
            signal.signal(_SIGPROF, self._handler)
            self._handler = None
        with self._lock:
            question, self._question = self._question, None
        if question is not None and question.raised:
            # One may still be on its way into code that is not the student's: this takes its place, and arrives here.
            # To take it back (with NULL) leaves Python 3.11 looking for it for ever, in which a debugger hangs.
            with suppress(OutOfTime):
                _raise_in(question.thread)

    def _watch(self, question: _Question) -> None:
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
                        question.raised = True
                        _raise_in(question.thread)
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


def _stop(_signal: int, _frame: object) -> None:
    raise OutOfTime


def _raise_in(thread: int) -> None:
    """Raise OutOfTime in a thread as soon as it runs Python again."""
    # Not at the top: five milliseconds that nobody needs where there are signals.
    import ctypes

    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(OutOfTime))
