"""`kata nbgrader`: the katas as an nbgrader course."""

from pathlib import Path

import click

from grader.cli.shared import Banks, Speaker, bank_option, help_text, lang_option, open_banks, with_solutions
from grader.nbgrader.course import ROSTER, write_course
from grader.nbgrader.roster import convert_roster
from grader.words.languages import choose_language


@click.command("nbgrader", help=help_text("nbgrader", "help"))
@click.option("--to", "target", required=True, type=click.Path(path_type=Path), help=help_text("nbgrader", "to"))
@click.option("--kata", "wanted", multiple=True, help=help_text("grade", "kata"))
@click.option("--one-assignment/--one-per-kata", "one_assignment", help=help_text("nbgrader", "one_assignment"))
@click.option("--roster", type=click.Path(path_type=Path), default=None, help=help_text("nbgrader", "roster"))
@bank_option
@lang_option
def nbgrader_command(
    target: Path,
    wanted: tuple[str, ...],
    one_assignment: bool,
    roster: Path | None,
    banks: Banks,
    lang: str | None,
) -> None:
    """Write the course, or renew its notebooks."""
    speaker = Speaker(choose_language(lang))
    katas = with_solutions(open_banks(banks, wanted))
    students = convert_roster(roster) if roster else None
    assignments = write_course(katas, target, one_assignment=one_assignment, language=speaker.language, roster=students)
    speaker.say("nbgrader", "done", count=len(katas), path=target)
    if students is not None:
        speaker.say(
            "nbgrader", "students", count=students.count("\n") - 1, command=f"nbgrader db student import {ROSTER}"
        )
    speaker.say("nbgrader", "next", command=f"nbgrader generate_assignment {assignments[0]}")
