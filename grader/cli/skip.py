"""`kata skip`: pass a kata over, so that `kata` and `kata watch` go on; once more takes it up again."""

import click

from grader.cli.shared import Banks, Speaker, command, open_banks, open_kata, say_next, say_passed_over, title_of
from grader.home.ladder import next_kata
from grader.home.progress import is_done, is_skipped, save_skipped


@command("skip")
@click.argument("wanted", metavar="[KATA]", required=False)
def skip_command(wanted: str | None, banks: Banks, speaker: Speaker) -> None:
    """Turn the mark of one kata round, of the next one if none is named, and say what is next."""
    katas = open_banks(banks)
    kata = open_kata(banks, wanted) if wanted else next_kata(katas)
    if kata is None:
        say_passed_over(speaker, katas)
        speaker.say("skip", "nothing")
        return
    values = {"kata": kata.number, "title": title_of(kata, speaker.language)}
    if is_done(kata):
        speaker.say("skip", "done", **values)
        return
    skipped = not is_skipped(kata)
    save_skipped(kata, skipped)
    speaker.say("skip", "skipped" if skipped else "back", **values)
    following = next_kata(katas, after=kata) if skipped else kata
    if following is not None:
        say_next(speaker, following)
