"""What a file prints into at home: streams of its own over pytest's, because files put their hands on them.

    sys.stdout = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8")
    sys.stdout = codecs.getwriter("utf-8")(sys.stdout.detach())

stand at the top of many a file from Windows. In a process of its own they are harmless; over pytest's own streams the
first closes them when the file is done with, and the second takes them apart at once. Text goes on to whatever pytest
has as its stream at the moment; what the file has put in place of its own streams is kept for its next question.
"""

import contextlib
import io
import sys
from collections.abc import Iterator
from typing import Any

NAMES = ("stdout", "stderr")


class _Passage(io.BufferedIOBase):
    """Hands bytes on as text; nothing that the file does closes it."""

    def __init__(self, name: str) -> None:
        self.host: Any = None
        self.name = f"<{name}>"

    def writable(self) -> bool:
        """Return True."""
        return True

    def write(self, data: Any, /) -> int:
        """Hand it on."""
        if self.host is not None:  # a Windows program without a console has none
            self.host.write(bytes(data).decode("utf-8", "replace"))
        return len(data)

    def flush(self) -> None:
        """Let it be seen."""
        # At its end Python flushes this one as well, and pytest has closed its own by then; 3.13 complains of it.
        if self.host is not None and not getattr(self.host, "closed", False):
            self.host.flush()

    def close(self) -> None:
        """Stay open."""

    def fileno(self) -> int:
        """Return what pytest's stream has."""
        return int(self.host.fileno())


class Streams:
    """The standard output and error of one file."""

    def __init__(self) -> None:
        """Make them; nothing is written yet."""
        self._passages = {name: _Passage(name) for name in NAMES}
        self._own: dict[str, Any] = {name: _text(passage) for name, passage in self._passages.items()}

    @contextlib.contextmanager
    def lent(self) -> Iterator[None]:
        """Let the file's streams take the place of pytest's."""
        hosts = {name: getattr(sys, name) for name in NAMES}
        for name, host in hosts.items():
            self._passages[name].host = host
            setattr(sys, name, self._own[name])
        try:
            yield
        finally:
            for name, host in hosts.items():
                self._own[name] = getattr(sys, name)
                # Closed, or something that is no stream: the file's own matter.
                with contextlib.suppress(Exception):
                    self._own[name].flush()
                setattr(sys, name, host)


def _text(passage: _Passage) -> io.TextIOWrapper:
    return io.TextIOWrapper(passage, encoding="utf-8", errors="replace", newline="", write_through=True)
