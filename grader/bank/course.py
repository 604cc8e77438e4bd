"""course.toml: which katas a course uses, in which order, for how many points, and until when. No kata is touched.

    [[katas]]
    use = "02_gates"
    title = { en = "First gates", ko = "첫 게이트" }      # what people read; files and reports keep the kata's own name
    points = 10                                           # in place of the kata's own; its checks are scaled
    deadline = 2026-12-01T23:59:00+09:00

It is the nearest one from the current folder upwards. Katas that it does not name do not count.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from grader.bank.kata import Kata
from grader.errors import ContentError
from grader.words.authored import read_toml
from grader.words.languages import BOTH

FILE_NAME = "course.toml"
_KEYS = {"use", "title", "points", "deadline"}


@dataclass(frozen=True)
class Course:
    """What a course.toml says."""

    entries: Mapping[str, Mapping[str, Any]]
    """By a kata's name, in the course's order."""

    @property
    def names(self) -> tuple[str, ...]:
        """The katas' names, in the course's order."""
        return tuple(self.entries)

    def apply(self, kata: Kata) -> Kata:
        """Return the kata as the course wants it."""
        entry = self.entries[kata.name]
        return replace(
            kata,
            title=kata.title | entry.get("title", {}),
            points=float(entry.get("points", kata.points)),
            scale=float(entry.get("points", kata.points)) / kata.points,
            deadline=entry.get("deadline"),
        )


def find_course(start: Path) -> Path | None:
    """Return the nearest course.toml from a folder upwards; None if there is none."""
    folders = [start.resolve(), *start.resolve().parents]
    return next((folder / FILE_NAME for folder in folders if (folder / FILE_NAME).is_file()), None)


def load_course(file: Path, known: Collection[str]) -> Course:
    """Read a course.toml.

    Args:
        file: where it is.
        known: names of the katas that there are.

    Raises:
        ContentError: it is no TOML, names a kata that is not there or one twice, or a key is unknown or of the wrong
            kind.
    """
    rows = read_toml(file, run="kata").get("katas")
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise _wrong(file, "katas", "is no list of tables, [[katas]] with use = ...")
    entries: dict[str, dict[str, Any]] = {}
    for number, row in enumerate(rows, 1):
        name = row.get("use")
        if name not in known:
            raise _wrong(file, f"katas {number}: use", f"{name!r} is none of {', '.join(sorted(known))}")
        if name in entries:
            raise _wrong(file, f"katas {number}: use", f"{name!r} is there twice")
        for key, wrong in _problems(row):
            raise _wrong(file, f"{name}: {key}", wrong)
        entries[name] = row
    return Course(entries)


def _problems(row: dict[str, Any]) -> list[tuple[str, str]]:
    found = [(key, f"is none of {', '.join(sorted(_KEYS))}") for key in sorted(row.keys() - _KEYS)]
    points, title, deadline = row.get("points", 1), row.get("title", {}), row.get("deadline")
    if isinstance(points, bool) or not isinstance(points, (int, float)) or not 0 < points < float("inf"):
        found.append(("points", "is no number above 0"))
    if not isinstance(title, dict) or not all(isinstance(text, str) for text in title.values()):
        found.append(("title", f"is no table of texts by language, {', '.join(BOTH)}"))
    if deadline is not None and (not isinstance(deadline, datetime) or deadline.tzinfo is None):
        found.append(("deadline", "is no date with time and offset, 2026-12-01T23:59:00+09:00"))
    return found


def _wrong(file: Path, key: str, problem: str) -> ContentError:
    return ContentError(file, key, problem, run="kata")
