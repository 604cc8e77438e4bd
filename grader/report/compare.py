"""Whose marks differ between two books, by how much, and through which checks."""

from collections.abc import Iterator
from dataclasses import dataclass

from grader.report.book import Book
from grader.report.row import Mark, Row


@dataclass(frozen=True)
class Change:
    """One student whose marks differ."""

    student: str
    name: str
    before: float | None
    """The sum; None where there was no mark."""
    after: float | None
    causes: tuple[str, ...]
    """Checks with their points, "02 and_rows 2 -> 0", and katas whose mark changed otherwise, "02 4 -> 5"."""
    is_new: bool = False
    is_gone: bool = False


@dataclass(frozen=True)
class _Kept:
    """What of an earlier row is compared: the points, not the texts, so that a large class fits into memory."""

    name: str
    total: float | None
    marks: dict[str, float | None]
    checks: dict[tuple[str, tuple[str, ...]], tuple[float, ...]]


def compare(old: Book, new: Book) -> Iterator[Change]:
    """Yield the students whose marks differ, in the order of the new book, then those who are only in the old one."""
    shapes: dict[tuple[str, tuple[str, ...]], tuple[str, tuple[str, ...]]] = {}
    before = {row.student.id: _keep(row, shapes) for row in old.rows()}
    for row in new.rows():
        was = before.pop(row.student.id, None)
        if was is None:
            yield Change(row.student.id, row.student.name, None, row.total, (), is_new=True)
            continue
        causes = tuple(_causes(was, row))
        if causes or was.total != row.total:
            yield Change(row.student.id, row.student.name, was.total, row.total, causes)
    for student, was in before.items():
        yield Change(student, was.name, was.total, None, (), is_gone=True)


def _keep(row: Row, shapes: dict[tuple[str, tuple[str, ...]], tuple[str, tuple[str, ...]]]) -> _Kept:
    checks = {}
    for result in row.report.katas if row.report is not None else ():
        shape = (result.kata, tuple(check.id for check in result.checks))
        checks[shapes.setdefault(shape, shape)] = tuple(check.points for check in result.checks)
    return _Kept(row.student.name, row.total, {mark.kata: mark.points for mark in row.marks}, checks)


def _causes(was: _Kept, row: Row) -> Iterator[str]:
    earlier = {
        (kata, name): points
        for (kata, names), all_ in was.checks.items()
        for name, points in zip(names, all_, strict=True)
    }
    results = {result.kata: result for result in row.report.katas} if row.report is not None else {}
    for mark in row.marks:
        before = was.marks.get(mark.kata)
        if before == mark.points:
            continue
        through = [
            f"{mark.kata[:2]} {check.id} {earlier[mark.kata, check.id]:g} -> {check.points:g}"
            for check in (results[mark.kata].checks if mark.kata in results else ())
            if earlier.get((mark.kata, check.id), check.points) != check.points
        ]
        yield from through
        if not through or mark.points != mark.judged:
            yield f"{mark.kata[:2]} {_shown(before)} -> {_shown(mark.points)}{_star(mark)}"


def _shown(points: float | None) -> str:
    return "-" if points is None else f"{points:g}"


def _star(mark: Mark) -> str:
    """A mark that is not the judge's has one, as in the table."""
    return "*" if mark.points != mark.judged else ""
