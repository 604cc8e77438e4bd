"""Where a student is, in one small JSON file beside the katas: exercises/.kata-progress.json.

    {"language": "ko",
     "02_gates": {"passed": 1, "total": 5, "points": 0.8, "digest": "...", "hint": 1, "ran_since_hint": true},
     "06_stacks": {"skipped": true}}

`digest` is that of the student's file when the checks ran. The file is a convenience: deleting it loses nothing but the
choice of language and the count of opened hints. Whatever in it is missing, older or damaged counts as not there.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.bank.kata import Kata
from grader.whole_file import write_whole

FILE_NAME = ".kata-progress.json"


@dataclass(frozen=True)
class Progress:
    """The public checks of one kata when they last ran."""

    passed: int
    total: int
    current: bool
    """False if the student's file has changed since."""
    points: float | None = None
    """Of the checks that passed; None if nobody has written it down."""

    @property
    def done(self) -> bool:
        """True if all public checks pass for the file as it is now."""
        return self.current and self.passed == self.total


def digest_of(kata: Kata) -> str:
    """Return the digest of the student's file as it is now; "" if it cannot be read."""
    try:
        return hashlib.sha256(kata.student_file.read_bytes()).hexdigest()
    except OSError:
        return ""


def load_progress(kata: Kata) -> Progress | None:
    """Return what is remembered of a kata; None if its checks have not run here."""
    entry = _load(kata)
    passed, total = _count(entry, "passed"), _count(entry, "total")
    if total == 0:
        return None
    points = entry.get("points")
    known = float(points) if isinstance(points, (int, float)) else None
    return Progress(passed, total, entry.get("digest") == digest_of(kata), known)


def save_progress(kata: Kata, *, passed: int, total: int, points: float | None = None) -> None:
    """Remember the public checks of a kata.

    Raises:
        UsageError: the file cannot be written. That is no reason to fail a check, but has to be said.
    """
    _save(kata, passed=passed, total=total, points=points, digest=digest_of(kata), ran_since_hint=True)


def save_partial_run(kata: Kata, *, passed: int, ran: int, total: int) -> None:
    """Remember that some of a kata's checks have run, by what that proves: never that the kata is done.

    Of a file that has changed since the last whole run, a check that did not pass shows that it is not done yet; checks
    that passed show nothing about the others.

    Raises:
        UsageError: the file cannot be written.
    """
    known = load_progress(kata)
    if passed < ran and (known is None or not known.current):
        save_progress(kata, passed=passed, total=total)
    else:
        _save(kata, ran_since_hint=True)


def is_done(kata: Kata) -> bool:
    """True if all public checks of a kata pass for the file as it is now."""
    progress = load_progress(kata)
    return progress is not None and progress.done


def is_skipped(kata: Kata) -> bool:
    """True if the student has passed the kata over, and not passed its checks since."""
    return _load(kata).get("skipped") is True and not is_done(kata)


def save_skipped(kata: Kata, skipped: bool) -> None:
    """Remember that a kata is passed over, or no longer.

    Raises:
        UsageError: the file cannot be written.
    """
    _save(kata, skipped=skipped)


def open_hint(kata: Kata, *, most: int) -> int:
    """Return the highest open level of hints, 1 to `most`; `remember_hint` says that it has been shown.

    The first is open from the beginning; each further one opens when the checks have run since the last one was shown,
    and all of them once the public checks pass.
    """
    entry = _load(kata)
    level = min(_count(entry, "hint"), most)
    if is_done(kata):
        return most
    if level == 0 or (level < most and entry.get("ran_since_hint") is True):
        level += 1
    return level


def remember_hint(kata: Kata, level: int) -> None:
    """Remember that a level of hints has been shown; the next one opens after the checks have run.

    Raises:
        UsageError: the file cannot be written.
    """
    _save(kata, hint=level, ran_since_hint=False)


def load_language(bank: Path) -> str | None:
    """Return the language that was saved in a bank; None if none was."""
    language = _read(bank / "exercises" / FILE_NAME).get("language")
    return language if isinstance(language, str) else None


def save_language(bank: Path, language: str) -> None:
    """Remember a language for everything that runs in this bank, plain pytest too.

    Raises:
        UsageError: the file cannot be written.
    """
    file = bank / "exercises" / FILE_NAME
    _write(file, {**_read(file), "language": language})


def _load(kata: Kata) -> dict[str, Any]:
    entry = _read(kata.exercise.parent / FILE_NAME).get(kata.name)
    return entry if isinstance(entry, dict) else {}


def _save(kata: Kata, **changed: object) -> None:
    file = kata.exercise.parent / FILE_NAME
    _write(file, {**_read(file), kata.name: {**_load(kata), **changed}})


def _count(entry: dict[str, Any], key: str) -> int:
    value = entry.get(key)
    return max(value, 0) if isinstance(value, int) else 0


def _read(file: Path) -> dict[str, Any]:
    try:
        data = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


def _write(file: Path, data: dict[str, Any]) -> None:
    write_whole(file, json.dumps(data, indent=1, sort_keys=True).encode("utf-8"))
