"""Names, ids and metadata of an nbgrader release: what its writer and its reader agree on.

One notebook per kata, with the kata's name. Its cells that nbgrader knows, in this order:

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
_NOT_IN_AN_ID = re.compile(r"[^a-zA-Z0-9_-]")


def grade_id(kata: Kata, part: str) -> str:
    """Return the grade_id of a cell, of a check's by the check's id: "gates_rows-AND" for "rows[AND]".

    nbgrader allows letters, digits, "_" and "-" only. Two checks of a kata that end up with one id are refused when the
    course is written (ContentError).
    """
    return _NOT_IN_AN_ID.sub("-", f"{kata.slug}_{part}").rstrip("-")


def metadata(
    cell_id: str, *, solution: bool = False, locked: bool | None = None, points: float | None = None
) -> dict[str, Any]:
    """Return the value of a cell's metadata.nbgrader.

    Args:
        cell_id: the grade_id.
        solution: True for a cell that students fill.
        locked: True for one that they may not change; None: one that they do not fill.
        points: of a grade cell; None for any other.
    """
    locked = not solution if locked is None else locked
    made: dict[str, Any] = {
        "schema_version": SCHEMA,
        "grade_id": cell_id,
        "grade": points is not None,
        "solution": solution,
        "locked": locked,
        "task": points is None and not solution and not locked,
    }
    return made if points is None else {**made, "points": points}
