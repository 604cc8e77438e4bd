"""`kata package`: a grader for Gradescope, PrairieLearn or GitHub; `kata package run` is what their scripts start."""

import os
import sys
from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path

import click

from grader.authoring.archive import write_files
from grader.bank.kata import Kata, require_files
from grader.cli.shared import (
    PATH,
    Banks,
    Speaker,
    bank_option,
    explain,
    help_text,
    lang_option,
    open_kata,
    option,
    with_solutions,
)
from grader.errors import KitError, UsageError
from grader.expect import clean
from grader.platforms import github, gradescope, marking, prairielearn
from grader.platforms.forms import RESULTS
from grader.platforms.settings import VISIBILITIES, Settings, load_settings
from grader.platforms.told import not_judged
from grader.result import Outcome, Report
from grader.whole_file import write_whole
from grader.words.languages import in_language


@click.group("package", help=help_text("package", "help"))
def package_command() -> None:
    """Each platform is a command of its own, because each has options of its own."""


def _options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command what all platforms need to be told."""
    for one in (
        option("package", "--kata", "wanted", required=True),
        option("package", "--to", "target", required=True, type=PATH),
        option("package", "--no-isolation", is_flag=True),
        bank_option,
        lang_option,
    ):
        command = one(command)
    return command


@package_command.command("gradescope", help=help_text("package", "gradescope"))
@_options
@option("package", "--hidden", type=click.Choice(VISIBILITIES), default=VISIBILITIES[0])
def gradescope_command(
    wanted: str, target: Path, no_isolation: bool, hidden: str, banks: Banks, speaker: Speaker
) -> None:
    """Write the zip that Gradescope asks for."""
    kata, settings = _open(wanted, banks, speaker, no_isolation=no_isolation, hidden=hidden)
    files = gradescope.list_files(kata, settings)
    _write(kata, files, target, speaker, (*gradescope.PROGRAMS, "install.sh"), next_step="gradescope")


@package_command.command("prairielearn", help=help_text("package", "prairielearn"))
@_options
@option("package", "--image", default=None, metavar="NAME")
def prairielearn_command(
    wanted: str, target: Path, no_isolation: bool, image: str | None, banks: Banks, speaker: Speaker
) -> None:
    """Write a question and the image that grades it."""
    kata, settings = _open(wanted, banks, speaker, no_isolation=no_isolation)
    # A name that a local PrairieLearn finds; to push it, its owner's name has to stand before it.
    image = image or f"perceptron-kata-{'keras' if kata.needs == 'keras' else 'grader'}"
    files = prairielearn.list_files(kata, settings, image=image)
    _write(kata, files, target, speaker, prairielearn.programs(kata), next_step="prairielearn", image=image)


@package_command.command("github", help=help_text("package", "github"))
@_options
@option("package", "--organization", default="YOUR-ORGANIZATION", metavar="NAME")
def github_command(
    wanted: str, target: Path, no_isolation: bool, organization: str, banks: Banks, speaker: Speaker
) -> None:
    """Write the judge for a private repository or for Classroom 50, and the workflow for an assignment."""
    kata, settings = _open(wanted, banks, speaker, no_isolation=no_isolation)
    repository = f"{organization}/kata-{kata.number}-{kata.slug}"
    files = github.list_files(kata, settings, repository=repository)
    _write(kata, files, target, speaker, github.PROGRAMS, next_step="github", repository=repository)


def _open(
    wanted: str, banks: Banks, speaker: Speaker, *, no_isolation: bool, hidden: str = VISIBILITIES[0]
) -> tuple[Kata, Settings]:
    kata = open_kata(banks, wanted)
    require_files(with_solutions((kata,)), "judge")
    return kata, Settings(speaker.language, isolate=not no_isolation, hidden=hidden)


def _write(
    kata: Kata,
    files: dict[str, bytes],
    target: Path,
    speaker: Speaker,
    programs: Collection[str],
    *,
    next_step: str,
    **values: str,
) -> None:
    write_files(files, target, programs=programs)
    size = f"{sum(map(len, files.values())) / 1e6:.1f}"
    speaker.say("package", "done", count=len(files), size=size, kata=kata.name, path=target)
    speaker.say("package", f"next_{next_step}", points=f"{kata.points:g}", **values)


@package_command.command("run", hidden=True, help=help_text("package", "run"))
@click.argument("platform", type=click.Choice(list(RESULTS)))
@click.option("--judge", "folder", required=True, type=PATH)
@click.option("--submission", required=True, type=PATH)
@click.option("--results", "target", required=True, type=PATH)
def run_command(platform: str, folder: Path, submission: Path, target: Path) -> None:
    """Judge one submission where the platform put it, and tell the platform.

    Where there is no mark, the exit status says so, unless the platform would take that for a mark of 0.
    """
    if not submission.is_dir():
        raise UsageError("no_path", path=submission)
    form, settings, status = RESULTS[platform], Settings("both"), 0
    # Where results go a submission may have put some of its own, and here may be none in their place.
    with suppress(OSError):
        (target / form.file).unlink()
    try:
        settings = load_settings(folder)
        report, feedback = marking.judge_one(marking.open_kata(folder), submission, settings)
        if form.staff_reads_output:
            click.echo(_for_staff(report, settings.language))
        if not feedback.judged:
            status = 3
            # Of the kit's fault alone: a run on GitHub is read by its student, and GitHub obeys a line of its output
            # that begins with "::", which an answer can hold.
            click.echo(_for_staff(report, settings.language, only=(Outcome.INTERNAL,)), err=True)
    except Exception as problem:  # the border to the platform, which takes a crash of ours for a mark of 0
        feedback = not_judged(settings.language)
        status = problem.exit_status if isinstance(problem, KitError) else KitError.exit_status
        if isinstance(problem, KitError):
            click.echo(explain(problem, settings.language), err=True)
        else:
            sys.excepthook(type(problem), problem, problem.__traceback__)
    for name, content in form.write(feedback, settings, os.environ).items():
        target.mkdir(parents=True, exist_ok=True)
        write_whole(target / name, content)
    sys.exit(0 if form.told else status)


def _for_staff(report: Report, language: str, only: Collection[Outcome] = tuple(Outcome)) -> str:
    """The report in words, a line each, of checks with these outcomes."""
    lines = [f"{report.status} {report.score} / {report.max_score}  isolation: {report.isolation}  kit: {report.kit}"]
    lines += [clean(in_language(report.reason, language))] if report.reason else []
    for result in report.katas:
        for check in (one for one in result.checks if one.outcome in only):
            lines.append(f"{check.id}: {check.outcome} {check.points:g}/{check.max_points:g} {check.tag}".rstrip())
            lines += [f"    {line}" for line in clean(in_language(check.message, language)).splitlines()]
    return "\n".join(lines)
