"""The part of `kata grade` that is about nbgrader: what is graded, what changes, and the gradebook at the end."""

from collections.abc import Callable, Iterable
from pathlib import Path

import click

from grader.bank.kata import Kata
from grader.cli.diff import MOST_ROWS, change_row, print_changes
from grader.cli.shared import Speaker
from grader.errors import UsageError
from grader.nbgrader.gradebook import Change, compare, write_reports
from grader.nbgrader.opening import Course, open_course
from grader.nbgrader.writing import collect_checks
from grader.result import Report
from grader.students import listed


def open_asked_course(folder: Path, assignment: str | None, katas: tuple[Kata, ...]) -> Course:
    """Open the course, once it is clear which assignment of which katas is meant.

    Raises:
        UsageError: no assignment was named, or the course cannot be graded.
    """
    if assignment is None:
        raise UsageError("assignment_needed")
    return open_course(folder, assignment, katas, collect_checks(katas))


def fill_gradebook(course: Course, reports: Callable[[], Iterable[Report]], speaker: Speaker, *, dry_run: bool) -> None:
    """Show who changes by how much, then write, unless this is a dry run.

    Args:
        course: as opened.
        reports: gives them one by one, each time anew.
        speaker: says it.
        dry_run: only show.
    """
    changes = compare(course, reports())
    _show(changes, speaker)
    if dry_run:
        speaker.say("gradebook", "dry_run")
        return
    untimed = write_reports(course, reports(), speaker.language)
    if untimed:
        speaker.warn("gradebook", "untimed", names=listed(untimed))
    speaker.say("gradebook", "written", count=len(changes), assignment=course.assignment)


def _show(changes: list[Change], speaker: Speaker) -> None:
    changed = [change for change in changes if change.before is not None and change.checks]
    same = sum(change.before is not None and not change.checks for change in changes)
    first = sum(change.before is None for change in changes)
    if changed:
        print_changes(map(_row, changed[:MOST_ROWS]), speaker)
        click.echo()
    speaker.say("gradebook", "summary", first=first, changed=len(changed), same=same)


def _row(change: Change) -> list[str]:
    gain = sum(after - before for _, before, after in change.checks)
    causes = [f"{name} {before:g} -> {after:g}" for name, before, after in change.checks]
    return change_row(change.student, change.before, change.after, gain=gain, causes=causes)
