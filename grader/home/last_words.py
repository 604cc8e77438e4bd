"""A process that says why pytest was ended, when a student's code could not be stopped in any other way.

    pytest  --stdin of this process: one JSON line for each student's file; then, if ever, faulthandler's dump-->
    this process  --stderr of pytest: the sentence of the check, with the line in which the code stood-->

time_limit.py says when that happens. The process starts with the first question and ends with pytest. It is this very
file, run by its path without site-packages: it imports nothing of the kit, and little at all.
"""

import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

# Imported inside functions otherwise: every pytest run pays for what this file imports, twice.
if TYPE_CHECKING:
    import subprocess
    from typing import Any, BinaryIO

_MOST_LETTERS = 500
"""Letters of a file's name that faulthandler writes."""


class LastWords:
    """The process, seen from pytest."""

    def __init__(self, stderr: int, encoding: str) -> None:
        """Keep where to speak; no process starts yet.

        Args:
            stderr: file descriptor of what the user reads; it stays the caller's.
            encoding: in which to write there.
        """
        self._stderr = stderr
        self._encoding = encoding
        self._process: subprocess.Popen[bytes] | None = None

    def expect(self, file: str, lines: Mapping[int, str], sentence: str) -> None:
        """Prepare the sentence for one file of the student's; starts the process.

        Args:
            file: the name under which its code was compiled.
            lines: its lines by number, as a message shows them.
            sentence: with {line} and {code} where the number and the line belong.

        Where no process can be started (a browser), nothing is said, and `fileno` is None.
        """
        import json
        import subprocess

        message = {"file": _as_dumped(file), "lines": lines, "sentence": sentence}
        with suppress(OSError):
            if self._process is None:
                command = [sys.executable, "-s", "-S", "-P", __file__, self._encoding]
                self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=self._stderr)
            assert self._process.stdin is not None
            self._process.stdin.write(json.dumps(message).encode() + b"\n")
            self._process.stdin.flush()

    def fileno(self) -> int | None:
        """Return where faulthandler writes; None if nobody listens."""
        if self._process is None or self._process.poll() is not None:
            return None
        assert self._process.stdin is not None
        return self._process.stdin.fileno()

    def close(self) -> None:
        """Let the process end, which has nothing to say."""
        if self._process is not None:
            with suppress(OSError):
                self._process.communicate()
            self._process = None


def _as_dumped(file: str) -> str:
    """A file's name as faulthandler writes it: cut, and in ASCII."""
    letters = file[:_MOST_LETTERS]
    escaped = "".join(c if 32 <= ord(c) < 127 else f"\\{_escape(ord(c))}" for c in letters)
    return escaped + ("..." if len(file) > _MOST_LETTERS else "")


def _escape(number: int) -> str:
    return f"x{number:02x}" if number < 0x100 else f"u{number:04x}" if number < 0x10000 else f"U{number:08x}"


def speak(stream: Iterable[bytes]) -> Iterator[str]:
    """Yield the sentence for a dump, if there is one in what pytest writes."""
    prepared: list[bytes] = []
    sentences: dict[str, dict[str, Any]] = {}
    for line in stream:
        if line.startswith(b"{"):
            prepared.append(line)
            continue
        import json
        import re

        sentences = sentences or {message["file"]: message for message in map(json.loads, prepared)}
        # "most recent call first": the first line in a file of the student's is the innermost.
        place = re.match(r'  File "(.*)", line (\d+)', line.decode("ascii", "replace"))
        if place and place[1] in sentences:
            known = sentences[place[1]]
            code = known["lines"].get(place[2], "")
            yield known["sentence"].replace("{line}", place[2]).replace("{code}", code)
            return


def _main(stdin: "BinaryIO", encoding: str) -> None:
    for sentence in speak(stdin):
        sys.stderr.reconfigure(encoding=encoding, errors="replace")  # type: ignore[union-attr]  # it is a text stream
        sys.stderr.write(f"\n\n{sentence}\n")
        sys.stderr.flush()
    # The rest of the dump is of no use, but a closed pipe would disturb who writes it.
    stdin.read()


if __name__ == "__main__":
    _main(sys.stdin.buffer, sys.argv[1])
