"""`kata report`: the pages of a class again, from its results; nothing is graded."""

from pathlib import Path

import click

from grader.cli.class_list import say_undated
from grader.cli.pages import Job, look_at_submissions, pictures_option, write_and_say
from grader.cli.shared import PATH, Banks, Speaker, command, deadlines_of, katas_at_hand, open_banks, option
from grader.intake import find_submissions, read_submission
from grader.judge.journal import fingerprint
from grader.pages.results import ClassResults
from grader.report.book import open_book
from grader.report.table import shorten


@command("report")
@click.argument("out", type=PATH)
@click.argument("paths", nargs=-1, type=PATH)
@pictures_option
@option("grade", "--no-isolation", is_flag=True)
def report_command(
    out: Path, paths: tuple[Path, ...], pictures: str, no_isolation: bool, banks: Banks, speaker: Speaker
) -> None:
    """Look at the submissions if they are named, then write."""
    # Read once before anything is asked or drawn: a wrong folder is said at once.
    isolations: set[str] = set()
    graded: set[str] = set()
    for row in ClassResults(out).rows():
        isolations.add(row.report.isolation)
        graded.update(kata.kata for kata in row.report.katas)
    katas = open_banks(banks) if paths else katas_at_hand(banks)
    if paths:
        # What a submission is depends on the katas that are looked for: it is read as it was graded.
        katas = tuple(kata for kata in katas if kata.name in graded) or katas
    job = Job(katas, "", pictures, speaker)
    if paths:
        walls = "none" if no_isolation else None
        checks = fingerprint(katas, min(isolations, default=""))
        job = Job(katas, checks, pictures, speaker)
        others = look_at_submissions(out, find_submissions(paths, katas), read_submission, job, isolation=walls)
        if others:
            speaker.warn("report", "changed", names=shorten(others))
    write_and_say(out, job, required=True)
    say_undated(open_book(out, deadlines_of(katas)), speaker)
