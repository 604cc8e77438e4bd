"""`kata nbgrader`: the katas as an nbgrader course."""

from pathlib import Path

import click

from grader.cli.shared import Speaker, bank_option, help_text, lang_option, open_bank, with_solutions
from grader.messages import choose_language
from grader.nbgrader.course import write_course


@click.command("nbgrader", help=help_text("nbgrader", "help"))
@click.option("--to", "target", required=True, type=click.Path(path_type=Path), help=help_text("nbgrader", "to"))
@click.option("--kata", "wanted", multiple=True, help=help_text("grade", "kata"))
@click.option("--one-assignment/--one-per-kata", "one_assignment", help=help_text("nbgrader", "one_assignment"))
@bank_option
@lang_option
def nbgrader_command(
    target: Path, wanted: tuple[str, ...], one_assignment: bool, bank: Path | None, lang: str | None
) -> None:
    """Write the course, or renew its notebooks."""
    language = choose_language(lang)
    katas = with_solutions(open_bank(bank, wanted))
    assignments = write_course(katas, target, one_assignment=one_assignment, language=language)
    Speaker(language).say("nbgrader", "done", count=len(katas), path=target, first=assignments[0])
