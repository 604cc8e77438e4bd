"""`kata grade`: a class in, a table on the terminal and a folder of results out."""

import os
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TextIO

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from grader.cli.shared import (
    Speaker,
    bank_option,
    cli_texts,
    help_text,
    lang_option,
    open_bank,
    with_solutions,
)
from grader.course import grade_class
from grader.errors import UsageError
from grader.intake import read_submissions
from grader.kata import Kata
from grader.messages import choose_language
from grader.report.gradebook import render_gradebook
from grader.report.table import list_mistakes, render_marks, render_mistakes
from grader.result import Report, Status


@click.command("grade", help=help_text("grade", "help"))
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), default=None, help=help_text("grade", "out"))
@click.option("--kata", "wanted", multiple=True, help=help_text("grade", "kata"))
@click.option("--jobs", type=click.IntRange(min=1), default=None, help=help_text("grade", "jobs"))
@bank_option
@lang_option
def grade_command(
    paths: tuple[Path, ...],
    out: Path | None,
    wanted: tuple[str, ...],
    jobs: int | None,
    bank: Path | None,
    lang: str | None,
) -> None:
    """Grade, write, show; exit 3 if the kit failed on a submission."""
    speaker = Speaker(choose_language(lang))
    katas = with_solutions(open_bank(bank, wanted))
    submissions = read_submissions(paths, katas)
    folder = out or katas[0].exercise.parent.parent / "build" / f"{datetime.now():%Y-%m-%d-%H%M%S}"
    start = time.monotonic()
    with _writer(folder, katas) as keep:
        reports = keep(_progress(grade_class(submissions, katas, jobs=jobs or _cores()), len(submissions), speaker))
    _show(reports, katas, speaker)
    graded = sum(report.status is not Status.INTERNAL_ERROR for report in reports)
    seconds = f"{time.monotonic() - start:.1f}"
    speaker.warn("grade", "none")
    speaker.say("grade", "done", graded=graded, count=len(reports), seconds=seconds, out=folder)
    failed = [report.submission for report in reports if report.status is Status.INTERNAL_ERROR]
    if failed:
        speaker.warn("grade", "internal", count=len(failed), names=", ".join(failed))
        sys.exit(3)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _progress(reports: Iterable[Report], count: int, speaker: Speaker) -> Iterator[Report]:
    """Pass the reports on and show a line with the time left, on a terminal only."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(speaker.text("grade", "progress"), total=count)
        for report in reports:
            yield report
            progress.advance(task)


@contextmanager
def _writer(folder: Path, katas: tuple[Kata, ...]) -> Iterator["_Keep"]:
    """Write results.jsonl while the reports come and the gradebook at the end, each under its name only when whole.

    Raises:
        UsageError: the folder cannot be written to; said before anything is graded.
    """
    partial = folder / "results.jsonl.partial"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        stream = partial.open("w", encoding="utf-8", newline="\n")
    except OSError as problem:
        raise UsageError("cannot_write", path=folder, reason=problem.strerror or problem) from None
    try:
        with stream:
            keep = _Keep(stream)
            yield keep
        gradebook = folder / "gradebook.csv.partial"
        gradebook.write_bytes(render_gradebook(keep.reports, katas))
        partial.replace(folder / "results.jsonl")
        gradebook.replace(folder / "gradebook.csv")
    finally:
        partial.unlink(missing_ok=True)


class _Keep:
    """Writes each report as it comes and keeps it for the table."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.reports: list[Report] = []

    def __call__(self, reports: Iterable[Report]) -> list[Report]:
        for report in reports:
            self._stream.write(report.to_line() + "\n")
            self.reports.append(report)
        return self.reports


def _show(reports: list[Report], katas: tuple[Kata, ...], speaker: Speaker) -> None:
    console = Console(highlight=False)
    console.print(render_marks(reports, katas, cli_texts(), speaker.language))
    if list_mistakes(reports):
        console.print(f"\n[bold]{speaker.text('grade', 'mistakes')}[/]\n")
        console.print(render_mistakes(reports, speaker.language))
    console.print()
