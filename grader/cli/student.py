"""`kata` and `kata check`: the student's view."""

import contextlib
import io
import json
import os
import sys
from pathlib import Path

import click
import pytest
from rich.console import Console
from rich.table import Table

from grader.cli.shared import (
    Speaker,
    bank_option,
    help_text,
    lang_option,
    next_kata,
    open_bank,
    pytest_arguments,
    say_next,
    title_of,
    user_language,
)
from grader.console import speak_everywhere
from grader.home import ResultCollector
from grader.progress import load_progress, save_language


def show_ladder(bank: Path | None, lang: str | None) -> None:
    """Print the ladder: every kata, what passed, and what is next; save the language if one was asked for."""
    katas = open_bank(bank)
    root = katas[0].exercise.parent.parent
    if lang is not None:
        save_language(root, lang)
    language = user_language(lang, root)
    speak_everywhere(language)
    speaker = Speaker(language)
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(speaker.text("kata", "kata"))
    table.add_column(speaker.text("kata", "points"), justify="right")
    table.add_column(speaker.text("kata", "public"))
    for kata in katas:
        progress = load_progress(kata)
        done = progress is not None and progress.done
        if progress is None:
            state = f"[dim]{speaker.text('kata', 'untried')}[/]"
        else:
            state = speaker.text("kata", "row", passed=progress.passed, total=progress.total)
            if not progress.current:
                state += f" ({speaker.text('kata', 'changed')})"
        mark = "[green]o[/]" if done else "x" if progress else " "
        table.add_row(f"{mark} {kata.number}  {title_of(kata, language)}", f"{kata.points:g}", state)
    console = Console(highlight=False)
    console.print(table)
    console.print()
    following = next_kata(katas)
    if following is None:
        speaker.say("kata", "finished")
    else:
        say_next(speaker, following)
    if lang is not None:
        speaker.say("kata", f"saved_{lang}")
        if os.environ.get("KATA_LANG") not in (None, "", lang):
            speaker.say("kata", "overruled", name=os.environ["KATA_LANG"])


@click.command("check", help=help_text("check", "help"))
@click.argument("wanted", nargs=-1, metavar="[KATA]...")
@click.option("-v", "--verbose", is_flag=True, help=help_text("check", "verbose"))
@click.option("--json", "as_json", is_flag=True, help=help_text("check", "json"))
@bank_option
@lang_option
def check_command(wanted: tuple[str, ...], verbose: bool, as_json: bool, bank: Path | None, lang: str) -> None:
    """Run pytest on the public checks, as the student could herself."""
    katas = open_bank(bank, wanted)
    arguments = [*pytest_arguments(katas, lang), *(["--kata-names"] if verbose else [])]
    if not as_json:
        sys.exit(int(pytest.main(arguments)))
    collector = ResultCollector()
    with contextlib.redirect_stdout(io.StringIO()):
        status = int(pytest.main(arguments, plugins=[collector]))
    click.echo(json.dumps({"katas": [result.to_json() for result in collector.results]}, ensure_ascii=False, indent=1))
    sys.exit(status)
