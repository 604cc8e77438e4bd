"""`kata notebook`: one kata as a notebook, for Jupyter, Colab or VS Code."""

from pathlib import Path

import click

from grader.cli.shared import Banks, Speaker, bank_option, help_text, kata_argument, lang_option, open_kata
from grader.errors import UsageError
from grader.home.view import near
from grader.whole_file import write_whole


@click.command("notebook", help=help_text("notebook", "help"))
@kata_argument
@click.option("--to", "target", type=click.Path(path_type=Path, dir_okay=False), help=help_text("notebook", "to"))
@bank_option
@lang_option
def notebook_command(wanted: str, target: Path | None, banks: Banks, lang: str) -> None:
    """Write the notebook; one that is there already may hold answers, and stays."""
    # Imported here, because the pictures' room takes NumPy half a second.
    from grader.nbgrader.cells import to_text
    from grader.nbgrader.plain import make_plain

    kata = open_kata(banks, wanted)
    path = target or Path.cwd() / f"{kata.name}.ipynb"
    if path.exists():
        raise UsageError("exists", path=near(path))
    text = to_text(make_plain(kata, lang))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise UsageError("cannot_write", path=path.parent, reason=problem.strerror or problem) from None
    write_whole(path, text.encode("utf-8"))
    Speaker(lang).say("notebook", "done", path=near(path))
