"""What pages need beside the reports, and only a run that reads submissions can have: pictures, and forms of answers.

One SQLite file in the results' folder. What is in it counts for the submission with the same digest only; pages are
whole without it, and say what is missing.
"""

import sqlite3
import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from grader.copies.form import Form
from grader.errors import UsageError

FILE_NAME = ".pages.sqlite"
_TABLES = """
CREATE TABLE IF NOT EXISTS forms
    (submission TEXT, kata TEXT, digest TEXT, form TEXT, size INTEGER, sketch BLOB, PRIMARY KEY (submission, kata));
CREATE TABLE IF NOT EXISTS pictures
    (submission TEXT, kata TEXT, digest TEXT, checks TEXT, key TEXT, PRIMARY KEY (submission, kata));
CREATE TABLE IF NOT EXISTS drawings (key TEXT, language TEXT, image BLOB, words TEXT, PRIMARY KEY (key, language));
"""


@dataclass(frozen=True)
class Drawing:
    """A picture in one language."""

    image: bytes
    """SVG."""
    words: str
    """The same picture as text."""


class Keep:
    """What is kept of one class; a context manager."""

    def __init__(self, folder: Path, *, writes: bool) -> None:
        """Open the file.

        Args:
            folder: of the results.
            writes: make the file if it is missing; else a missing one is an empty one.

        Raises:
            UsageError: it cannot be opened, or is no such file.
        """
        self._path = folder / FILE_NAME
        try:
            place = str(self._path) if writes or self._path.exists() else ":memory:"
            self._base = sqlite3.connect(place, timeout=2)
            self._base.execute("PRAGMA synchronous = OFF")
            self._base.executescript(_TABLES)
        except sqlite3.Error as problem:
            raise UsageError("cannot_read", path=self._path, reason=problem) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._base.commit()
        self._base.close()

    def note_forms(self, submission: str, digest: str, forms: Mapping[str, Form]) -> None:
        """Keep the forms of one submission's answers, by kata, in place of earlier ones."""
        self._base.execute("DELETE FROM forms WHERE submission = ?", (submission,))
        rows = [
            (submission, kata, digest, form.digest, form.size, struct.pack(f"<{len(form.sketch)}I", *form.sketch))
            for kata, form in forms.items()
        ]
        self._base.executemany("INSERT INTO forms VALUES (?, ?, ?, ?, ?, ?)", rows)

    def forms(self, kata: str) -> Iterator[tuple[str, str, Form]]:
        """Yield (submission, its digest, form) of every answer to a kata."""
        query = "SELECT submission, digest, form, size, sketch FROM forms WHERE kata = ? ORDER BY submission"
        for submission, digest, form, size, sketch in self._base.execute(query, (kata,)):
            pieces = struct.unpack(f"<{len(sketch) // 4}I", sketch)
            yield submission, digest, Form(form, size, frozenset(pieces))

    def has_picture(self, submission: str, kata: str, digest: str, checks: str, languages: tuple[str, ...]) -> bool:
        """True if the kata's picture was tried for this very submission by this very bank, in these languages."""
        query = "SELECT key FROM pictures WHERE submission = ? AND kata = ? AND digest = ? AND checks = ?"
        found = self._base.execute(query, (submission, kata, digest, checks)).fetchone()
        if found is None:
            return False
        return not found[0] or set(languages) <= {language for language, *_ in self._drawn(found[0])}

    def note_picture(self, submission: str, kata: str, digest: str, checks: str, key: str) -> None:
        """Keep that a picture belongs to a submission; an empty key: there is none to be had."""
        row = (submission, kata, digest, checks, key)
        self._base.execute("INSERT OR REPLACE INTO pictures VALUES (?, ?, ?, ?, ?)", row)

    def note_drawing(self, key: str, drawings: Mapping[str, Drawing]) -> None:
        """Keep a picture, by language."""
        rows = [(key, language, zlib.compress(one.image, 9), one.words) for language, one in drawings.items()]
        self._base.executemany("INSERT OR REPLACE INTO drawings VALUES (?, ?, ?, ?)", rows)

    def pictures(self, submission: str, digest: str) -> dict[str, str]:
        """Return the keys of a submission's pictures, by kata."""
        query = "SELECT kata, key FROM pictures WHERE submission = ? AND digest = ? AND key <> '' ORDER BY kata"
        return dict(self._base.execute(query, (submission, digest)))

    def drawing(self, key: str, language: str) -> Drawing | None:
        """Return a picture in a language; in another one where there is none in it."""
        found = {one: (image, words) for one, image, words in self._drawn(key)}
        if not found:
            return None
        image, words = found.get(language) or next(iter(found.values()))
        return Drawing(zlib.decompress(image), words)

    def packed(self, key: str, language: str) -> bytes | None:
        """Return a picture's image as it is kept, in zlib's form; in another language where there is none in it."""
        found = {one: image for one, image, _ in self._drawn(key)}
        return found.get(language) or next(iter(found.values()), None)

    def _drawn(self, key: str) -> list[tuple[str, bytes, str]]:
        query = "SELECT language, image, words FROM drawings WHERE key = ? ORDER BY language"
        return self._base.execute(query, (key,)).fetchall()
