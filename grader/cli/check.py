"""`kata` and `kata check`: the student's view."""

import contextlib
import io
import json
import os
import sys

import click
import pytest
from rich.table import Table

from grader.bank.kata import Kata
from grader.bank.package import load_bank
from grader.cli.hint import WIDTH, print_paragraphs
from grader.cli.shared import (
    Banks,
    Speaker,
    command,
    open_banks,
    open_console,
    option,
    pytest_arguments,
    say_next,
    say_passed_over,
    title_of,
    user_language,
)
from grader.home.ladder import next_kata, why_passed_over
from grader.home.progress import is_done, load_progress, save_language
from grader.home.view import ResultCollector
from grader.words.console import speak_everywhere
from grader.words.languages import BOTH, in_language, languages_of


def show_ladder(banks: Banks, lang: str | None) -> None:
    """Print the ladder: every kata, what passed, and what is next; save the language if one was asked for."""
    katas = open_banks(banks)
    root = katas[0].bank
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
        over = why_passed_over(kata)
        if over is not None:
            state = f"[dim]{speaker.text('kata', over)}[/]"
        mark = "[green]o[/]" if done else "-" if over else "x" if progress else " "
        table.add_row(f"{mark} {kata.number}  {title_of(kata, language)}", f"{kata.points:g}", state)
    console = open_console()
    console.print(table)
    console.print()
    following = next_kata(katas)
    if following is None:
        say_end(speaker, katas)
    else:
        say_passed_over(speaker, katas)
        say_next(speaker, following)
    if lang is not None:
        known = lang in (*BOTH, "both")
        speaker.say("kata", f"saved_{lang}" if known else "saved", language=lang)
        if os.environ.get("KATA_LANG") not in (None, "", lang):
            speaker.say("kata", "overruled", name=os.environ["KATA_LANG"])


def say_end(speaker: Speaker, katas: tuple[Kata, ...]) -> None:
    """Print that nothing is next: what was learnt with the points of each kata, and where to go from here."""
    done = [kata for kata in katas if is_done(kata)]
    speaker.say("kata", "finished" if len(done) == len(katas) else "finished_but")
    say_passed_over(speaker, katas)
    console = open_console()
    if any(kata.learnt for kata in done):
        table = Table(box=None, pad_edge=False, header_style="bold")
        for name in ("kata", "points", "learnt"):
            table.add_column(speaker.text("kata", name), justify="right" if name == "points" else "left")
        for kata in done:
            progress = load_progress(kata)
            earned = progress.points if progress else None
            points = speaker.text(
                "kata", "of", points="?" if earned is None else f"{earned:g}", most=f"{kata.points:g}"
            )
            table.add_row(kata.number, points, in_language(kata.learnt, speaker.language))
        console.print()
        console.print(table, width=min(WIDTH, console.width))
    bank = load_bank(katas[0].bank)
    if bank is not None and bank.after:
        console.print()
        print_paragraphs(console, "\n\n".join(bank.after[one].strip() for one in languages_of(speaker.language)))


@command("check")
@click.argument("wanted", nargs=-1, metavar="[KATA]...")
@option("check", "--verbose", "-v", is_flag=True)
@option("check", "--json", "as_json", is_flag=True)
def check_command(wanted: tuple[str, ...], verbose: bool, as_json: bool, banks: Banks, speaker: Speaker) -> None:
    """Run pytest on the public checks, as the student could herself."""
    katas = open_banks(banks, wanted)
    arguments = [*pytest_arguments(katas, speaker.language), *(["--kata-names"] if verbose else [])]
    if not as_json:
        sys.exit(_exit_status(pytest.main(arguments)))
    collector = ResultCollector()
    with contextlib.redirect_stdout(io.StringIO()):
        status = _exit_status(pytest.main(arguments, plugins=[collector]))
    click.echo(json.dumps({"katas": [result.to_json() for result in collector.results]}, ensure_ascii=False, indent=1))
    sys.exit(status)


def _exit_status(status: int) -> int:
    """Return the command's own exit status: pytest's 4, for what it cannot use, is 2 here."""
    return 2 if status == pytest.ExitCode.USAGE_ERROR else int(status)
