"""`kata notebook`: one kata as a notebook, for Jupyter, Colab or VS Code."""

from pathlib import Path

import click

from grader.cli.shared import Banks, Speaker, command, kata_argument, open_kata, option
from grader.errors import UsageError
from grader.home.view import near
from grader.nbgrader.cells import to_text
from grader.nbgrader.plain import make_plain
from grader.whole_file import made_whole


@command("notebook")
@kata_argument
@option("notebook", "--to", "target", type=click.Path(path_type=Path, dir_okay=False))
def notebook_command(wanted: str, target: Path | None, banks: Banks, speaker: Speaker) -> None:
    """Write the notebook; one that is there already may hold answers, and stays."""
    kata = open_kata(banks, wanted)
    path = target or Path.cwd() / f"{kata.name}.ipynb"
    if path.exists():
        raise UsageError("exists", path=near(path))
    text = to_text(make_plain(kata, speaker.language))
    with made_whole(path, make_parents=True) as partial:
        partial.write_text(text, "utf-8", newline="\n")
    speaker.say("notebook", "done", path=near(path))
