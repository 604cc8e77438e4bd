"""`kata site`: the katas in a browser, as a folder for any web server."""

from pathlib import Path

import click

from grader.cli.shared import PATH, Banks, Speaker, bank_option, help_text, open_banks, option, user_language
from grader.site.make import list_site, write_site
from grader.site.pyodide import open_pyodide
from grader.words.languages import LANGUAGES


@click.command("site", help=help_text("site", "help"))
@option("site", "--to", "target", required=True, type=PATH)
@option("site", "--kata", "wanted", multiple=True)
@option("site", "--lang", "language", type=click.Choice(LANGUAGES), default=None)
@option("site", "--pyodide", "source", metavar="URL|DIR", default=None)
@option("release", "--no-approaches", is_flag=True)
@bank_option
def site_command(
    target: Path,
    wanted: tuple[str, ...],
    language: str | None,
    source: str | None,
    no_approaches: bool,
    banks: Banks,
) -> None:
    """Make the site and say how to look at it."""
    context = click.get_current_context()
    speaker = Speaker(user_language(language or context.find_root().params.get("lang"), banks[0] if banks else None))
    katas = open_banks(banks, wanted)
    files = list_site(katas, pyodide=open_pyodide(source), language=language, with_approaches=not no_approaches)
    write_site(files, target)
    size = f"{sum(map(len, files.values())) / 1e6:.1f}"
    speaker.say("site", "done", count=len(files), size=size, katas=len(katas), path=target)
    speaker.say("site", "try", path=target)
