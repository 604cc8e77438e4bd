"""A session with a student's file that remembers: the same for a file in this process and for one in a sandbox child.

Theory of operation. The first question opens the file: its text is parsed, and only then is it run. What the text says
is kept from that one parse, because the file's own code could change `ast` afterwards. A file that does not load is
not tried again, nor is a function that once took too long: it would cost its time for every check that calls it. After
a fault that no process survives, the next question opens the file anew.
"""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Self

from grader.errors import InternalFault
from grader.sandbox import limits, values
from grader.sandbox.fault import Fault

_STUCK = ("cpu", "wall", "flood")
"""Faults of a function that would be the same the next time."""
_ENDS = (*_STUCK, "died", "nonsense")
"""Faults after which nothing that the file has set up can be relied on."""
_OVER = ("part_time", "all_time")
"""Faults after which nothing more is asked."""


def _blamed(op: str, fields: dict[str, Any]) -> str:
    """What is not asked again once it took too long."""
    return str(fields.get("name", "")) if op in ("call", "once") else op


class Asking(ABC):
    """Asks one student's file."""

    def __init__(self, source: bytes, *, needs: str = "np", aside: Collection[str] = ()) -> None:
        """Keep the source; it runs when first asked for.

        Args:
            source: the student's file.
            needs: what kata.toml says; a text that imports Keras needs Keras.
            aside: functions that no check calls; see limits.needs_of.
        """
        self.source = source
        self.needs = needs
        self.facts: list[tuple[str, int, int, str]] = []
        """Rows about the text (facts.py), from before any of it ran; there once the first question was asked."""
        self.broken: Fault | None = None
        """Why nothing can be asked: the file does not load, or has used up its time."""
        self.openings = 0
        """How often the file was loaded; what was set up in an earlier one is gone."""
        self._aside = aside
        self._stuck: dict[str, Fault] = {}
        self._unread: Iterator[Any] = iter(())
        self._is_open = False

    def ask(self, op: str, **fields: Any) -> Any:
        """Send one request of workbench.py and return the encoded answer.

        Raises:
            Fault: there is none.
        """
        self.open()
        with self._remembering(_blamed(op, fields)):
            return self._exchange(op, fields)

    def ask_each(self, op: str, rows: Sequence[dict[str, Any]]) -> Iterator[Any]:
        """Send one request of workbench.py for each row of fields, and yield the encoded answers in turn.

        Calls that the caller did not wait for are made all the same, before the next question: what the file remembers
        does not depend on what became of its answers.

        Raises:
            Fault: there is none to this row; the rows after it are not asked.
            InternalFault: something else was asked before the last row was answered.
        """
        self.open()
        answers = self._exchange_each(op, rows)
        self._unread = answers
        for fields in rows:
            if self._unread is not answers:
                raise InternalFault(
                    f"a check asks something else between two answers about {fields['name']}, each(...)"
                )
            with self._remembering(_blamed(op, fields)):
                answer = next(answers)
            yield answer

    @contextmanager
    def _remembering(self, name: str) -> Iterator[None]:
        """Keep what a fault means for later questions."""
        if name in self._stuck:
            # Without its old traceback, which would grow with every check that raises it again.
            raise self._stuck[name].with_traceback(None)
        try:
            yield
        except Fault as fault:
            if fault.kind in _STUCK:
                self._stuck[name] = fault
            if fault.kind in _OVER:
                self.broken = fault
            if fault.kind in (*_ENDS, *_OVER):
                self.close()
            raise

    def open(self) -> None:
        """Load the file if it is not loaded.

        Raises:
            Fault: it is no Python, it crashed, ended the process or ran too long; the same every time.
        """
        self._finish()
        if self.broken is not None:
            raise self.broken.with_traceback(None) from self.broken.__cause__
        if self._is_open:
            return
        try:
            self._parse()
            self._exchange("load", {})
        except Fault as fault:
            # First: a zygote that has died with its child says so here, and then the fault is not the file's.
            self.close()
            self.broken = fault
            raise
        self.openings += 1
        self._is_open = True

    def load(self) -> None:
        """Load the file if it is not loaded; what goes wrong is what every `ask` says."""
        with suppress(Fault):
            self.open()

    @property
    def is_unloadable(self) -> bool:
        """True if the file could not be run, so that every question fails alike."""
        return self.broken is not None

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.close()

    def close(self) -> None:
        """Forget the loaded file; the next question loads it anew."""
        self._is_open, self._unread = False, iter(())
        self._stop()

    def _finish(self) -> None:
        """Let the calls be made whose answers nobody waited for. A fault among them is no answer to any check."""
        unread, self._unread = self._unread, iter(())
        try:
            for _ in unread:
                pass
        except Fault as fault:
            if fault.kind in _OVER:
                self.broken = fault
            if fault.kind in (*_ENDS, *_OVER):
                self.close()

    def _parse(self) -> None:
        """Start where the text says, which only a parse can tell."""
        self._start()
        rows, imports = self._ask_text()
        if not self.openings:
            self.facts = rows
        needs = limits.needs_of(self.needs, imports, self._aside)
        if needs != self.needs:
            self._stop()
            self.needs = needs
            self._start()
            self._ask_text()

    def _ask_text(self) -> tuple[list[tuple[str, int, int, str]], list[tuple[str, str]]]:
        try:
            rows, imports = values.decode(self._exchange("parse", {}))
        except values.MalformedAnswer as problem:
            raise Fault("nonsense", text=str(problem)) from None
        return rows, imports

    @abstractmethod
    def _start(self) -> None:
        """Make a place for the file; nothing of it runs yet."""

    @abstractmethod
    def _exchange(self, op: str, fields: dict[str, Any]) -> Any:
        """Ask the place."""

    def _exchange_each(self, op: str, rows: Sequence[dict[str, Any]]) -> Iterator[Any]:
        """Ask it several questions, and yield the answers in turn."""
        for fields in rows:
            yield self._exchange(op, fields)

    @abstractmethod
    def _stop(self) -> None:
        """End the place, if there is one."""
