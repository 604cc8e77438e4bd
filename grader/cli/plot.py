"""`kata plot`: the picture of a kata from the student's own answers, as a file or as text."""

import importlib.util
from pathlib import Path

import click

from grader.cli.shared import PATH, Banks, Speaker, command, kata_argument, open_kata, option, results_folder
from grader.home.view import near
from grader.pictures import Plate, render_image, render_svg, render_text, work_out
from grader.pictures.drawing import choose_format, label_language
from grader.pictures.layout import words_of
from grader.whole_file import require_writable, write_whole
from grader.words.languages import in_language, languages_of


@command("plot")
@kata_argument
@option("plot", "--text", "as_text", is_flag=True)
@option("plot", "--out", metavar="FILE", type=PATH, default=None)
def plot_command(wanted: str, as_text: bool, out: Path | None, banks: Banks, speaker: Speaker) -> None:
    """Ask the student's file, then write the image, print the text, or both."""
    kata = open_kata(banks, wanted)
    # The kit draws an SVG by itself; more programs can show a PNG.
    best = "svg" if importlib.util.find_spec("matplotlib") is None else "png"
    path = None if as_text and out is None else out or results_folder((kata,)) / "plots" / f"{kata.name}.{best}"
    fmt = None if path is None else choose_format(path, own=("svg",))
    if path is not None:
        # Before a student waits for it.
        require_writable(path, make_parents=out is None)
    plate = work_out(kata, kata.student_file)
    if as_text:
        languages = languages_of(speaker.language)
        click.echo("\n\n".join(render_text(plate, language) for language in languages))
    if path is not None and fmt is not None:
        _write_image(plate, path, fmt, speaker, quiet=as_text)


def _write_image(plate: Plate, path: Path, fmt: str, speaker: Speaker, *, quiet: bool) -> None:
    """Draw and write; say what could not be drawn, unless the text has said it, and where the file is."""
    wanted = languages_of(speaker.language)[0]
    if fmt == "svg":
        write_whole(path, render_svg(plate, wanted))
    else:
        language, font = label_language(speaker.language)
        if language != wanted:
            speaker.warn("lab", "no_korean_font")
        write_whole(path, render_image(plate, language, font=font, fmt=fmt))
    if not quiet:
        for sentence in words_of(plate.kata, wanted).gaps(plate.gaps):
            click.echo(sentence)
    speaker.say("plot", "drawn", title=in_language(plate.kata.title, wanted), path=near(path))
