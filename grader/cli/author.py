"""`kata build`, `kata audit` and `kata release`: for those who write katas and give them out."""

import sys
from pathlib import Path

import click

from grader.authoring.audit import audit_katas
from grader.authoring.release import write_release
from grader.authoring.stub import find_stale, write_stale
from grader.cli.shared import Banks, Speaker, bank_option, help_text, lang_option, open_banks, with_solutions
from grader.words.languages import choose_language


@click.command("build", help=help_text("build", "help"))
@click.option("--check", "only_check", is_flag=True, help=help_text("build", "check"))
@bank_option
@lang_option
def build_command(only_check: bool, banks: Banks, lang: str | None) -> None:
    """Derive the stubs; with --check exit 1 if one is stale."""
    speaker = Speaker(choose_language(lang))
    katas = with_solutions(open_banks(banks))
    stale = find_stale(katas)
    if only_check:
        for file in stale:
            speaker.warn("build", "stale", path=file.path)
        if stale:
            sys.exit(1)
    else:
        write_stale(stale)
        for file in stale:
            speaker.say("build", "written", path=file.path)
    speaker.say("build", "current", count=len(katas))


@click.command("audit", help=help_text("audit", "help"))
@click.option("--kata", "wanted", multiple=True, help=help_text("grade", "kata"))
@bank_option
@lang_option
def audit_command(wanted: tuple[str, ...], banks: Banks, lang: str | None) -> None:
    """Audit the katas; exit 1 if a rule is broken."""
    speaker = Speaker(choose_language(lang))
    result = audit_katas(with_solutions(open_banks(banks, wanted)))
    for note in result.notes:
        click.echo(note)
    for problem in result.problems:
        click.echo(problem, err=True)
    if result.problems:
        speaker.warn("audit", "problem", count=len(result.problems))
        sys.exit(1)
    counts = {"katas": result.katas, "right": result.right, "wrong": result.wrong}
    speaker.say("audit", "fine", points=f"{result.points:g}", **counts)


@click.command("release", help=help_text("release", "help"))
@click.option("--to", "target", required=True, type=click.Path(path_type=Path), help=help_text("release", "to"))
@bank_option
@lang_option
def release_command(target: Path, banks: Banks, lang: str | None) -> None:
    """Write the student's package."""
    katas = open_banks(banks)
    count = write_release(katas, target)
    Speaker(choose_language(lang)).say("release", "done", count=count, katas=len(katas), path=target)
