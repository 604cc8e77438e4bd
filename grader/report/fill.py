"""Fills a copy of the file that a platform exported: its marks and nothing else of it change.

A column is a kata's by its number, folder or title, or because somebody says so; a row is a student's by the platform's
own id, then by any other that both sides have. What cannot be meant is a sentence; who is on one side only is named.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from grader.errors import UsageError
from grader.report.book import Book
from grader.report.platform_files import Column, Form, Line, number
from grader.report.row import Row
from grader.students import Student

TOTAL = "total"
"""What `--column 'Title=total'` writes: the sum."""


@dataclass(frozen=True)
class Filled:
    """A filled copy, and what a person has to know of it."""

    content: bytes
    platform: str
    columns: tuple[tuple[Column, str], ...]
    """Each with the kata that it has now, or TOTAL."""
    without_column: tuple[str, ...]
    """Katas whose marks are in no column, where none has the sum either."""
    rows: int
    """Students in the file."""
    students: int
    """Of them those with at least one mark."""
    not_in_results: tuple[str, ...]
    """Students of the file of whom there is no result."""
    not_in_file: tuple[str, ...]
    """Students with a result who are not in the file."""
    without_mark: tuple[str, ...]
    """Students in both who have no mark, as nothing was handed in or could be read: their cells are as they were."""
    locked: tuple[str, ...]
    """Students whose marks the platform does not take."""
    other_points: tuple[tuple[Column, float], ...]
    """Columns with other points than the kata has: the marks are the kata's."""


def fill(form: Form, book: Book, titles: Mapping[str, Iterable[str]], chosen: Mapping[str, str]) -> Filled:
    """Return the filled copy.

    Args:
        form: the platform's file.
        book: the class's marks.
        titles: by kata: what a column of it may be called, beside its number and its folder.
        chosen: column -> kata or TOTAL, as somebody asked for.

    Raises:
        UsageError: no column or no student fits, a column fits two katas, is read-only, or does not take a mark.
    """
    columns = _match_columns(form, book, titles, chosen)
    filling = _Filling(form, columns)
    for row in book.rows():
        filling.add(row)
    filling.require_this_course()
    filled_katas = {kata for _, kata in columns}
    points = {**book.katas, TOTAL: round(sum(book.katas.values()), 4)}
    return Filled(
        content=form.table.render(filling.cells),
        platform=form.platform,
        columns=tuple(columns),
        without_column=() if TOTAL in filled_katas else tuple(sorted(book.katas.keys() - filled_katas)),
        rows=sum(not line.is_test for line in form.lines),
        students=filling.students,
        not_in_results=tuple(
            line.name or line.platform_id for line in form.lines if line.at not in filling.seen and not line.is_test
        ),
        not_in_file=tuple(filling.not_in_file),
        without_mark=tuple(filling.without_mark),
        locked=tuple(filling.locked),
        other_points=tuple(
            (column, points[kata]) for column, kata in columns if column.most not in (None, points[kata])
        ),
    )


class _Filling:
    """The cells on their way, and who was found and who was not."""

    def __init__(self, form: Form, columns: Sequence[tuple[Column, str]]) -> None:
        self.cells = [list(row) for row in form.table.rows]
        self.students = 0
        self.seen: set[int] = set()
        self.not_in_file: list[str] = []
        self.without_mark: list[str] = []
        self.locked: list[str] = []
        self._strange = 0
        self._form, self._columns, self._find = form, columns, _Finder(form)

    def add(self, row: Row) -> None:
        """Put the marks of one student into her cells."""
        called = row.student.name or row.student.id
        line = self._find(row.student)
        if line is None:
            self.not_in_file.append(called)
            return
        if line.at in self.seen:
            at = self._form.table.lines[line.at]
            raise UsageError("fill_twice", path=self._form.table.path, line=at, name=line.name)
        self.seen.add(line.at)
        self._strange += not _may_be(row.student.name, line.name)
        marks = [(column, _mark_of(row, kata, self._form)) for column, kata in self._columns]
        if line.is_locked:
            self.locked.append(called)
        elif not any(mark for _, mark in marks):
            self.without_mark.append(called)
        else:
            self.students += 1
            self._write(marks, line, called)

    def _write(self, marks: list[tuple[Column, str]], line: Line, called: str) -> None:
        cells = self.cells[line.at]
        cells.extend([""] * (max(column.place for column, _ in marks) + 1 - len(cells)))
        for column, mark in marks:
            if self._form.not_assigned is not None and cells[column.place].strip() == self._form.not_assigned:
                self.locked.append(f"{called} ({column.header})")
                continue
            _require_fitting(column, mark, self._form, line)
            cells[column.place] = mark or cells[column.place]

    def require_this_course(self) -> None:
        """Refuse a file in which nobody was found, or mostly people of other names."""
        path = self._form.table.path
        if not self.seen:
            raise UsageError("fill_nobody", path=path, count=len(self._form.lines))
        if 2 * self._strange > len(self.seen):
            # Moodle numbers the participants of each assignment anew.
            raise UsageError("fill_other_course", path=path, count=self._strange)


def _may_be(known: str, name: str) -> bool:
    """False if two names have nothing in common; a platform may write one without spaces and signs."""
    ours, theirs = _plain(known).split(), _plain(name).split()
    joined = {"".join(theirs), "".join(theirs[1:] + theirs[:1])}
    return not ours or not theirs or bool(set(ours) & set(theirs)) or "".join(ours) in joined


def _mark_of(row: Row, kata: str, form: Form) -> str:
    """What stands in the cell; empty where it stays as it is."""
    points = row.total if kata == TOTAL else None
    for mark in row.marks:
        if mark.kata == kata:
            if mark.is_exempt:
                return form.exempt or ""
            points = mark.points
    if points is None:
        return ""
    text = f"{points:.4f}".rstrip("0").rstrip(".")
    return text.replace(".", ",") if _has_comma(form) else text


def _has_comma(form: Form) -> bool:
    """True if the file's own numbers have a decimal comma."""
    places = {column.place for column in form.columns} | {column.place + 1 for column in form.columns}
    cells = [row[place] for row in form.table.rows[1:] for place in places if place < len(row)]
    return any(re.fullmatch(r"\d+,\d+", cell.strip()) for cell in cells)


def _require_fitting(column: Column, mark: str, form: Form, line: Line) -> None:
    points, path, at = number(mark), form.table.path, form.table.lines[line.at]
    if points is not None and column.most is not None and points > column.most and not form.takes_more:
        most = f"{column.most:g}"
        raise UsageError("fill_too_much", path=path, line=at, mark=mark, most=most, column=column.header)


# --- columns --------------------------------------------------------------------------------------------------------


def _match_columns(
    form: Form, book: Book, titles: Mapping[str, Iterable[str]], chosen: Mapping[str, str]
) -> list[tuple[Column, str]]:
    found: dict[int, tuple[Column, str]] = {}
    for header, kata in chosen.items():
        column = _chosen_column(form, header)
        found[column.place] = (column, kata)
    if not chosen:
        words = {kata: {_plain(word) for word in (kata, kata[3:], *titles.get(kata, ()))} for kata in book.katas}
        for column in (column for column in form.columns if not column.is_computed):
            fitting = [kata for kata in book.katas if _fits(column.header, kata, words[kata])]
            if len(fitting) > 1:
                raise UsageError("fill_two_katas", path=form.table.path, column=column.header, known=", ".join(fitting))
            if fitting:
                found[column.place] = (column, fitting[0])
        if not found and len(form.columns) == 1 and len(book.katas) == 1 and form.exempt is None:
            # A worksheet of Moodle has one column of marks, and there is one kata.
            found[form.columns[0].place] = (form.columns[0], *book.katas)  # type: ignore[assignment]  # exactly one
    if not found:
        known = ", ".join(column.header for column in form.columns if not column.is_computed)
        first = next((column.header for column in form.columns if column.most is not None), form.columns[0].header)
        raise UsageError("fill_no_column", path=form.table.path, known=known, first=first)
    _require_distinct(form, [found[place] for place in sorted(found)])
    return [found[place] for place in sorted(found)]


def _chosen_column(form: Form, header: str) -> Column:
    exact = [column for column in form.columns if column.header == header]
    named = exact or [column for column in form.columns if _title(column.header) == header]
    if len(named) != 1:
        known = ", ".join(column.header for column in form.columns)
        raise UsageError("fill_which_column", path=form.table.path, column=header, known=known)
    return named[0]


def _require_distinct(form: Form, columns: Sequence[tuple[Column, str]]) -> None:
    seen: dict[str, str] = {}
    for column, kata in columns:
        if column.is_read_only:
            raise UsageError("fill_read_only", path=form.table.path, column=column.header)
        if kata in seen:
            raise UsageError(
                "fill_two_columns", path=form.table.path, kata=kata, first=seen[kata], second=column.header
            )
        seen[kata] = column.header


def _title(header: str) -> str:
    """A column's title without the id that Canvas puts behind it."""
    return re.sub(r" *\(\d+\)$", "", header)


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower().replace("_", " ")))


def _fits(header: str, kata: str, words: Iterable[str]) -> bool:
    """True if a column is called by the kata's number, folder or title, alone or with the number before the rest."""
    plain = _plain(_title(header))
    if plain in words:
        return True
    if plain.startswith(f"{_plain(kata)} "):
        return True
    parts = re.fullmatch(r"(?:(?:kata|카타) )?(\d{1,2})(?: (.*))?", plain)
    return parts is not None and int(parts[1]) == int(kata[:2]) and (not parts[2] or parts[2] in words)


# --- students -------------------------------------------------------------------------------------------------------


class _Finder:
    """Finds a student's row: by the platform's id, then by every other id that both sides have, then by the name."""

    def __init__(self, form: Form) -> None:
        self._platform = form.platform
        self._by_id = {line.platform_id: line for line in form.lines if line.platform_id}
        self._by_other = _only_one((other.lower(), line) for line in form.lines for other in line.others)
        self._by_name = _only_one((_plain(line.name), line) for line in form.lines)

    def __call__(self, student: Student) -> Line | None:
        if student.platform == self._platform and student.platform_id:
            # The platform knows who this is: whoever else has the name or the number is somebody else.
            return self._by_id.get(student.platform_id)
        if not student.platform and (found := self._by_id.get(student.platform_id)):
            return found
        own = [key.lower() for key in (student.number, student.login, student.email, student.id) if key]
        if found := next((self._by_other[key] for key in own if key in self._by_other), None):
            return found
        if not student.platform and (found := self._by_id.get(student.id)):
            return found
        words = _plain(student.name).split()
        names = {" ".join(words), " ".join(words[1:] + words[:1]), " ".join(words[-1:] + words[:-1])} - {""}
        fitting = {self._by_name[name].at: self._by_name[name] for name in names if name in self._by_name}
        return next(iter(fitting.values())) if len(fitting) == 1 else None


def _only_one(pairs: Iterable[tuple[str, Line]]) -> dict[str, Line]:
    """By key, those that exactly one row has."""
    found: dict[str, Line] = {}
    twice = set()
    for key, line in pairs:
        if key and found.setdefault(key, line) is not line:
            twice.add(key)
    return {key: line for key, line in found.items() if key not in twice}
