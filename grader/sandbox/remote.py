"""A session whose file lives in a sandbox child, with clocks on all questions together."""

import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from grader.sandbox import limits
from grader.sandbox.asking import Asking
from grader.sandbox.client import Child, Sandbox
from grader.sandbox.fault import Fault

MOST_AT_ONCE = 100
"""Questions in one request: a hundred of the katas' longest have a tenth of what one message may."""


class Budget:
    """What one submission may still cost: wall time, and computing of the judge's own."""

    def __init__(self, *, wall_s: float, cpu_s: float) -> None:
        """Start both clocks."""
        self._wall_s = wall_s
        self._wall_end = time.monotonic() + wall_s
        self._cpu_end = time.process_time() + cpu_s

    def left_s(self) -> float:
        """Return the wall seconds that are left.

        Raises:
            Fault: "all_time", when there are none, or no computing is.
        """
        left = self._wall_end - time.monotonic()
        if left <= 0 or time.process_time() > self._cpu_end:
            raise Fault("all_time", wall_s=self._wall_s)
        return left


class SandboxSession(Asking):
    """One part of one kata: a dead child is replaced at the next question."""

    def __init__(
        self,
        sandbox: Sandbox,
        source: bytes,
        path: str,
        *,
        needs: str,
        aside: Collection[str],
        budget: Budget,
    ) -> None:
        """Bind the sandbox; no child is made yet."""
        super().__init__(source, needs=needs, aside=aside)
        self._sandbox = sandbox
        self._path = path
        self._budget = budget
        self._asked_s = 0.0
        self._child: Child | None = None

    def _start(self) -> None:
        self._left_s()
        self._child = self._sandbox.open(self.needs, self.source, self._path)

    def _exchange(self, op: str, fields: dict[str, Any]) -> Any:
        assert self._child is not None
        with self._clock() as within_s:
            return self._child.ask(op, within_s=within_s, **fields)

    def _exchange_each(self, op: str, rows: Sequence[dict[str, Any]]) -> Iterator[Any]:
        assert self._child is not None
        # As one request their arguments might be too long for a message.
        for first in range(0, len(rows), MOST_AT_ONCE):
            some = rows[first : first + MOST_AT_ONCE]
            with self._clock():
                receive = self._child.send(op, some)
            for _ in some:
                with self._clock() as within_s:
                    answer = receive(within_s)
                yield answer

    @contextmanager
    def _clock(self) -> Iterator[float]:
        """Count the wall seconds spent in asking; gives those that are left."""
        within_s = self._left_s()
        begin = time.monotonic()
        try:
            try:
                yield within_s
            finally:
                self._asked_s += time.monotonic() - begin
        except Fault as fault:
            if fault.kind == "wall":
                self._left_s()  # raises for the wider clock, if it was that one which ended
            raise

    def _left_s(self) -> float:
        most_s = limits.limits_for(self.needs).part_wall_s
        left_s = self._budget.left_s()
        if self._asked_s >= most_s:
            raise Fault("part_time", wall_s=most_s)
        return min(left_s, most_s - self._asked_s)

    def _stop(self) -> None:
        # Forgotten first: should its zygote have died, `close` raises, and the next question needs another child.
        child, self._child = self._child, None
        if child is not None:
            child.close()
