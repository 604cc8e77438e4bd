"""What a `Student` asks: a session with a student's file, and the one of a kata that has no file."""

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from grader.checks.crash import Raised, StudentFault


class Session(Protocol):
    """Where the student's module lives; sandbox/asking.py is what every one of them is made of."""

    source: bytes
    facts: list[tuple[str, int, int, str]]
    openings: int

    def open(self) -> None:
        """Load the file if it is not loaded, or raise Fault."""

    def ask(self, op: str, **fields: Any) -> Any:
        """Send one request of workbench.py; return the encoded value or raise Fault."""

    def ask_each(self, op: str, rows: Sequence[dict[str, Any]]) -> Iterator[Any]:
        """Send one request for each row of fields; yield the encoded values or raise Fault."""


class NoFile:
    """A session of a kata for which nothing was handed in that could be read: every question has the same answer."""

    source = b""
    openings = 0

    def __init__(self, tag: str, **values: str) -> None:
        """Keep why: a tag and what its placeholders stand for."""
        self.facts: list[tuple[str, int, int, str]] = []
        self._why = (tag, values)

    def open(self) -> None:
        """Say why.

        Raises:
            StudentFault: always.
        """
        tag, values = self._why
        raise StudentFault(tag, "error", raised=Raised(), **values)

    def ask(self, op: str, **fields: Any) -> Any:
        """Say why; see `open`."""
        del op, fields
        self.open()

    def ask_each(self, op: str, rows: Sequence[dict[str, Any]]) -> Iterator[Any]:
        """Say why; see `open`."""
        del op, rows
        self.open()
        yield
