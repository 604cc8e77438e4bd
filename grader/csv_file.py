"""Reads tables as platforms and spreadsheets write them, and writes a changed one back as it came.

Excel's "CSV UTF-8" begins with a byte order mark, a Korean Excel may write cp949, and where a comma is the decimal sign
columns are parted by semicolons. What was found is kept, so that a platform gets its own form back.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.errors import UsageError

ENCODINGS = ("utf-8-sig", "utf-16", "cp949")
"""Tried in this order; UTF-16 only where its mark says so."""
DELIMITERS = (",", ";", "\t")
MOST_BYTES = 64 << 20
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class Table:
    """A table's rows, and how they were written."""

    path: Path
    rows: tuple[tuple[str, ...], ...]
    """The header first; cells as they are, with their spaces. Lines without anything are left out."""
    lines: tuple[int, ...]
    """The number of the line on which each row begins, from 1."""
    delimiter: str
    encoding: str
    """As Python names it; "utf-8-sig" where the file begins with a mark."""
    line_end: str

    @property
    def header(self) -> tuple[str, ...]:
        """The first row, without spaces around its cells."""
        return tuple(cell.strip() for cell in self.rows[0])

    def render(self, rows: Iterable[Sequence[str]]) -> bytes:
        """Return other rows in the form of this file."""
        stream = io.StringIO()
        csv.writer(stream, delimiter=self.delimiter, lineterminator=self.line_end).writerows(rows)
        return stream.getvalue().encode(self.encoding)


def read_table(path: Path) -> Table:
    """Read a table.

    Raises:
        UsageError: it cannot be read, is in no encoding that is known, holds no row, or is no table.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as problem:
        raise UsageError("cannot_read", path=path, reason=problem.strerror or problem) from None
    if len(content) > MOST_BYTES:
        raise UsageError("cannot_read", path=path, reason=f"> {MOST_BYTES >> 20} MiB")
    text, encoding = _decode(content, path)
    delimiter = _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows, lines, line = [], [], 1
    try:
        for row in reader:
            if len(row) > 1 or any(cell.strip() for cell in row):
                rows.append(tuple(row))
                lines.append(line)
            line = reader.line_num + 1
    except csv.Error as problem:
        raise UsageError("bad_table", path=path, line=reader.line_num, reason=problem) from None
    if not rows:
        raise UsageError("empty_table", path=path)
    return Table(path, tuple(rows), tuple(lines), delimiter, encoding, "\r\n" if "\r\n" in text else "\n")


def _decode(content: bytes, path: Path) -> tuple[str, str]:
    for encoding in ENCODINGS:
        if (encoding == "utf-16") is not content.startswith(_UTF16):
            continue
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        marked = encoding != "utf-8-sig" or content.startswith(b"\xef\xbb\xbf")
        return text, encoding if marked else "utf-8"
    raise UsageError("cannot_read", path=path, reason="UTF-8, UTF-16, cp949")


def _delimiter(text: str) -> str:
    """What parts the cells of the first line: the sign that it has most of, outside of quotes."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    bare = "".join(part for number, part in enumerate(first.split('"')) if number % 2 == 0)
    return max(DELIMITERS, key=bare.count)
