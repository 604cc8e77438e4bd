"""The command `kata`: arguments, printing and exit codes. Nothing in grader imports it."""

import io
import sys

import click

from grader import __version__
from grader.cli.approaches import approaches_command
from grader.cli.author import audit_command, build_command, mutate_command, new_command, release_command
from grader.cli.doctor import doctor_command
from grader.cli.export import export_command
from grader.cli.grade import grade_command
from grader.cli.help import HelpContext
from grader.cli.hint import hint_command
from grader.cli.lab import lab_command
from grader.cli.marks import diff_command, marks_command
from grader.cli.nbgrader import nbgrader_command
from grader.cli.notebook import notebook_command
from grader.cli.package import package_command
from grader.cli.plot import plot_command
from grader.cli.report import report_command
from grader.cli.reset import reset_command
from grader.cli.shared import Banks, bank_option, explain, help_text, lang_option, user_language
from grader.cli.site import site_command
from grader.cli.skip import skip_command
from grader.cli.student import check_command, show_ladder
from grader.cli.watch import watch_command
from grader.errors import KitError
from grader.expect import clean
from grader.words.console import speak_everywhere
from grader.words.lines import fit


@click.group(invoke_without_command=True, help=help_text("kata", "help"))
@click.version_option(__version__, prog_name="kata")
@bank_option
@lang_option
@click.pass_context
def kata(context: click.Context, banks: Banks, lang: str | None) -> None:
    """Show where the student is when no command is named."""
    if context.invoked_subcommand is None:
        show_ladder(banks, lang)


for command in (
    check_command,
    watch_command,
    skip_command,
    hint_command,
    approaches_command,
    plot_command,
    notebook_command,
    reset_command,
    doctor_command,
    grade_command,
    marks_command,
    diff_command,
    report_command,
    export_command,
    lab_command,
    release_command,
    site_command,
    nbgrader_command,
    package_command,
    new_command,
    build_command,
    audit_command,
    mutate_command,
):
    command.context_class = HelpContext
    kata.add_command(command)
kata.context_class = HelpContext


def main() -> None:
    """Run the command line and exit: 0, 1, 2, 3 or 4 as design.md section 7 says."""
    language = user_language(_language_argument(sys.argv))
    speak_everywhere(language)
    try:
        sys.exit(kata.main(standalone_mode=False))
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as problem:
        said = io.StringIO()
        problem.show(said)
        click.echo(clean(said.getvalue()), err=True, nl=False)
        sys.exit(2)
    except KitError as problem:
        click.echo(fit(explain(problem, language), sys.stderr), err=True)
        sys.exit(problem.exit_status)
    except Exception as problem:  # the command line's border: the user gets a sentence, the author the traceback
        fault = KitError(f"{type(problem).__name__}: {problem}")
        click.echo(explain(fault, language), err=True)
        sys.excepthook(type(problem), problem, problem.__traceback__)
        sys.exit(3)


def _language_argument(arguments: list[str]) -> str | None:
    """Return what --lang says, also when the command line failed before click had read it."""
    for position, argument in enumerate(arguments):
        if argument == "--lang":
            return arguments[position + 1] if position + 1 < len(arguments) else None
        if argument.startswith("--lang="):
            return argument.removeprefix("--lang=")
    return None
