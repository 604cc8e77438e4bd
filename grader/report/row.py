"""What one student has: marks by kata, and why they are not what the judge gave."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from grader.result import Report
from grader.students import Student

MISSING = "missing"
"""The status of a student who is on the list and handed nothing in."""


@dataclass(frozen=True)
class Note:
    """Why a mark is not what the judge gave: an id in texts/cli.toml, table [note], and the values in it."""

    tag: str
    values: Mapping[str, str] = field(default_factory=dict)
    told: str | None = ""
    """The id of what the student reads: "" for the same, None for nothing. No hidden check, no other row is named."""

    @property
    def is_for_all(self) -> bool:
        """True if it is about everybody, as a dropped check is."""
        return self.tag.startswith("drop")


@dataclass(frozen=True)
class Mark:
    """What one student has in one kata."""

    kata: str
    judged: float | None
    """The judge's points; None where it judged nothing."""
    points: float | None
    """What counts; None where there is no mark."""
    most: float
    """Points there are for this student, checks that were dropped left out."""
    is_exempt: bool = False
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True)
class Row:
    """What one student has in all."""

    student: Student
    status: str
    """Of the report, or MISSING."""
    marks: tuple[Mark, ...]
    """One for each kata of the book, in its order."""
    report: Report | None
    """None where nothing was handed in."""

    @property
    def total(self) -> float | None:
        """Points that count; None where no kata has a mark."""
        known = [mark.points for mark in self.marks if mark.points is not None]
        return round(sum(known), 4) if known else None

    @property
    def most(self) -> float:
        """Points there are, exempt katas left out."""
        return round(math.fsum(mark.most for mark in self.marks if not mark.is_exempt), 4)

    @property
    def notes(self) -> tuple[tuple[str, Note], ...]:
        """All notes, each once, with the katas that have it: "02_gates, 03_xor", or "" for what is true of all."""
        return each_once({mark.kata: mark.notes for mark in self.marks})

    @property
    def own_notes(self) -> tuple[tuple[str, Note], ...]:
        """Those about this student alone; `Book.decided` has the others."""
        return tuple((katas, note) for katas, note in self.notes if not note.is_for_all)


def each_once(notes: Mapping[str, Iterable[Note]]) -> tuple[tuple[str, Note], ...]:
    """Turn the notes of each kata into the katas of each note."""
    found: list[tuple[Note, list[str]]] = []
    for kata, those in notes.items():
        for note in those:
            katas = next((katas for known, katas in found if known == note), None)
            if katas is None:
                found.append((note, [kata]))
            else:
                katas.append(kata)
    every = len(notes) if len(notes) > 1 else 0
    return tuple(("" if len(katas) == every else ", ".join(katas), note) for note, katas in found)
