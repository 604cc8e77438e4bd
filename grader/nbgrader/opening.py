"""Opens an nbgrader course for grading: its configuration, one assignment in its gradebook, what was submitted.

Everything that can be wrong with a course is found here, before anything is graded or written, and is one UsageError.
The library nbgrader is imported when a course is opened: it is an extra, and slow to load.
"""

import contextlib
import glob
import os
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.bank.kata import Kata
from grader.checks.check import Check
from grader.errors import UsageError
from grader.intake import Found, Problem, Submission, notebook_file, read_submission
from grader.nbgrader.ids import grade_id

CONFIG = "nbgrader_config.py"


@dataclass(frozen=True)
class SourceCell:
    """A cell of the release that nbgrader keeps in its gradebook."""

    name: str
    """Its grade_id."""
    kind: str
    """code or markdown."""
    locked: bool
    source: str
    checksum: str | None
    points: float | None
    """Of a grade cell."""
    is_solution: bool


@dataclass(frozen=True)
class Release:
    """One kata's notebook as it was released."""

    kata: Kata
    cells: tuple[SourceCell, ...]
    kernelspec: str | None
    """JSON."""
    checks: dict[str, str]
    """The id of the grade cell of each check, by the check's own id."""


@dataclass(frozen=True)
class Course:
    """One assignment of an nbgrader course, ready to be graded."""

    app: Any
    """An nbgrader application with the course's configuration; its `coursedir` knows the folders."""
    assignment: str
    releases: tuple[Release, ...]
    submitted: tuple[Found, ...]
    """A folder for each student who handed in."""

    @property
    def katas(self) -> tuple[Kata, ...]:
        """The katas of the assignment that are graded."""
        return tuple(release.kata for release in self.releases)


def load_app(folder: Path) -> Any:
    """Return an nbgrader application with the configuration of the course in `folder`.

    Raises:
        UsageError: nbgrader is not installed, this is no course, or its configuration fails.
    """
    try:
        from nbgrader.apps import NbGrader
    except ImportError:
        raise UsageError("no_nbgrader") from None
    if not (folder / CONFIG).is_file():
        raise UsageError("no_nbgrader_course", path=folder)
    app = NbGrader(raise_config_file_errors=True, log_level="ERROR")
    try:
        app.initialize([], root=str(folder.resolve()))
    except Exception as problem:  # the border to the course's configuration, which is a program
        raise UsageError("bad_nbgrader_config", path=folder / CONFIG, reason=problem) from None
    return app


def open_course(folder: Path, assignment: str, katas: tuple[Kata, ...], checks: dict[str, list[Check]]) -> Course:
    """Look at everything that grading an assignment needs, and write nothing.

    Args:
        folder: the course's, with nbgrader_config.py.
        assignment: as in nbgrader, "katas" or "02_gates".
        katas: those of the bank that may be graded.
        checks: of these katas, by name.

    Raises:
        UsageError: the course, its gradebook or what was handed in cannot be graded; says what to do.
    """
    app = load_app(folder)
    _check_gradebook(app.coursedir.db_url, folder)
    submitted = find_submitted(app.coursedir, assignment)
    with open_gradebook(app) as gradebook:
        releases = _read_releases(gradebook, assignment, katas, checks)
        roster = {student.id for student in gradebook.students}
    if not submitted:
        where = app.coursedir.format_path(app.coursedir.submitted_directory, "*", assignment)
        raise UsageError("nothing_submitted", path=where, assignment=assignment)
    strangers = [found.id for found in submitted if found.id not in roster]
    if strangers:
        names = ", ".join(strangers[:5]) + (f" (+{len(strangers) - 5})" if len(strangers) > 5 else "")
        raise UsageError("not_on_roster", names=names, first=strangers[0])
    return Course(app, assignment, releases, tuple(submitted))


@contextlib.contextmanager
def open_gradebook(app: Any) -> Iterator[Any]:
    """Open the gradebook of a course through nbgrader's own API.

    Raises:
        UsageError: another process holds it, or it cannot be used for another reason.
    """
    from nbgrader.api import Gradebook
    from sqlalchemy.exc import SQLAlchemyError

    url = app.coursedir.db_url
    try:
        with Gradebook(url, app.coursedir.course_id) as gradebook:
            yield gradebook
    except SQLAlchemyError as problem:
        raise gradebook_error(problem, url) from None


def gradebook_error(problem: Exception, url: str) -> UsageError:
    """Return the sentence for what SQLAlchemy or SQLite says."""
    reason = str(getattr(problem, "orig", None) or problem)
    return UsageError("gradebook_locked" if "locked" in reason else "bad_gradebook", path=url, reason=reason)


def _check_gradebook(url: str, folder: Path) -> None:
    """Look before nbgrader opens it, because nbgrader makes what it does not find: a gradebook, or single tables.

    Raises:
        UsageError: there is none, it has an older schema, or another process is writing.
    """
    from alembic.script import ScriptDirectory
    from nbgrader.dbutil import ALEMBIC_DIR
    from sqlalchemy import create_engine, inspect, text
    from sqlalchemy.exc import SQLAlchemyError

    file = Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite:///") else None
    if file is not None and not file.is_file():
        raise UsageError("no_gradebook", path=folder)
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            tables = inspect(connection).get_table_names()
            version = None
            if "alembic_version" in tables:
                version = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
            if version != ScriptDirectory(ALEMBIC_DIR).get_current_head():
                raise UsageError("old_gradebook", path=url, folder=folder)
            if file is not None:
                connection.rollback()
                connection.exec_driver_sql("BEGIN IMMEDIATE")
                connection.exec_driver_sql("ROLLBACK")
    except (SQLAlchemyError, sqlite3.Error) as problem:
        raise gradebook_error(problem, url) from None
    finally:
        engine.dispose()


def _read_releases(
    gradebook: Any, assignment: str, katas: tuple[Kata, ...], checks: dict[str, list[Check]]
) -> tuple[Release, ...]:
    from nbgrader.api import MissingEntry

    try:
        entry = gradebook.find_assignment(assignment)
    except MissingEntry:
        known = ", ".join(sorted(other.name for other in gradebook.assignments)) or "-"
        raise UsageError("no_assignment", assignment=assignment, known=known) from None
    notebooks = {notebook.name: notebook for notebook in entry.notebooks}
    releases = tuple(
        _read_release(notebooks[kata.name], kata, checks[kata.name], assignment)
        for kata in katas
        if kata.name in notebooks
    )
    if not releases:
        raise UsageError("no_kata_in_assignment", assignment=assignment, found=", ".join(notebooks) or "-")
    return releases


def _read_release(notebook: Any, kata: Kata, checks: list[Check], assignment: str) -> Release:
    points = {cell.name: cell.max_score for cell in notebook.grade_cells}
    solutions = {cell.name for cell in notebook.solution_cells}
    ids = {check.id: grade_id(kata, check.id) for check in checks}
    for check in checks:
        if points.get(ids[check.id]) != check.points:
            raise UsageError("stale_assignment", assignment=assignment, check=ids[check.id], kata=kata.name)
    cells = tuple(
        SourceCell(
            name=cell.name,
            kind=cell.cell_type,
            locked=bool(cell.locked),
            source=cell.source or "",
            checksum=cell.checksum,
            points=points.get(cell.name),
            is_solution=cell.name in solutions,
        )
        for cell in notebook.source_cells
    )
    return Release(kata, cells, notebook.kernelspec, ids)


def find_submitted(directory: Any, assignment: str) -> list[Found]:
    """Return a folder for each student who handed in the assignment, in the order of their ids.

    Args:
        directory: nbgrader's CourseDirectory.
        assignment: its name.
    """
    step = directory.submitted_directory
    pattern = re.compile(directory.format_path(step, "(?P<student>.*)", re.escape(assignment), escape=True))
    found = []
    for path in glob.glob(directory.format_path(step, "*", glob.escape(assignment))):  # noqa: PTH207  has its own root
        match = pattern.fullmatch(path)
        if match and Path(path).is_dir():
            found.append(Found(match["student"], Path(path)))
    return sorted(found, key=lambda place: place.id)


def read_submitted(found: Found, katas: tuple[Kata, ...]) -> Submission:
    """Read one student's notebooks; whatever is wrong with one stands in the submission, never raised."""
    files: dict[str, bytes] = {}
    problems: dict[str, Problem] = {}
    untouched: set[str] = set()
    for kata in katas:
        path = found.path / notebook_file(kata)
        # Also where it leads nowhere: a link is refused by name.
        if not os.path.lexists(path):
            problems[kata.name] = Problem("missing_file", {"file": path.name})
            continue
        one = read_submission(Found(found.id, path), (kata,))
        files |= one.files
        problems |= one.problems
        untouched |= one.untouched
        if one.unreadable is not None:
            problems[kata.name] = one.unreadable
    return Submission(found.id, files, problems, untouched=frozenset(untouched))


def read_small(path: Path, most_bytes: int) -> bytes | None:
    """Return a regular file's bytes; None if there is none, it is a link or larger, or cannot be read."""
    if path.is_symlink() or not path.is_file():
        return None
    try:
        with path.open("rb") as stream:
            content = stream.read(most_bytes + 1)
    except OSError:
        return None
    return content if len(content) <= most_bytes else None
