"""Reads a class list as platforms and spreadsheets write it, and returns the one that nbgrader imports.

`nbgrader db student import` takes UTF-8 without a mark at its beginning, commas, and columns of its own names. Excel's
"CSV UTF-8" has the mark, a Korean Excel may write cp949 and semicolons, and platforms have other names.
"""

import csv
import io
import re
from pathlib import Path

from grader.csv_file import read_table
from grader.errors import UsageError

COLUMNS = {
    "id": ("id", "student_id", "student id", "sis login id", "id number", "username", "학번", "아이디"),
    "last_name": ("last_name", "last name", "surname", "성"),
    "first_name": ("first_name", "first name", "name", "이름", "성명"),
    "email": ("email", "e-mail", "email address", "이메일", "메일"),
}
"""nbgrader's column -> headers that mean it, in small letters; of several in one file the first one here counts."""

# The id becomes a folder's name; "+" parts the names of nbgrader's exchange.
_ID = re.compile(r"[^/\\+\x00-\x1f]+")


def convert_roster(file: Path) -> str:
    """Return the text of a CSV file for `nbgrader db student import`, one row for each student.

    Raises:
        UsageError: the file cannot be read, has no column of ids, or an id is missing, twice or no folder's name.
    """
    table = read_table(file)
    header, *rows = [[part.strip() for part in row] for row in table.rows]
    known = [name.lower() for name in header]
    places = {
        column: next((known.index(name) for name in names if name in known), None) for column, names in COLUMNS.items()
    }
    if places["id"] is None:
        raise UsageError("roster_no_id", path=file, known=", ".join(COLUMNS["id"]))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    seen: set[str] = set()
    for number, row in zip(table.lines[1:], rows, strict=True):
        if not any(row):
            continue
        student = [row[place] if place is not None and place < len(row) else "" for place in places.values()]
        if not _ID.fullmatch(student[0]) or student[0] in (".", "..") or student[0] in seen:
            raise UsageError("roster_bad_id", path=file, line=number, name=student[0])
        seen.add(student[0])
        writer.writerow(student)
    return out.getvalue()
