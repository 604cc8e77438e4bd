"""Names, ids and metadata of an nbgrader release: what its writer and its reader agree on.

One notebook per kata. Its cells that nbgrader knows, in this order:

    {slug}_lesson   markdown, read-only     the lesson
    {slug}_setup    code, read-only         opens the kata for the cells below
    {slug}_answer   code, solution          the student's file; the only cell that the checks look at
    {slug}_{check}  code, grade, read-only  one for each check, worth its points; a hidden one is empty for students
    {slug}_picture  code, read-only         draws the kata's picture from the answer

Ids come from the katas' own names alone, so they stay the same from release to release.
"""

import re
from typing import Any

from grader.bank.kata import Kata

SCHEMA = 3
"""Of nbgrader's cell metadata."""
ONE_ASSIGNMENT = "katas"
"""The assignment's name where all katas are one."""

_NOT_IN_AN_ID = re.compile(r"[^a-zA-Z0-9_-]")


def assignment_name(kata: Kata, *, one_assignment: bool) -> str:
    """Return the assignment that a kata's notebook belongs to: "katas" or "02_gates"."""
    return ONE_ASSIGNMENT if one_assignment else kata.name


def notebook_name(kata: Kata) -> str:
    """Return the notebook's name as nbgrader stores it, without its ending: "02_gates"."""
    return kata.name


def lesson_id(kata: Kata) -> str:
    """Return the grade_id of the lesson."""
    return f"{kata.slug}_lesson"


def setup_id(kata: Kata) -> str:
    """Return the grade_id of the set-up cell."""
    return f"{kata.slug}_setup"


def picture_id(kata: Kata) -> str:
    """Return the grade_id of the picture's cell."""
    return f"{kata.slug}_picture"


def grade_id(kata: Kata, check_id: str) -> str:
    """Return the grade_id of a check's cell: "gates_rows-AND" for the check "rows[AND]".

    nbgrader allows letters, digits, "_" and "-" only. Two checks of a kata that end up with one id are refused when the
    course is written (ContentError).
    """
    return _NOT_IN_AN_ID.sub("-", f"{kata.slug}_{check_id}").rstrip("-")


def metadata(cell_id: str, *, solution: bool = False, points: float | None = None) -> dict[str, Any]:
    """Return the value of a cell's metadata.nbgrader.

    Args:
        cell_id: the grade_id.
        solution: True for the cell that students fill.
        points: of a grade cell; None for any other.
    """
    made: dict[str, Any] = {
        "schema_version": SCHEMA,
        "grade_id": cell_id,
        "grade": points is not None,
        "solution": solution,
        "locked": not solution,
        "task": False,
    }
    return made if points is None else {**made, "points": points}
