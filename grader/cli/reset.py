"""`kata reset`: the file as it was given out, with the student's own kept beside it."""

import os
from itertools import count
from pathlib import Path

from grader.authoring.stub import given_out
from grader.bank.kata import Kata
from grader.cli.shared import Banks, Speaker, command, kata_argument, open_kata
from grader.errors import UsageError
from grader.home.view import near
from grader.whole_file import made_whole, move


@command("reset")
@kata_argument
def reset_command(wanted: str, banks: Banks, speaker: Speaker) -> None:
    """Put the stub back, and say where the student's file is now."""
    kata = open_kata(banks, wanted)
    stub = given_out(kata)
    if stub is None:
        raise UsageError("no_stub", file=kata.student_file)
    file = near(kata.student_file)
    if kata.student_file.exists() and kata.student_file.read_bytes() == stub:
        speaker.say("reset", "nothing", file=file)
        return
    kept = put_back(kata, stub)
    if kept is None:
        speaker.say("reset", "anew", file=file)
    else:
        speaker.say("reset", "done", file=file, kept=near(kept))


def put_back(kata: Kata, stub: bytes) -> Path | None:
    """Write the stub, and return where the student's file is kept; None if there was no file.

    The student's file is renamed, not copied: a full disk cannot lose a line of it.

    Raises:
        UsageError: the folder cannot be written; the student's file is where it was.
    """
    file = kata.student_file
    kept = None
    try:
        with made_whole(file) as partial:
            partial.write_bytes(stub)
            if file.exists():
                kept = _free_name(file)
                move(file, kept)
    except UsageError:
        if kept is not None and kept.exists():
            move(kept, file)
        raise
    return kept


def _free_name(file: Path) -> Path:
    """Return the first of gates.py.bak-1, gates.py.bak-2, ... that nothing has yet."""
    names = (file.with_name(f"{file.name}.bak-{number}") for number in count(1))
    return next(name for name in names if not os.path.lexists(name))
