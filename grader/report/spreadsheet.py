"""gradebook.csv: one row a submission, one column a kata, the total."""

import csv
import io
from collections.abc import Iterable

from grader.bank.kata import Kata
from grader.expect import clean
from grader.result import Report, Status

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def safe_cell(text: str) -> str:
    """Return the text as a cell that no spreadsheet runs as a formula.

    Source: OWASP, "CSV Injection": cells that begin with = + - @, tab or carriage return. Some programs cut off spaces
    before them, and those of Korean and Japanese users may take wide signs for narrow ones.
    """
    begins = text[:1] + text.lstrip()[:1]
    text = clean(text).replace("\n", " ")
    return f"'{text}" if any(sign in begins for sign in _FORMULA) else text


def render_gradebook(reports: Iterable[Report], katas: tuple[Kata, ...]) -> bytes:
    """Return the gradebook as UTF-8 CSV with every text quoted.

    Where nothing was judged (unreadable, or the kit's own fault) the cells are empty, never 0: a person decides. The
    byte order mark makes Excel read the names of Korean students as they are.
    """
    stream = io.StringIO()
    writer = csv.writer(stream, quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow(["submission", *(kata.name for kata in katas), "total", "max", "status"])
    for report in reports:
        scores = {result.kata: result.score for result in report.katas}
        marks: list[float | str] = [scores.get(kata.name, "") for kata in katas]
        total = report.score if report.status is Status.GRADED else ""
        writer.writerow([safe_cell(report.submission), *marks, total, report.max_score, str(report.status)])
    return stream.getvalue().encode("utf-8-sig")
