"""`kata export`: answers as files that other programs read."""

from pathlib import Path

import click

from grader.cli.shared import PATH, Banks, Speaker, command, katas_option, open_banks, option
from grader.copies.export import export_answers
from grader.copies.file_names import FileNames
from grader.home.view import near
from grader.intake import find_submissions, read_submission
from grader.report.table import shorten


@command("export")
@click.argument("paths", nargs=-1, required=True, type=PATH)
@option("export", "--similarity", "target", required=True, metavar="DIR", type=PATH)
@katas_option
def export_command(
    paths: tuple[Path, ...], target: Path, wanted: tuple[str, ...], banks: Banks, speaker: Speaker
) -> None:
    """Read, strip, write; say how the programs are called."""
    katas = open_banks(banks, wanted)
    found = find_submissions(paths, katas)
    names = FileNames(place.id for place in found)
    done = export_answers((read_submission(place, katas) for place in found), names, katas, target)
    speaker.say("export", "done", files=done.files, students=done.students, path=near(target))
    if done.left_out:
        speaker.warn("export", "left_out", count=len(done.left_out), names=shorten(done.left_out))
    for kata in done.katas[:1]:
        speaker.say("export", "try", path=near(target), kata=kata.name, file=kata.file_name)
