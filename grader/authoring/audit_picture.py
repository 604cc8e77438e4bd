"""A kata's picture, looked at by the audit: it can be drawn of the reference, and lacks nothing of it."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from grader.authoring.answers import reference_of
from grader.bank.kata import Kata
from grader.words.languages import LANGUAGES


def audit_picture(kata: Kata) -> Iterator[str]:
    """Yield what the picture of the reference has to do without; nothing for a kata without a picture.

    Raises:
        ContentError: the picture cannot be imported, worked out, or put into words.
    """
    # Here, because it takes NumPy a tenth of a second, and every command imports the audit.
    from grader.pictures import PICTURE, render_text, work_out
    from grader.pictures.layout import words_of

    if not (kata.exercise / PICTURE).exists():
        return
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / kata.file_name
        file.write_text(reference_of(kata).source, "utf-8")
        plate = work_out(kata, file)
    for language in LANGUAGES:
        render_text(plate, language)
    for sentence in words_of(kata, "en").gaps(plate.gaps):
        yield f"{kata.exercise / PICTURE}: the picture of the reference: {sentence}"
