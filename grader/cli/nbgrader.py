"""`kata nbgrader`: the katas as an nbgrader course."""

from pathlib import Path

import click

from grader.cli.shared import PATH, Banks, Speaker, command, help_text, katas_option, open_banks, option, with_solutions
from grader.nbgrader.roster import convert_roster
from grader.nbgrader.writing import ROSTER, write_course


@command("nbgrader")
@option("nbgrader", "--to", "target", required=True, type=PATH)
@katas_option
@click.option("--one-assignment/--one-per-kata", "one_assignment", help=help_text("nbgrader", "one_assignment"))
@option("nbgrader", "--roster", type=PATH, default=None)
def nbgrader_command(
    target: Path,
    wanted: tuple[str, ...],
    one_assignment: bool,
    roster: Path | None,
    banks: Banks,
    speaker: Speaker,
) -> None:
    """Write the course, or renew its notebooks."""
    katas = with_solutions(open_banks(banks, wanted))
    students = convert_roster(roster) if roster else None
    assignments = write_course(katas, target, one_assignment=one_assignment, language=speaker.language, roster=students)
    speaker.say("nbgrader", "done", count=len(katas), path=target)
    if students is not None:
        speaker.say(
            "nbgrader", "students", count=students.count("\n") - 1, command=f"nbgrader db student import {ROSTER}"
        )
    speaker.say("nbgrader", "next", command=f"nbgrader generate_assignment {assignments[0]}")
