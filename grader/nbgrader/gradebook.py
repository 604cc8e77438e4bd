"""Writes reports into an nbgrader gradebook: one writer, one transaction, or nothing at all.

nbgrader's API commits after every step. Here its session is bound to one connection whose transaction it cannot end, so
a run that fails half-way leaves the gradebook as it was. The notebooks for formgrader are written beside their place
first and moved there as the last step before the gradebook keeps its scores. Manual scores and comments stay.
"""

import contextlib
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.errors import UsageError
from grader.intake import notebook_file
from grader.intake.ipynb import MAX_NOTEBOOK_BYTES, answer_id
from grader.nbgrader.autograded import comment_on, make_autograded
from grader.nbgrader.opening import Course, Release, gradebook_error, open_gradebook, read_small
from grader.result import KataResult, Report, Status

TIMESTAMP = "timestamp.txt"
TIMESTAMP_BYTES = 200


@dataclass(frozen=True)
class Change:
    """What grading makes of one student's automatic points; manual scores are not in it."""

    student: str
    before: float | None
    """None if the assignment had no automatic score yet."""
    after: float
    checks: tuple[tuple[str, float, float], ...] = ()
    """(kata and check, points before, points after) of each check whose points change."""


def compare(course: Course, reports: Iterable[Report]) -> list[Change]:
    """Return what writing these reports would do to each student's points; nothing is written."""
    with open_gradebook(course.app) as gradebook:
        old = {
            (grade.student.id, grade.notebook.name, grade.name): grade.auto_score
            for submission in gradebook.assignment_submissions(course.assignment)
            for notebook in submission.notebooks
            for grade in notebook.grades
        }
    return [_change(course, report, old) for report in reports if report.status is not Status.INTERNAL_ERROR]


def _change(course: Course, report: Report, old: dict[tuple[str, str, str], float | None]) -> Change:
    before: list[float] = []
    after = 0.0
    checks = []
    for release in course.releases:
        for check, points in points_of(release, report).items():
            was = old.get((report.submission, release.kata.name, release.checks[check]))
            after += points
            if was is not None:
                before.append(was)
                if was != points:
                    checks.append((f"{release.kata.name} {check}", was, points))
    return Change(report.submission, round(sum(before), 4) if before else None, round(after, 4), tuple(checks))


def points_of(release: Release, report: Report) -> dict[str, float]:
    """Return the points of each check of a kata by its id; all 0 where nothing could be judged."""
    result = result_of(release, report)
    earned = {} if result is None else {check.id: check.points for check in result.checks}
    return {check: earned.get(check, 0.0) for check in release.checks}


def result_of(release: Release, report: Report) -> KataResult | None:
    """Return what the report says about a kata; None if the submission could not be judged."""
    return next((result for result in report.katas if result.kata == release.kata.name), None)


def write_reports(course: Course, reports: Iterable[Report], language: str) -> list[str]:
    """Write scores, comments, late penalties and the notebooks for formgrader.

    Args:
        course: as opened.
        reports: by student; one that failed through the kit's own fault is left out.
        language: of comments and messages: "en", "ko" or "both".

    Returns:
        The students whose timestamp.txt says no time; they count as in time.

    Raises:
        UsageError: the gradebook is locked or a folder cannot be written to. Nothing was written.
    """
    directory = course.app.coursedir
    partial = Path(directory.format_path(f".{directory.autograded_directory}.partial", ".", ".")).resolve()
    untimed = []
    try:
        with _one_transaction(course.app) as gradebook:
            writer = _Writer(course, gradebook, partial, language)
            for report in reports:
                if report.status is not Status.INTERNAL_ERROR and not writer.write(report):
                    untimed.append(report.submission)
            gradebook.db.flush()
            writer.move_notebooks()
    except OSError as problem:
        raise UsageError("cannot_write", path=directory.root, reason=problem.strerror or problem) from None
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return untimed


@contextlib.contextmanager
def _one_transaction(app: Any) -> Iterator[Any]:
    """Give a Gradebook whose commits only count when the block ends well.

    Raises:
        UsageError: another process holds the gradebook.
    """
    from sqlalchemy.exc import SQLAlchemyError
    from sqlalchemy.orm import scoped_session, sessionmaker

    with open_gradebook(app) as gradebook:
        own, connection = gradebook.db, gradebook.engine.connect()
        try:
            outer = connection.begin()
            if gradebook.engine.dialect.name == "sqlite":
                # At once, not at the first row: a second writer is met before any work is done.
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            maker = sessionmaker(bind=connection, future=True, join_transaction_mode="rollback_only")
            gradebook.db = scoped_session(maker)
            yield gradebook
            outer.commit()
        except SQLAlchemyError as problem:
            raise gradebook_error(problem, app.coursedir.db_url) from None
        finally:
            gradebook.db.remove()
            gradebook.db = own
            connection.close()


class _Writer:
    """Writes one student after the other."""

    def __init__(self, course: Course, gradebook: Any, partial: Path, language: str) -> None:
        from nbgrader.preprocessors import AssignLatePenalties

        self._course = course
        self._gradebook = gradebook
        self._partial = partial
        self._language = language
        self._folders = {found.id: found.path for found in course.submitted}
        self._written: list[str] = []
        self._late = AssignLatePenalties(parent=course.app)
        self._late.init_plugin()

    def write(self, report: Report) -> bool:
        """Write one report; False if the student's timestamp cannot be read."""
        student = report.submission
        time, readable = self._timestamp(student)
        more = {} if time is None else {"timestamp": time}
        # nbgrader builds a submission piece by piece; half of one must not be written out between two pieces.
        with self._gradebook.db.no_autoflush:
            submission = self._gradebook.update_or_create_submission(self._course.assignment, student, **more)
        by_name = {notebook.name: notebook for notebook in submission.notebooks}
        for release in self._course.releases:
            notebook = by_name.get(release.kata.name) or self._add_notebook(submission, release)
            self._write_notebook(notebook, release, report)
            self._penalise(submission, notebook)
            content = read_small(self._folders[student] / notebook_file(release.kata), MAX_NOTEBOOK_BYTES)
            text = make_autograded(content, release, result_of(release, report), self._language)
            self._write_file(student, notebook_file(release.kata), text.encode("utf-8"))
        if readable and time is not None:
            self._write_file(student, TIMESTAMP, f"{time}\n".encode())
        self._written.append(student)
        return readable

    def _timestamp(self, student: str) -> tuple[str | None, bool]:
        """The text of timestamp.txt (None if there is none) and whether it is a time, if there is one."""
        from nbgrader.utils import parse_utc

        path = self._folders[student] / TIMESTAMP
        if not path.exists():
            return None, True
        text = (read_small(path, TIMESTAMP_BYTES) or b"").decode("utf-8", "replace").strip()
        try:
            return (text, True) if parse_utc(text or "no time") else (None, False)
        except (ValueError, ArithmeticError):  # the latter also of too many minutes
            return None, False

    def _add_notebook(self, submission: Any, release: Release) -> Any:
        """A kata that came to the assignment after the student's first grading."""
        from nbgrader.api import SubmittedNotebook

        entry = self._gradebook.find_notebook(release.kata.name, self._course.assignment)
        return self._added(SubmittedNotebook(notebook=entry, assignment=submission))

    def _added(self, row: Any) -> Any:
        self._gradebook.db.add(row)
        return row

    def _write_notebook(self, notebook: Any, release: Release, report: Report) -> None:
        from nbgrader.api import Comment, Grade

        grades = {grade.cell_id: grade for grade in notebook.grades}
        comments = {comment.cell_id: comment for comment in notebook.comments}
        cells = {cell.name: cell for cell in notebook.notebook.grade_cells}
        for check, points in points_of(release, report).items():
            cell = cells[release.checks[check]]
            # nbgrader makes a row for each cell when it first sees a submission; a later check has none yet.
            grade = grades.get(cell.id) or self._added(Grade(cell_id=cell.id, notebook=notebook))
            if grade.manual_score is None:
                grade.needs_manual_grade = False
            elif grade.auto_score != points:
                # As nbgrader does: what a person decided is looked at again when the ground has changed.
                grade.needs_manual_grade = True
            grade.auto_score = points
        result = result_of(release, report)
        words = comment_on(result, self._language) if result is not None else None
        for cell in notebook.notebook.solution_cells:
            if cell.name == answer_id(release.kata):
                comment = comments.get(cell.id) or self._added(Comment(cell_id=cell.id, notebook=notebook))
                comment.auto_comment = words

    def _penalise(self, submission: Any, notebook: Any) -> None:
        """Late penalties by the course's own plugin, as nbgrader's AssignLatePenalties asks it."""
        notebook.late_submission_penalty = None
        late_s = submission.total_seconds_late
        if late_s <= 0:
            return
        # The score is an SQL sum over the grades.
        self._gradebook.db.flush()
        self._gradebook.db.refresh(notebook, ["score"])
        try:
            penalty = self._late.plugin_inst.late_submission_penalty(submission.student.id, notebook.score, late_s)
        except Exception as problem:  # the border to the course's own plugin
            raise UsageError("late_plugin", reason=f"{type(problem).__name__}: {problem}") from None
        if penalty is not None:
            notebook.late_submission_penalty = self._late._check_late_penalty(notebook, penalty)

    def _write_file(self, student: str, name: str, content: bytes) -> None:
        path = self._partial / student / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        # nbgrader's own rights for these files.
        path.chmod(0o664 if self._course.app.coursedir.groupshared else 0o444)

    def move_notebooks(self) -> None:
        """Put the notebooks where formgrader looks for them, in place of earlier ones."""
        directory = self._course.app.coursedir
        for student in self._written:
            step = directory.autograded_directory
            target = Path(directory.format_path(step, student, self._course.assignment))
            # Only what was graded: an instructor's own notebook of the same assignment stays.
            target.mkdir(parents=True, exist_ok=True)
            for path in sorted((self._partial / student).iterdir()):
                path.replace(target / path.name)
