"""The command `kata`: arguments, printing and exit codes. Nothing in grader imports it."""

import importlib
import io
import sys

import click

from grader import __version__
from grader.cli.shared import Banks, bank_option, explain, help_text, lang_option, user_language
from grader.errors import KitError
from grader.expect import clean
from grader.words.console import speak_everywhere
from grader.words.lines import fit

_MODULES = {
    "approaches": "approaches",
    "audit": "author",
    "build": "author",
    "check": "student",
    "diff": "marks",
    "doctor": "doctor",
    "export": "export",
    "grade": "grade",
    "hint": "hint",
    "lab": "lab",
    "marks": "marks",
    "mutate": "author",
    "nbgrader": "nbgrader",
    "new": "author",
    "notebook": "notebook",
    "package": "package",
    "plot": "plot",
    "release": "author",
    "report": "report",
    "reset": "reset",
    "site": "site",
    "skip": "skip",
    "watch": "watch",
}
"""Command -> the module that has it."""


class _Commands(click.Group):
    """Imports a command where it is asked for: a student's `kata check` does not wait for what grading needs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(_MODULES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in _MODULES:
            return None
        module = importlib.import_module(f"grader.cli.{_MODULES[cmd_name]}")
        command: click.Command = getattr(module, f"{cmd_name}_command")
        return command


@click.group(cls=_Commands, invoke_without_command=True, help=help_text("kata", "help"))
@click.version_option(__version__, prog_name="kata")
@bank_option
@lang_option
@click.pass_context
def kata(context: click.Context, banks: Banks, lang: str | None) -> None:
    """Show where the student is when no command is named."""
    if context.invoked_subcommand is None:
        # Here, because the other commands do not need it.
        from grader.cli.student import show_ladder

        show_ladder(banks, lang)


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
