"""`kata new`, `build`, `audit`, `mutate` and `release`: for those who write katas and give them out."""

import sys
from pathlib import Path

import click

from grader.authoring.audit import audit_katas
from grader.authoring.handout import write_release
from grader.authoring.mutate import Score, equivalent_file, judge_katas
from grader.authoring.new import write_kata
from grader.authoring.stub import find_stale, write_stale
from grader.bank.kata import NEEDS, Kata
from grader.bank.package import find_bank
from grader.cli.shared import (
    FOLDER,
    PATH,
    Banks,
    Speaker,
    command,
    help_text,
    katas_option,
    lang_option,
    open_banks,
    option,
    require_libraries,
    with_solutions,
)
from grader.errors import UsageError
from grader.home.view import near


@click.command("new", help=help_text("new", "help"))
@click.argument("name", metavar="NN_SLUG")
@option("new", "--needs", type=click.Choice(NEEDS), default=NEEDS[0])
@option("new", "--bank", type=FOLDER, default=None)
@lang_option
def new_command(name: str, needs: str, bank: Path | None, speaker: Speaker) -> None:
    """Write a kata that already runs: into the nearest bank upwards, or, where there is none, into this folder."""
    try:
        folder = bank or find_bank(Path.cwd())
    except UsageError:
        folder = Path.cwd()
    for path in write_kata(folder, name, needs=needs):
        speaker.say("new", "written", path=near(path))
    speaker.say("new", "next", number=name[:2])


@command("build")
@option("build", "--check", "only_check", is_flag=True)
def build_command(only_check: bool, banks: Banks, speaker: Speaker) -> None:
    """Derive the stubs; with --check exit 1 if one is stale."""
    katas = with_solutions(open_banks(banks))
    stale = find_stale(katas)
    if only_check:
        for file in stale:
            speaker.warn("build", "stale", path=near(file.path))
        if stale:
            sys.exit(1)
    else:
        write_stale(stale)
        for file in stale:
            speaker.say("build", "written", path=near(file.path))
    speaker.say("build", "current", count=len(katas))


@command("audit")
@katas_option
@option("audit", "--mutation", is_flag=True)
def audit_command(wanted: tuple[str, ...], mutation: bool, banks: Banks, speaker: Speaker) -> None:
    """Audit the katas; exit 1 if a rule is broken."""
    katas = with_solutions(open_banks(banks, wanted))
    require_libraries(katas)
    result = audit_katas(katas)
    for note in result.notes:
        click.echo(note)
    for problem in result.problems:
        click.echo(problem, err=True)
    if result.problems:
        speaker.warn("audit", "problem", count=len(result.problems))
        sys.exit(1)
    counts = {"katas": result.katas, "right": result.right, "wrong": result.wrong}
    speaker.say("audit", "fine", points=f"{result.points:g}", **counts)
    if mutation:
        _mutate(katas, speaker)


@command("mutate")
@katas_option
def mutate_command(wanted: tuple[str, ...], banks: Banks, speaker: Speaker) -> None:
    """Judge the mutants of the katas; exit 1 if something is left to explain."""
    katas = with_solutions(open_banks(banks, wanted))
    require_libraries(katas)
    _mutate(katas, speaker)


def _mutate(katas: tuple[Kata, ...], speaker: Speaker) -> None:
    """Print a row for each kata and what is left to explain below it; exit 1 if anything is, 3 if the kit failed."""
    columns = speaker.text("mutate", "columns").split(" | ")
    scores: list[Score] = []
    for kata, score in zip(katas, judge_katas(katas), strict=True):
        if not scores:
            click.echo(f"| {' | '.join(columns)} |\n|{'---|' * len(columns)}")
        scores.append(score)
        counts = (score.made, score.judged, score.killed, score.timeouts, score.explained, len(score.unexplained))
        click.echo(f"| {kata.name} | {' | '.join(map(str, counts))} | {score.share:.1%} | {score.seconds:.0f} |")
        for mutant in score.unexplained:
            path = f"{near(equivalent_file(kata).with_name(kata.file_name))}:{mutant.line}"
            speaker.say("mutate", "survives", path=path, was=mutant.was, now=mutant.now)
        for was, now in score.idle:
            speaker.say("mutate", "idle", path=near(equivalent_file(kata)), was=was, now=now)
        if score.faults:
            speaker.warn("mutate", "faults", kata=kata.name, count=score.faults)
    if any(score.faults for score in scores):
        sys.exit(3)
    left = sum(len(score.unexplained) + len(score.idle) for score in scores)
    if left:
        speaker.warn("mutate", "left", count=left)
        sys.exit(1)
    speaker.say("mutate", "fine", judged=sum(score.judged for score in scores), katas=len(katas))


@command("release")
@option("release", "--to", "target", required=True, type=PATH)
@option("release", "--no-approaches", is_flag=True)
def release_command(target: Path, no_approaches: bool, banks: Banks, speaker: Speaker) -> None:
    """Write the student's package."""
    katas = open_banks(banks)
    count = write_release(katas, target, approaches=not no_approaches)
    speaker.say("release", "done", count=count, katas=len(katas), path=target)
