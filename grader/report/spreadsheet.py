"""gradebook.csv: one row a student, one column a kata, the total, and why a mark is not the judge's."""

import codecs
import csv
import io
from collections.abc import Callable, Iterable, Iterator

from grader.expect import clean
from grader.report.book import Book
from grader.report.row import Row

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def safe_cell(text: str) -> str:
    """Return the text as a cell that no spreadsheet runs as a formula.

    Source: OWASP, "CSV Injection": cells that begin with = + - @, tab or carriage return. Some programs cut off spaces
    before them, and those of Korean and Japanese users may take wide signs for narrow ones.
    """
    begins = text[:1] + text.lstrip()[:1]
    text = clean(text).replace("\n", " ")
    return f"'{text}" if any(sign in begins for sign in _FORMULA) else text


def render_gradebook(book: Book, explain: Callable[[Row], str]) -> Iterator[bytes]:
    """Yield the gradebook as UTF-8 CSV with every text quoted, line by line.

    Where there is no mark (nothing handed in, unreadable, exempt, or the kit's own fault) the cells are empty, never 0:
    a person decides. The byte order mark makes Excel read the names of Korean students as they are. Names and comments
    have a column where there are any.

    Args:
        book: the class's marks.
        explain: says why a row's marks are not the judge's.
    """
    stream = io.StringIO()
    writer = csv.writer(stream, quoting=csv.QUOTE_NONNUMERIC)

    def line(cells: Iterable[float | str]) -> bytes:
        stream.seek(0)
        stream.truncate()
        writer.writerow(cells)
        return stream.getvalue().encode("utf-8", "replace")

    more = {"name": book.is_named, "comment": book.is_adjusted or bool(book.doubles)}
    header = ["submission", *book.katas, "total", "max", "status", *(name for name, shown in more.items() if shown)]
    yield codecs.BOM_UTF8 + line(header)
    for row in book.rows():
        words = {"name": row.student.name, "comment": explain(row)}
        last = [row.status, *(safe_cell(words[name]) for name, shown in more.items() if shown)]
        marks = [_number(mark.points) for mark in row.marks]
        yield line([safe_cell(row.student.id), *marks, _number(row.total), row.most, *last])


def _number(points: float | None) -> float | str:
    return "" if points is None else points
