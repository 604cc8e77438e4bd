"""The files into which platforms take marks: which columns they are in, and who is in which row.

Canvas's gradebook (lib/gradebook_importer.rb): the first columns say who somebody is, up to Section; an assignment is a
column "Title (4711)"; a row "Points Possible" has each one's points, or "(read only)". Moodle's grading worksheet
(mod/assign/feedback/offline): the first column is "Participant 123" in the site's language, and every header is in that
language, so the columns are known by what stands in them: the grade, what it is at most, whether it can be changed.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.csv_file import Table, read_table
from grader.errors import UsageError
from grader.students import TEST_STUDENT


@dataclass(frozen=True)
class Column:
    """A column of marks."""

    place: int
    header: str
    most: float | None
    """Points that it has at most, as the file says; None where it does not."""
    is_read_only: bool = False
    is_computed: bool = False
    """The platform adds it up itself: nothing is called a kata there."""


@dataclass(frozen=True)
class Line:
    """A student's row in the file."""

    at: int
    """Its place among the table's rows."""
    name: str
    platform_id: str
    others: tuple[str, ...]
    """Further ids that stand in it: a student number, a login, an e-mail."""
    is_locked: bool = False
    """The platform takes no mark for this student."""
    is_test: bool = False
    """Nobody: whom the platform lets an instructor be, to try the course."""


@dataclass(frozen=True)
class Form:
    """What a platform's file is made of."""

    platform: str
    table: Table
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    exempt: str | None
    """What stands for an exempt student; None where the platform has no such word."""
    not_assigned: str | None
    """What stands where the platform takes no mark from a student; None where there is no such word."""
    takes_more: bool
    """True if a mark may be above what the column has at most; else the platform leaves it out without a word."""


def read_form(file: Path) -> Form:
    """Read a platform's file and find out what it is.

    Raises:
        UsageError: it is neither of the two, or cannot be read.
    """
    table = read_table(file)
    form = _canvas(table) or _moodle(table)
    if form is None:
        raise UsageError("fill_unknown", path=file)
    return form


def number(cell: str) -> float | None:
    """Return the number in a cell, with a point or a comma; None if it is none."""
    text = cell.strip()
    return float(text.replace(",", ".")) if re.fullmatch(r"-?\d+(?:[.,]\d+)?", text) else None


# --- Canvas ---------------------------------------------------------------------------------------------------------

_DROPPED = re.compile(r"(Current|Final) (Score|Points|Grade)|Override (Score|Grade|Status)")
"""Columns that Canvas leaves out of an import (NON_ASSIGNMENT_COLUMN_HEADERS)."""


def _canvas(table: Table) -> Form | None:
    header = table.header
    names = 2 if header[:2] == ("LastName", "FirstName") else 1
    if names == 1 and "Student" not in header[0]:
        return None
    if len(header) <= names + 1 or "ID" not in header[names]:
        return None
    section = next((place for place, name in enumerate(header) if "Section" in name), None)
    if section is None:
        return None
    points = next((row for row in table.rows[1:] if "Points Possible" in row[0]), ())
    columns = tuple(
        Column(
            place,
            name,
            number(_cell(points, place)),
            "read only" in _cell(points, place).lower() or _DROPPED.search(name) is not None,
            _DROPPED.search(name) is not None,
        )
        for place, name in enumerate(header)
        if place > section and name
    )
    lines = tuple(
        Line(
            at,
            " ".join(cell.strip() for cell in row[:names]),
            _cell(row, names),
            tuple(cell.strip() for cell in row[names + 1 : section] if cell.strip()),
            is_test=", ".join(cell.strip() for cell in row[:names]) == TEST_STUDENT,
        )
        for at, row in enumerate(table.rows)
        if at and "Points Possible" not in row[0] and row[0].strip()
    )
    return Form("Canvas", table, columns, lines, "EX", "N/A", takes_more=True) if columns else None


def _cell(row: Sequence[str], place: int) -> str:
    return row[place].strip() if place < len(row) else ""


# --- Moodle ---------------------------------------------------------------------------------------------------------

_PARTICIPANT = re.compile(r"\D+?\s*(\d+)")
_NO = ("no", "아니오", "아니요", "nein", "non", "いいえ", "否")
"""How the column "Grade can be changed" says that a mark is locked, in the languages known here."""


def _moodle(table: Table) -> Form | None:
    header = table.header
    rows = [(at, row) for at, row in enumerate(table.rows) if at and any(cell.strip() for cell in row)]
    numbers = [_PARTICIPANT.fullmatch(row[0].strip()) for _, row in rows]
    if not rows or len(header) < 4 or not all(numbers):
        return None
    grades = [place for place in range(1, len(header) - 2) if _is_grade(place, [row for _, row in rows])]
    if len(grades) > 1:
        grades = [place for place in grades if header[place].lower() in ("grade", "성적", "점수")] or grades
    columns = tuple(Column(place, header[place], number(_cell(rows[0][1], place + 1))) for place in grades)
    if not columns:
        return None
    lines = tuple(
        Line(
            at,
            # Names are hidden in blind marking: then the status stands behind the number.
            _cell(row, 1) if grades[0] > 2 else "",
            match[1],
            tuple(_cell(row, place) for place in range(1, grades[0]) if _cell(row, place)),
            _cell(row, grades[0] + 2).lower() in _NO,
        )
        for (at, row), match in zip(rows, numbers, strict=True)
        if match is not None
    )
    return Form("Moodle", table, columns, lines, None, None, takes_more=False)


def _is_grade(place: int, rows: list[tuple[str, ...]]) -> bool:
    """True for a column of marks: behind it the same number in every row, and behind that a word, no number."""
    grades = [_cell(row, place) for row in rows]
    most = {_cell(row, place + 1) for row in rows}
    words = [_cell(row, place + 2) for row in rows]
    return (
        all(grade in ("", "-") or number(grade) is not None for grade in grades)
        and len(most) == 1
        and (number(*most) or 0) > 0
        and all(word and number(word) is None for word in words)
    )
