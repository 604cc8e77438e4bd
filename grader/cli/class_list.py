"""The part of `kata grade` that is about people: whose submissions these are, who handed nothing in, what counts."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from grader.bank.kata import Kata
from grader.cli.shared import Speaker, cli_texts, deadlines_of
from grader.errors import UsageError
from grader.intake import Found
from grader.nbgrader.writing import collect_checks
from grader.report.adjustments import read_adjustments, require_checks
from grader.report.book import Book, every_student, read_results
from grader.report.row import Row
from grader.report.table import note_words, shorten
from grader.result import Report
from grader.students import FILE_NAME, Student, join_roster, join_times, read_roster, read_students, render_students
from grader.whole_file import write_whole


class ClassList:
    """The students of a run, and the book of their marks."""

    def __init__(
        self, folder: Path, katas: tuple[Kata, ...], roster: Path | None, speaker: Speaker, found: Sequence[Found]
    ) -> None:
        """Find out who is who, and whether a person's decisions can be read: before anything is graded.

        Args:
            folder: of the results, of which an earlier run may have left what it knew.
            katas: that are graded.
            roster: a class list, if there is one.
            speaker: says which platform was recognised, what does not count, who is not on the list.
            found: the submissions.

        Raises:
            UsageError: the class list or the file of decisions cannot be used, or two submissions are one student's.
        """
        self._folder = folder
        self._katas = {kata.name: kata.points for kata in katas}
        self._speaker = speaker
        self._before = read_students(folder)
        self._roster = None if roster is None else read_roster(roster)
        self._students = self._settle(found)
        self._deadlines = deadlines_of(katas)
        adjustments = read_adjustments(folder, self._katas, self._students, self._deadlines)
        dropped = tuple(kata for kata in katas if kata.name in adjustments.drops)
        if dropped:
            checks = collect_checks(dropped)
            require_checks(adjustments, {kata: [check.id for check in those] for kata, those in checks.items()})

    def _settle(self, found: Sequence[Found]) -> list[Student]:
        for platform, count in Counter(one.student.platform for one in found if one.student is not None).items():
            self._speaker.say("grade", "platform", platform=platform, count=count)
        older = [f"{one.id} ({one.student.others})" for one in found if one.student is not None and one.student.others]
        if older:
            self._speaker.say("grade", "older", names=shorten(older))
        handed_in = [one.student if one.student is not None else Student(one.id) for one in found]
        handed_in = [replace(student, id=one.id) for student, one in zip(handed_in, found, strict=True)]
        earlier, absent = self._without(handed_in)
        if self._roster is None:
            return self._known_again(handed_in, earlier, absent)
        # Who handed in earlier and is not graded now has handed in, too.
        joined, missing, strangers = join_roster([*handed_in, *earlier], self._roster)
        taken = {student.id for student in joined}
        new = {student.id for student in handed_in}
        if strange := [one for one in strangers if one in new]:
            self._speaker.warn("grade", "strangers", names=shorten(strange))
        kind = _kind_of_ids(joined)
        return [*joined, *(_distinct(student, kind, taken) for student in missing)]

    def _without(self, handed_in: Sequence[Student]) -> tuple[list[Student], list[Student]]:
        """Whom an earlier run knew and this one does not grade: those with a report, and those without."""
        reported: dict[str, None] = {}
        # A damaged file is written anew from the journal.
        with suppress(UsageError):
            reported.update((report.submission, None) for report in read_results(self._folder))
        now = {student.id for student in handed_in}
        known = {student.id: student for student in self._before}
        earlier = [known.get(one, Student(one)) for one in reported if one not in now]
        absent = [student for student in self._before if student.id not in reported and student.id not in now]
        return earlier, absent

    def _known_again(
        self, handed_in: Sequence[Student], earlier: Sequence[Student], absent: list[Student]
    ) -> list[Student]:
        """The students without a new class list: one of the absent who hands in late is known by more than her id."""
        known = {student.id: student for student in self._before}
        late, still_absent, _ = join_roster([one for one in handed_in if one.id not in known], absent)
        found = {student.id: student for student in late}
        now = [found.get(student.id) or _newer(student, known.get(student.id)) for student in handed_in]
        return [*now, *earlier, *still_absent]

    def book(self, reports: Callable[[], Iterable[Report]], ids: Iterable[str]) -> Book:
        """Return the marks that count, with rows for the ids and for everybody on the list.

        Raises:
            UsageError: the file of decisions cannot be used.
        """
        students = every_student(self._students, ids)
        adjustments = read_adjustments(self._folder, self._katas, students, self._deadlines)
        return Book(reports, self._katas, students, adjustments)

    def know_times(self, times: Mapping[str, Mapping[str, str]]) -> None:
        """Take in when the katas of those were handed in who have no one time; by student and kata."""
        self._students = [
            replace(one, handed_in=join_times(times[one.id])) if one.id in times else one for one in self._students
        ]

    def write(self) -> None:
        """Write the students beside the results, where more than ids is known.

        Raises:
            UsageError: the folder cannot be written to.
        """
        if self._before or any(student != Student(student.id) for student in self._students):
            write_whole(self._folder / FILE_NAME, render_students(self._students))


def _newer(student: Student, before: Student | None) -> Student:
    """What is known now, and what an earlier run knew besides."""
    if before is None:
        return student
    kept = {name: getattr(before, name) for name in ("name", "number", "email", "login", "platform_id", "more")}
    now = {name: getattr(student, name) for name in ("late", "others", "platform") if student.platform}
    # Moodle says no times; those of a class list stay without the list.
    return replace(before, handed_in=student.handed_in or before.handed_in, **(kept | now))


def _kind_of_ids(students: Iterable[Student]) -> str:
    """What the ids of those who handed in are, as a class list calls it: "platform_id", "number" ... or "id"."""
    kinds = ("platform_id", "number", "login", "email", "name")
    found = Counter(kind for one in students for kind in kinds if getattr(one, kind).lower() == one.id.lower())
    return max(kinds, key=lambda kind: found[kind]) if found else "id"


def _distinct(student: Student, kind: str, taken: set[str]) -> Student:
    """A student without a submission under an id that nobody else has, of the kind that the others have if possible."""
    names = (getattr(student, kind), student.id, student.login, student.email, f"{student.id} ({student.name})")
    own = next(name for name in names if name and name not in taken)
    taken.add(own)
    return replace(student, id=own)


def say_undated(book: Book, speaker: Speaker) -> None:
    """Name those from whom nothing is taken off although being late costs something."""
    undated = book.undated()
    if undated:
        speaker.warn("grade", "undated", count=len(undated), names=shorten(undated))


def say_doubles(book: Book, speaker: Speaker) -> None:
    """Name the rows that may be one student's."""
    if book.doubles:
        speaker.warn("grade", "doubles", names=shorten(list(book.doubles)))


def explain_row(speaker: Speaker) -> Callable[[Row], str]:
    """Return what puts the reasons of a row's marks into words."""

    def explain(row: Row) -> str:
        said = [(katas, note_words(note, cli_texts(), speaker.language)) for katas, note in row.notes]
        return "; ".join(f"{katas}: {words}" if katas else words for katas, words in said)

    return explain
