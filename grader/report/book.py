"""The marks that count: what the judge gave, what a person decided, and everybody who is on the list.

    results.jsonl (or a run's journal) --Report--> Book <-- students.csv, adjustments.toml
    Book.rows() --> one Row a student --> table, gradebook.csv, pages, a platform's own file, kata diff

This is the one place where marks are made of reports. Reports come one at a time and are not kept, so a class may have
any size. A mark is None where there is none (nothing handed in, unreadable, the kit's own fault, exempt): never 0.
"""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from grader.errors import UsageError
from grader.report.adjustments import Adjustments, Drop, Late, days_late, read_adjustments, require_checks
from grader.report.doubles import find_doubles
from grader.report.row import MISSING, Mark, Note, Row, each_once
from grader.result import SCHEMA, CheckResult, Dropped, KataResult, Outcome, Report, Status, report_from_json
from grader.students import Student, listed, read_students, time_of, when

RESULTS = "results.jsonl"


class Book:
    """A class's marks."""

    def __init__(
        self,
        reports: Callable[[], Iterable[Report]],
        katas: Mapping[str, float],
        students: Iterable[Student],
        adjustments: Adjustments,
    ) -> None:
        """Put together what counts.

        Args:
            reports: gives all reports one by one, each time anew.
            katas: those that were graded, in the ladder's order, with their points.
            students: what is known of them; a report of nobody here is a student of its own.
            adjustments: what a person decided.

        Raises:
            UsageError: a check was dropped that a kata has not, or a group has two hand-ins; says which line.
        """
        self._reports = reports
        self._students = {student.id: student for student in students}
        self._adjustments = adjustments
        self._all = dict(katas)
        self._require_checks()
        self.katas = {
            kata: round(most - sum(self._lost(kata, drop) for drop in adjustments.drops.get(kata, ())), 4)
            for kata, most in katas.items()
        }
        """By kata: the points that there are for everybody."""
        self._shared = self._share()
        self.doubles = find_doubles(self._students.values())
        """By id: rows that may be the same student's."""

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self._students)

    @property
    def is_named(self) -> bool:
        """True if names of students are known."""
        return any(student.name for student in self._students.values())

    @property
    def is_adjusted(self) -> bool:
        """True if a person decided anything."""
        return self._adjustments != Adjustments(self._adjustments.path)

    @property
    def dropped(self) -> Dropped:
        """The checks that count for nobody, or that everybody has the points of."""
        return {kata: frozenset(one.check for one in drops) for kata, drops in self._adjustments.drops.items()}

    @property
    def given(self) -> Dropped:
        """Of the dropped checks those that everybody has the points of."""
        drops = self._adjustments.drops.items()
        return {kata: frozenset(one.check for one in those if one.give) for kata, those in drops}

    @property
    def decided(self) -> tuple[tuple[str, Note], ...]:
        """What is decided for everybody, each once with its katas, as `Row.notes` has it."""
        return each_once({kata: self._dropping(kata) for kata in self.katas})

    def rows(self) -> Iterator[Row]:
        """Yield the rows: in the order of the reports, then those who handed nothing in, in the list's order."""
        seen = set()
        for report in self._reports():
            seen.add(report.submission)
            yield self.row(report)
        yield from self.missing(seen)

    def row(self, report: Report) -> Row:
        """Return the row of one report."""
        student = self._student(report.submission)
        return self._row(student, report, self._shared.get(student.id) or self._judged(student, report))

    def missing(self, seen: Collection[str]) -> Iterator[Row]:
        """Yield the rows of those who handed nothing in: everybody but those who did."""
        for student in self._students.values():
            if student.id not in seen:
                marks = self._shared.get(student.id) or self._judged(student, None)
                yield self._row(student, None, marks)

    def mistakes(self, row: Row) -> Iterator[tuple[str, CheckResult]]:
        """Yield what a student did wrong first, kata by kata; see `Report.mistakes`."""
        if row.report is not None:
            counted = [mark.kata for mark in row.marks if not mark.is_exempt]
            yield from row.report.mistakes(counted, self.dropped)

    def undated(self) -> list[str]:
        """Return whose hand-in has no time although being late costs something: nothing is taken off.

        Where the platform says who was late, and not when, the others were in time.
        """
        late = self._adjustments.late
        names = (report.submission for report in self._reports()) if late else ()
        undated = [
            name
            for name in names
            if all(_days(self._student(name), one, kata) is None for one in late for kata in one.katas or self._all)
        ]
        return [name for name in undated if self._student(name).late] or undated

    def _student(self, name: str) -> Student:
        return self._students.get(name, Student(name))

    def _require_checks(self) -> None:
        """Learn the checks of katas with a dropped one, as some report has them; one that is not there is refused."""
        wanted = dict(self._adjustments.drops)
        self._checks: dict[str, dict[str, CheckResult]] = {}
        for report in self._reports() if wanted else ():
            for result in report.katas:
                if result.kata in wanted:
                    self._checks[result.kata] = {check.id: check for check in result.checks}
                    del wanted[result.kata]
            if not wanted:
                break
        require_checks(self._adjustments, self._checks)
        self._checks |= {key: {} for key in wanted}

    def _lost(self, kata: str, drop: Drop) -> float:
        check = self._checks[kata].get(drop.check)
        return 0.0 if drop.give or check is None else check.max_points

    def _dropping(self, kata: str) -> tuple[Note, ...]:
        notes = []
        for drop in self._adjustments.drops.get(kata, ()):
            check = self._checks[kata].get(drop.check)
            tag = "drop_given" if drop.give else "drop"
            told = f"{tag}_hidden" if check is None or check.hidden else ""
            notes.append(Note(tag, {"check": drop.check, "reason": drop.reason}, told))
        return tuple(notes)

    def _share(self) -> dict[str, tuple[Mark, ...]]:
        """By member of a group: the marks of the one hand-in that counts for all."""
        groups = self._adjustments.groups
        own: dict[str, tuple[Mark, ...]] = {}
        for report in self._reports() if groups else ():
            if report.submission in groups:
                own[report.submission] = self._judged(self._student(report.submission), report)
        shared = {}
        for member, group in groups.items():
            hands_in = [group.hands_in] if group.hands_in else [one for one in group.members if one in own]
            if len(hands_in) > 1:
                path, names = self._adjustments.path, listed(hands_in)
                raise UsageError("adjust_group", path=path, line=group.line, name=group.name, names=names)
            if hands_in and hands_in[0] != member and hands_in[0] in own:
                # Not who handed it in: the note stands on a page that holds no other student's name.
                note = Note("group", {"name": group.name, "reason": _tail(group.reason)})
                shared[member] = tuple(replace(mark, notes=(*mark.notes, note)) for mark in own[hands_in[0]])
        return shared

    def _judged(self, student: Student, report: Report | None) -> tuple[Mark, ...]:
        """The marks of a hand-in: checks that were dropped and lateness are in it, no decision on one student is."""
        results = {result.kata: result for result in report.katas} if report is not None else {}
        if report is None or report.status is not Status.GRADED:
            results = {}
        return tuple(self._mark(kata, results.get(kata), student) for kata in self._all)

    def _mark(self, kata: str, result: KataResult | None, student: Student) -> Mark:
        drops = self._adjustments.drops.get(kata, ())
        if result is None:
            return Mark(kata, None, None, self.katas[kata])
        by_id = {check.id: check for check in result.checks}
        points = result.score
        for drop in drops:
            check = by_id[drop.check]
            passed = check.outcome is Outcome.PASSED
            points += check.max_points if drop.give and not passed else -check.points if not drop.give else 0
        mark = Mark(kata, result.score, round(points, 4), self.katas[kata], notes=self._dropping(kata))
        for late in self._adjustments.late:
            if not late.katas or kata in late.katas:
                mark = _less(mark, student, late)
        return mark

    def _row(self, student: Student, report: Report | None, marks: tuple[Mark, ...]) -> Row:
        status = str(report.status) if report is not None else MISSING
        names = self.doubles.get(student.id, ())
        doubt = (Note("double", {"names": listed(names)}, told=None),) if names else ()
        decided = tuple(self._decided(student.id, replace(mark, notes=(*doubt, *mark.notes))) for mark in marks)
        return Row(student, status, decided, report)

    def _decided(self, student: str, mark: Mark) -> Mark:
        by_hand = self._adjustments.points.get((student, mark.kata))
        if by_hand is not None:
            before = mark.points or 0.0
            points = max(0.0, before + by_hand.points) if by_hand.is_added else by_hand.points
            values = {
                "points": f"{by_hand.points:+g}" if by_hand.is_added else f"{points:g}",
                "comment": by_hand.comment,
            }
            note = Note("added" if by_hand.is_added else "points", values)
            mark = replace(mark, points=round(points, 4), notes=(*mark.notes, note))
        reason = self._adjustments.exempt.get((student, mark.kata))
        if reason is not None:
            note = Note("exempt", {"reason": reason})
            mark = replace(mark, points=None, is_exempt=True, notes=(*mark.notes, note))
        return mark


def _tail(reason: str) -> str:
    return f": {reason}" if reason else ""


def _days(student: Student, late: Late, kata: str) -> int | None:
    """How many days late somebody is; None where nobody can say."""
    text = student.more.get(late.column, "") if late.column else time_of(student.handed_in, kata)
    if late.column and text.replace(".", "", 1).isdecimal():
        return int(-(-float(text) // 1))
    time = when(text)
    try:
        return None if time is None else days_late(time, late)
    except ValueError:
        return None


def _less(mark: Mark, student: Student, late: Late) -> Mark:
    days = _days(student, late, mark.kata)
    if days is None and student.late:
        return replace(mark, notes=(*mark.notes, Note("late_unknown")))
    if not days or mark.points is None:
        return mark
    percent = min(late.most, days * late.percent_a_day)
    base = mark.points if late.of == "earned" else mark.most
    points = max(0.0, round(mark.points - base * percent / 100, 2))
    values = {"days": str(days), "percent": f"{percent:g}", "reason": _tail(late.reason)}
    return replace(mark, points=points, notes=(*mark.notes, Note("late", values)))


# --- a results' folder ----------------------------------------------------------------------------------------------


def read_results(folder: Path) -> Iterator[Report]:
    """Yield the reports of a folder, one at a time in memory.

    Raises:
        UsageError: there are none, or a line is no report of this kit.
    """
    for number, data in _read_lines(folder):
        try:
            yield report_from_json(data)
        except (ValueError, KeyError, TypeError, AttributeError) as problem:
            raise _damaged(folder, number, problem) from None


def _read_lines(folder: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of results.jsonl, with the numbers of their lines."""
    file = folder / RESULTS
    try:
        with file.open(encoding="utf-8") as stream:
            for number, line in enumerate(stream, 1):
                try:
                    data = json.loads(line)
                    schema, kit = data["schema"], data["kit"]
                except (ValueError, LookupError, TypeError, RecursionError) as problem:
                    raise _damaged(folder, number, problem) from None
                if schema != SCHEMA:
                    raise UsageError("other_schema", path=file, kit=kit, found=schema, wanted=SCHEMA)
                yield number, data
    except FileNotFoundError:
        raise UsageError("no_results", path=folder) from None
    except (OSError, UnicodeDecodeError) as problem:
        raise UsageError("cannot_read", path=file, reason=getattr(problem, "strerror", None) or problem) from None


def _damaged(folder: Path, line: int, problem: Exception) -> UsageError:
    return UsageError("bad_results", path=folder / RESULTS, line=line, reason=repr(problem))


def open_book(folder: Path, deadlines: Mapping[str, datetime]) -> Book:
    """Return the marks of a results' folder, as they count today; see read_adjustments for the deadlines.

    Raises:
        UsageError: its results, students or adjustments cannot be used, or its reports are of several kits.
    """
    katas: dict[str, float] = {}
    kits: dict[str, str] = {}
    ids = []
    for number, data in _read_lines(folder):
        try:
            katas |= {one["kata"]: float(one["max_score"]) for one in data["katas"] if one["kata"] not in katas}
            ids.append(str(data["submission"]))
        except (ValueError, LookupError, TypeError) as problem:
            raise _damaged(folder, number, problem) from None
        kits.setdefault(data["kit"], ids[-1])
    if len(kits) > 1:
        (first, one), (second, other) = list(kits.items())[:2]
        raise UsageError("several_kits", path=folder, first=first, one=one, second=second, other=other)
    katas = dict(sorted(katas.items()))
    students = every_student(read_students(folder), ids)
    adjustments = read_adjustments(folder, katas, students, deadlines)
    return Book(lambda: read_results(folder), katas, students, adjustments)


def every_student(known: Iterable[Student], ids: Iterable[str]) -> list[Student]:
    """Return the students of a list, and one for each further id that has a report."""
    students = {student.id: student for student in known}
    return list({**students, **{one: Student(one) for one in ids if one not in students}}.values())
