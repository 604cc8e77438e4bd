"""What reading gives: a Submission, or why there is none; and the limits that reading keeps."""

import hashlib
import os
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from grader.bank.kata import Kata
from grader.errors import KitError
from grader.intake.ipynb import BadNotebook
from grader.students import Student, listed

MAX_TOTAL_BYTES = 64 * 1024 * 1024
"""Bytes that are read for one submission in all, copies, notebooks and zips within it included."""
MAX_ENTRIES = 5000
"""Entries of one submission that are looked at; what is passed over does not count."""
MAX_NAME = 120
"""Characters of a file's name that a sentence shows."""
NAMED = 4
"""File names in a sentence; the others are counted."""
NOTEBOOK = ".ipynb"
ARCHIVE = ".zip"


@dataclass(frozen=True)
class Problem:
    """Why something could not be read: an id in texts/common.toml and the values of its placeholders."""

    tag: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Submission:
    """One student's files, as bytes."""

    id: str
    files: Mapping[str, bytes]
    """By kata name; a kata without a file is not in it."""
    problems: Mapping[str, Problem] = field(default_factory=dict)
    """By kata name: a file that is there but cannot be used."""
    unreadable: Problem | None = None
    """Set when nothing of the submission can be judged."""
    not_read: tuple[str, ...] = ()
    """Places of files that bear a kata's name in some form, where another one counts."""
    no_answer: tuple[str, ...] = ()
    """Places of files that only have a kata's name in theirs, and no answer to it."""
    untouched: frozenset[str] = frozenset()
    """Names of katas whose file is as it was given out."""
    times: Mapping[str, str] = field(default_factory=dict)
    """By kata name: when it was handed in, where that is not one time for all."""

    @property
    def digest(self) -> str:
        """sha256 over the names and bytes that are judged, and over what was refused and why."""
        total = hashlib.sha256()
        for name, content in sorted(self.files.items()):
            total.update(f"{name} {len(content)}\n".encode() + content)
        refused = {**self.problems, **({"": self.unreadable} if self.unreadable else {})}
        for name, problem in sorted(refused.items()):
            total.update(f"{name} {problem.tag} {sorted(problem.values.items())}\n".encode("utf-8", "replace"))
        return f"sha256:{total.hexdigest()}"


@dataclass(frozen=True)
class Piece:
    """One entry of a platform's export that belongs to a student."""

    entry: str
    """Its name in the export: "kim_12_345_gates-1.py"."""
    name: str = ""
    """What the student called the file: "gates.py". Of a folder only the content counts."""
    upload: int = 0
    """Which upload of the file it is, where the platform numbers them: 1 for "gates-1.py"."""


@dataclass(frozen=True)
class Found:
    """Where a submission lies; it is read when its turn comes, so that a large class needs no memory."""

    id: str
    path: Path
    inside: tuple[str, ...] = ()
    """The names that lead from the zip at `path` to one student's folder or file in it; empty: all of it."""
    problem: Problem | None = None
    """Why it cannot be read, where that is known already."""
    pieces: tuple[Piece, ...] = ()
    """Of a platform's export at that place, what is this student's; empty: all of it is."""
    older: tuple[Piece, ...] = ()
    """What the same student handed in there before; it does not count."""
    student: Student | None = None
    """What the platform says of the student; None where there is no platform."""
    also: tuple["Found", ...] = ()
    """All that the same student handed in, in several places (other assignments): merged kata by kata."""

    def label(self) -> str:
        """Return what a sentence calls it."""
        pieces = f"{self.pieces[0].entry}{' ...' if len(self.pieces) > 1 else ''}" if self.pieces else ""
        return "/".join(part for part in (self.path.name, *self.inside, pieces) if part)


class Refused(Exception):
    """What is there cannot be used, and why."""

    def __init__(self, tag: str, **values: str) -> None:
        """Name the sentence of texts/common.toml and fill its placeholders."""
        super().__init__(tag)
        self.problem = Problem(tag, {name: shown(value, most=8 * MAX_NAME) for name, value in values.items()})


def shown(name: str, *, most: int = MAX_NAME) -> str:
    """Return a file's name as a sentence can hold it: no character that steers a terminal, none that is no UTF-8."""
    name = "".join(char if unicodedata.category(char)[0] != "C" else "?" for char in name[: most + 1])
    return name if len(name) <= most else f"{name[:most]}..."


def decoded(name: str) -> str:
    """Return a name as its writer meant it: one that is no UTF-8 was unpacked from a Korean Windows zip, as a rule."""
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        raw = os.fsencode(name)
        try:
            return raw.decode("cp949")
        except UnicodeDecodeError:
            return raw.decode("utf-8", "replace")
    return name


def list_names(names: Iterable[str]) -> str:
    """Return the first names, and how many more there are: "a.py, b.py +3"."""
    every = list(names)
    more = f" +{len(every) - NAMED}" if len(every) > NAMED else ""
    return listed([shown(name) for name in every[:NAMED]]) + more


@contextmanager
def border(file: str, *, damaged: str) -> Iterator[None]:
    """Turn whatever goes wrong while something is read into `Refused`.

    Args:
        file: its name, for the sentence.
        damaged: the tag for what no system call has reported: the bytes themselves are wrong.

    Raises:
        Refused: instead of any other exception.
    """
    try:
        yield
    except (Refused, KitError):
        raise
    except BadNotebook as problem:
        raise Refused(str(problem), file=file, **problem.values) from None
    except OSError as problem:
        raise Refused("file_unreadable", file=file, reason=problem.strerror or type(problem).__name__) from None
    except Exception as problem:  # the reader's border: zlib, struct, codecs, memory ... one entry stops no class
        raise Refused(damaged, file=file) from problem


def notebook_file(kata: Kata) -> str:
    """Return the name of a kata's notebook, "02_gates.ipynb"."""
    return f"{kata.name}{NOTEBOOK}"


def own_names(kata: Kata) -> tuple[str, str]:
    """Return the names that a kata's file may have."""
    return kata.file_name, notebook_file(kata)


def documented_places(kata: Kata) -> tuple[str, ...]:
    """Return where a kata's file may lie within a submission, as students and instructors are told."""
    folders = ("", f"{kata.name}/", f"exercises/{kata.name}/")
    return tuple(f"{folder}{name}" for name in own_names(kata) for folder in folders)


def wanted_files(katas: tuple[Kata, ...]) -> str:
    """Return the names that are looked for, for a sentence."""
    return ", ".join(kata.file_name for kata in katas)
