"""`kata hint`: one more step of help, opened run by run."""

import click
from rich.console import Console
from rich.text import Text as RichText

from grader.bank.texts import HINTS, load_kata_texts
from grader.cli.shared import Banks, Speaker, command, explain, kata_argument, open_console, open_kata, title_of
from grader.errors import UsageError
from grader.home.progress import is_done, open_hint, remember_hint
from grader.words.languages import in_language
from grader.words.lines import parts

WIDTH = 80
"""Columns of a paragraph at most; longer lines are hard to read."""


@command("hint")
@kata_argument
def hint_command(wanted: str, banks: Banks, speaker: Speaker) -> None:
    """Show the highest open hint and when the next one opens; all of them once the kata is passed."""
    lang = speaker.language
    kata = open_kata(banks, wanted)
    level = open_hint(kata, most=HINTS)
    console = open_console(markup=False)
    texts = load_kata_texts(kata, hidden=False)
    passed = is_done(kata)
    # When the kata is passed, all of them: an earlier one could not be read again otherwise.
    for shown in range(1, HINTS + 1) if passed else (level,):
        values = {"level": shown, "count": HINTS, "kata": kata.number, "title": title_of(kata, lang)}
        console.print(speaker.text("hint", "heading", **values), style="bold", soft_wrap=True)
        console.print()
        print_paragraphs(console, in_language(texts.hint(shown), lang))
        console.print()
    name = "passed" if passed else "last" if level == HINTS else "more"
    console.print(speaker.text("hint", name, next=level + 1, kata=kata.number), soft_wrap=True)
    try:
        remember_hint(kata, level)
    except UsageError as problem:
        # The hint has been shown; without these words nobody would know why the next one does not open.
        click.echo(explain(problem, lang), err=True)


def print_paragraphs(console: Console, text: str) -> None:
    """Print a text such as a hint: lines that follow each other flow together, indented ones stay as they are."""
    for kind, lines in parts(text):
        if kind == "prose":
            shown = [RichText(" ".join(line.strip() for line in lines))]
        else:
            shown = [RichText(line, no_wrap=True, overflow="ignore") for line in lines]
        for part in shown:
            console.print(part, width=min(WIDTH, console.width))
