"""`kata approaches`: other ways to write a kata, once its public checks pass."""

import sys

from rich.text import Text as RichText

from grader.bank.approaches import load_approaches
from grader.cli.hint import print_paragraphs
from grader.cli.shared import Banks, Speaker, command, kata_argument, open_console, open_kata, title_of
from grader.errors import UsageError
from grader.home.progress import is_done
from grader.words.languages import languages_of


@command("approaches")
@kata_argument
def approaches_command(wanted: str, banks: Banks, speaker: Speaker) -> None:
    """Show each way: its title, its code, what it is good at; exit 1 while the kata is open."""
    kata = open_kata(banks, wanted)
    ways = load_approaches(kata)
    if not ways:
        raise UsageError("no_approaches", kata=kata.name)
    values = {"kata": kata.number, "title": title_of(kata, speaker.language)}
    if not is_done(kata):
        speaker.say("approaches", "closed", **values)
        sys.exit(1)
    console = open_console(markup=False)
    console.print(speaker.text("approaches", "heading", **values), style="bold", soft_wrap=True)
    for number, way in enumerate(ways, 1):
        title = " / ".join(way.title[language] for language in languages_of(speaker.language))
        console.print(f"\n{number}. {title}\n", style="bold", soft_wrap=True)
        for line in way.code.splitlines():
            console.print(RichText(f"    {line}".rstrip(), no_wrap=True, overflow="ignore"), soft_wrap=True)
        console.print()
        print_paragraphs(console, "\n\n".join(way.text[one].strip() for one in languages_of(speaker.language)))
    console.print()
    console.print(speaker.text("approaches", "yours"), soft_wrap=True)
