"""`kata grade`: a class in, a table on the terminal and a folder of results out; with --nbgrader a gradebook too."""

import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import click
from rich.markup import escape

from grader.bank.kata import Kata
from grader.cli.class_list import ClassList, explain_row, say_doubles, say_undated
from grader.cli.diff import MOST_ROWS
from grader.cli.executors import Executor, count_cores, open_executor
from grader.cli.grade_nbgrader import fill_gradebook, open_asked_course
from grader.cli.pages import Job, Read, look_at_submissions, pictures_option, write_and_say
from grader.cli.shared import (
    PATH,
    Banks,
    Speaker,
    cli_texts,
    command,
    katas_option,
    open_banks,
    open_console,
    option,
    results_folder,
    show_progress,
    with_solutions,
)
from grader.errors import UsageError
from grader.intake import Found, Submission, find_submissions, list_passed_over, read_submission
from grader.judge.journal import Journal, fingerprint
from grader.nbgrader.opening import read_submitted
from grader.report.book import RESULTS, Book
from grader.report.spreadsheet import render_gradebook
from grader.report.table import list_mistakes, render_marks, render_mistakes, render_notes, shorten
from grader.result import Status
from grader.students import listed
from grader.whole_file import made_whole


@command("grade")
@click.argument("paths", nargs=-1, type=PATH)
@option("grade", "--out", type=PATH, default=None)
@katas_option
@option("grade", "--roster", type=PATH, default=None)
@option("grade", "--jobs", type=click.IntRange(min=1), default=None)
@option("grade", "--scheduler", default=None, metavar="ADDRESS")
@option("grade", "--resume", is_flag=True)
@option("grade", "--no-isolation", is_flag=True)
@option("grade", "--nbgrader", "course_folder", type=PATH)
@option("grade", "--assignment", default=None)
@option("grade", "--dry-run", is_flag=True)
@pictures_option
def grade_command(
    paths: tuple[Path, ...],
    out: Path | None,
    wanted: tuple[str, ...],
    roster: Path | None,
    jobs: int | None,
    scheduler: str | None,
    resume: bool,
    no_isolation: bool,
    course_folder: Path | None,
    assignment: str | None,
    dry_run: bool,
    pictures: str,
    banks: Banks,
    speaker: Speaker,
) -> None:
    """Grade, write, show; exit 3 if the kit failed on a submission."""
    _refuse(
        resume_needs_out=resume and out is None,
        jobs_or_scheduler=jobs is not None and scheduler is not None,
        grade_what=(course_folder is None) is not bool(paths),
        only_with_nbgrader=course_folder is None and (dry_run or assignment is not None),
        no_roster_here=course_folder is not None and roster is not None,
    )
    katas = with_solutions(open_banks(banks, wanted))
    course = None if course_folder is None else open_asked_course(course_folder, assignment, katas)
    if course is None:
        found, read = find_submissions(paths, katas), read_submission
    else:
        katas, found, read = course.katas, list(course.submitted), read_submitted
    folder = out or results_folder(katas) / f"{datetime.now():%Y-%m-%d-%H%M%S}"
    people = ClassList(folder, katas, roster, speaker, found)
    noted = _Noted(read)
    start = time.monotonic()
    names = [submission.id for submission in found]
    jobs = min(jobs or count_cores(), len(found))
    with (
        open_executor(katas, speaker, jobs=jobs, scheduler=scheduler, no_isolation=no_isolation) as executor,
        Journal(folder, fingerprint(katas, executor.isolation), submissions=names, resume=resume) as journal,
    ):
        try:
            _grade_missing(found, noted, katas, journal, speaker, executor)
        except KeyboardInterrupt:
            speaker.warn("grade", "stopped", count=sum(1 for _ in journal.lines(names)), out=folder)
            raise
        _publish(folder, journal, names, people, noted.times, speaker)
        # The walls of a cluster say nothing about this machine's.
        walls = executor.isolation if scheduler is None or no_isolation else None
        _write_pages(folder, found, read, Job(katas, journal.checks, pictures, speaker), walls)
        if course is not None:
            fill_gradebook(course, lambda: journal.reports(names), speaker, dry_run=dry_run)
        failed = [report.submission for report in journal.reports(names) if report.status is Status.INTERNAL_ERROR]
    seconds = f"{time.monotonic() - start:.1f}"
    if no_isolation:
        speaker.warn("isolation", "none")
    speaker.say("grade", "done", graded=len(found) - len(failed), count=len(found), seconds=seconds, out=folder)
    _name_the_rest(speaker, journal.others, list_passed_over(paths, found), noted)
    if failed:
        speaker.warn("grade", "internal", count=len(failed), names=listed(failed))
        sys.exit(3)


class _Noted:
    """Reads submissions, and keeps what a person has to hear of them beside the marks."""

    def __init__(self, read: Read) -> None:
        self.not_read: list[str] = []
        self.no_answer: list[str] = []
        self.times: dict[str, Mapping[str, str]] = {}
        self._read = read

    def __call__(self, found: Found, katas: tuple[Kata, ...]) -> Submission:
        submission = self._read(found, katas)
        self.not_read += [f"{submission.id}/{name}" for name in submission.not_read]
        self.no_answer += [f"{submission.id}/{name}" for name in submission.no_answer]
        if submission.times:
            self.times[submission.id] = submission.times
        return submission


def _refuse(**mistakes: bool) -> None:
    for text, is_made in mistakes.items():
        if is_made:
            raise UsageError(text)


def _name_the_rest(speaker: Speaker, others: Sequence[str], passed_over: Sequence[str], noted: _Noted) -> None:
    if others:
        speaker.say("grade", "others", count=len(others), names=shorten(others))
    if passed_over:
        speaker.warn("grade", "passed_over", names=shorten(passed_over))
    if noted.not_read:
        speaker.warn("grade", "not_read", names=shorten(noted.not_read))
    if noted.no_answer:
        speaker.warn("grade", "no_answer", names=shorten(noted.no_answer))


def _grade_missing(
    found: list[Found],
    read: Read,
    katas: tuple[Kata, ...],
    journal: Journal,
    speaker: Speaker,
    executor: Executor,
) -> None:
    """Grade what the journal does not have yet; show a line with the time left, on a terminal only."""
    kept = 0
    with show_progress(speaker.text("grade", "progress"), len(found)) as advance:

        def missing() -> Iterator[Submission]:
            nonlocal kept
            for place in found:
                submission = read(place, katas)
                if journal.has(submission.id, submission.digest):
                    kept += 1
                    advance()
                else:
                    yield submission

        for report in executor.grade(missing()):
            journal.add(report)
            advance()
    if kept:
        speaker.say("grade", "kept", count=kept)


def _publish(
    folder: Path,
    journal: Journal,
    names: list[str],
    people: ClassList,
    times: Mapping[str, Mapping[str, str]],
    speaker: Speaker,
) -> None:
    """Write results and students, then what a person's decisions make of them; show the table of marks.

    Raises:
        UsageError: the folder cannot be written to any more, or the decisions cannot be used; the journal has
            everything, --resume goes on.
    """
    # With earlier ones: the order that one run over everything would have had, if all lie in one folder.
    names = sorted([*names, *journal.others]) if journal.others else names
    people.know_times(times)
    people.write()
    with made_whole(folder / RESULTS) as results, results.open("w", encoding="utf-8", newline="\n") as stream:
        stream.writelines(f"{line}\n" for line in journal.lines(names))
    book = people.book(lambda: journal.reports(names), names)
    with made_whole(folder / "gradebook.csv") as gradebook, gradebook.open("wb") as file:
        file.writelines(render_gradebook(book, explain_row(speaker)))
    if len(book) <= MOST_ROWS:
        console = open_console()
        console.print(render_marks(book, cli_texts(), speaker.language, width=console.width))
        notes = render_notes(book, cli_texts(), speaker.language)
        if notes:
            console.print(f"\n[bold]{speaker.text('grade', 'decided')}[/]\n")
            console.print("\n".join(map(escape, notes)))
    say_undated(book, speaker)
    say_doubles(book, speaker)
    _show_mistakes(book, speaker)


def _write_pages(folder: Path, found: list[Found], read: Read, job: Job, walls: str | None) -> None:
    look_at_submissions(folder, found, read, job, isolation=walls)
    write_and_say(folder, job, required=False)


def _show_mistakes(book: Book, speaker: Speaker) -> None:
    console = open_console()
    mistakes = list_mistakes(book)
    if mistakes:
        console.print(f"\n[bold]{speaker.text('grade', 'mistakes')}[/]\n")
        console.print(render_mistakes(mistakes, speaker.language))
    console.print()
