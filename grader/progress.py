"""Where a student is: which public checks passed, and for which text of the file, in one small JSON file.

The file is a convenience (`kata` reads it); deleting it loses nothing that a run of the checks does not bring back.
"""

import contextlib
import hashlib
import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.kata import Kata

FILE_NAME = ".kata-progress.json"


@dataclass(frozen=True)
class Progress:
    """The public checks of one kata when they last ran."""

    passed: int
    total: int
    current: bool
    """False if the student's file has changed since."""


def load_progress(kata: Kata) -> Progress | None:
    """Return what is remembered of a kata; None if its checks have not run here."""
    entry = _read(_file(kata)).get(kata.name)
    if not isinstance(entry, dict):
        return None
    current = entry.get("digest") == _digest(kata)
    return Progress(int(entry.get("passed", 0)), int(entry.get("total", 0)), current)


def save_progress(kata: Kata, *, passed: int, total: int) -> None:
    """Remember the public checks of a kata. A folder that cannot be written to is no reason to fail a check."""
    file = _file(kata)
    data = _read(file)
    data[kata.name] = {"passed": passed, "total": total, "digest": _digest(kata)}
    with contextlib.suppress(OSError):
        handle, name = tempfile.mkstemp(prefix=FILE_NAME, dir=file.parent)
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            json.dump(data, stream, indent=1, sort_keys=True)
        Path(name).replace(file)


def _file(kata: Kata) -> Path:
    return kata.exercise.parent / FILE_NAME


def _digest(kata: Kata) -> str:
    return hashlib.sha256(kata.student_file.read_bytes()).hexdigest() if kata.student_file.exists() else ""


def _read(file: Path) -> dict[str, Any]:
    try:
        data = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}
