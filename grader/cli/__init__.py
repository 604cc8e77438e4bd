"""The command `kata`: arguments, printing and exit codes. Nothing in grader imports it."""

import io
import sys
from importlib import import_module

import click

from grader import __version__
from grader.cli.help import HelpContext
from grader.cli.shared import LANGUAGE, Banks, asked_language, bank_option, explain, help_text, option, user_language
from grader.errors import KitError
from grader.expect import clean
from grader.words.console import speak_everywhere
from grader.words.lines import fit

MODULES = {
    **dict.fromkeys(("audit", "build", "mutate", "new", "release"), "author"),
    **{name: name for name in ("check", "watch", "skip", "hint", "approaches", "plot", "notebook", "reset", "doctor")},
    **{name: name for name in ("grade", "marks", "diff", "report", "export", "package", "nbgrader", "lab", "site")},
}
"""Command -> the module of this room that has it, as NAME_command."""


class _Commands(click.Group):
    """Knows of each command its help; imports its module when it is called, so that nobody waits for the others."""

    context_class = HelpContext

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name, command, rest = super().resolve_command(ctx, args)
        if name is not None:
            command = getattr(import_module(f"grader.cli.{MODULES[name]}"), f"{name}_command")
            command.context_class = HelpContext
        return name, command, rest


@click.group(
    cls=_Commands,
    commands=[click.Command(name, help=help_text(name, "help")) for name in MODULES],
    invoke_without_command=True,
    help=help_text("kata", "help"),
)
@click.version_option(__version__, prog_name="kata")
@bank_option
@option("options", "--lang", type=LANGUAGE, default=None)
@click.pass_context
def kata(context: click.Context, banks: Banks, lang: str | None) -> None:
    """Show where the student is when no command is named."""
    if context.invoked_subcommand is None:
        from grader.cli.check import show_ladder

        show_ladder(banks, lang)


def main() -> None:
    """Run the command line and exit: 0, 1, 2, 3 or 4 as design.md section 7 says."""
    language = user_language(asked_language(sys.argv))
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
