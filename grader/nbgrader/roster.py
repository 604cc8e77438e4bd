"""Reads a class list as platforms and spreadsheets write it, and returns the one that nbgrader imports.

`nbgrader db student import` takes UTF-8 without a mark at its beginning, commas, and columns of its own names. Excel's
"CSV UTF-8" has the mark, a Korean Excel may write cp949 and semicolons, and platforms have other names.
"""

import csv
import io
import re
from collections.abc import Mapping
from pathlib import Path

from grader.csv_file import read_table
from grader.errors import UsageError
from grader.students import COLUMNS as KNOWN
from grader.students import find_columns

COLUMNS = ("id", "last_name", "first_name", "email")
"""nbgrader's."""

# The id becomes a folder's name; "+" parts the names of nbgrader's exchange.
_ID = re.compile(r"[^/\\+\x00-\x1f]+")


def convert_roster(file: Path) -> str:
    """Return the text of a CSV file for `nbgrader db student import`, one row for each student.

    Raises:
        UsageError: the file cannot be read, has no column of ids, or an id is missing, twice or no folder's name.
    """
    table = read_table(file)
    rows = [[part.strip() for part in row] for row in table.rows[1:]]
    found = find_columns(table.header)
    own, given = (_first(found, *names) for names in (("number", "login"), ("first_name", "name")))
    if own is None:
        known = ", ".join((*KNOWN["number"], *KNOWN["login"]))
        raise UsageError("roster_no_id", path=file, known=known)
    places = (own, found["last_name"], given, found["email"])
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    seen: set[str] = set()
    for number, row in zip(table.lines[1:], rows, strict=True):
        if not any(row):
            continue
        student = [row[place] if place is not None and place < len(row) else "" for place in places]
        if not _ID.fullmatch(student[0]) or student[0] in (".", "..") or student[0] in seen:
            raise UsageError("roster_bad_id", path=file, line=number, name=student[0])
        seen.add(student[0])
        writer.writerow(student)
    return out.getvalue()


def _first(places: Mapping[str, int | None], *names: str) -> int | None:
    return next((places[name] for name in names if places[name] is not None), None)
