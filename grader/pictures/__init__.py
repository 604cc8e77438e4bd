"""The picture of each kata, drawn from a student's own answers: as an image, and as text for every terminal and reader.

A kata's picture is its bank's, support/picture.py with its texts in support/picture.toml: a function `read` from a
`Reader` to a `Picture`. `work_out` asks the student's file, in a process of its own.
"""

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from grader import expect
from grader.bank.kata import Kata
from grader.bank.package import open_package
from grader.checks.student import Student
from grader.errors import ContentError, UsageError
from grader.pictures.bounded import BoundedSession
from grader.pictures.plate import PICTURE, Plate, authors_fault, render_image, render_svg, render_text
from grader.pictures.reader import Gap, Reader
from grader.sandbox.limits import limits_for

ASK_S = 5.0
"""Seconds for one answer, and for all answers of one function together."""

__all__ = ["ASK_S", "PICTURE", "Plate", "load_picture", "render_image", "render_svg", "render_text", "work_out"]


def work_out(
    kata: Kata, file: Path, *, ask_s: float = ASK_S, open_session: Callable[..., Any] = BoundedSession
) -> Plate:
    """Ask the student's file everything that the kata's picture shows.

    Args:
        kata: whose picture.
        file: the student's.
        ask_s: seconds for one answer, and for all of one function; after that the picture goes on without it.
        open_session: gives the session with the student's module; where no process can be had, one in this process.

    Raises:
        UsageError: there is no picture for this kata.
        ContentError: it cannot be imported, or its `read` fails.
    """
    module = load_picture(kata)
    missing = None
    try:
        source = file.read_bytes()
    except OSError as problem:
        source, missing = b"", problem
    load_s = limits_for(kata.needs).picture_load_s
    with open_session(source, file, load_s=load_s, ask_s=ask_s, needs=kata.needs) as session:
        # Before the first question, whose time would be that of TensorFlow's import.
        session.load()
        reader = Reader(Student(session, "plot"), name_s=ask_s)
        with authors_fault(kata, "read"):
            picture = module.read(reader)
    gaps = reader.gaps
    if session.is_unloadable:
        gaps = (Gap(kata.file_name, gaps[0].problem),)
    if missing is not None:
        gaps = (Gap(kata.file_name, expect.Mismatch("missing_file", file=kata.file_name)),)
    return Plate(kata, picture, gaps)


def load_picture(kata: Kata) -> Any:
    """Return the module with a kata's picture.

    Raises:
        UsageError: the kata has none.
        ContentError: it cannot be imported.
    """
    if not (kata.exercise / PICTURE).exists():
        raise UsageError("no_picture", name=kata.name)
    package = open_package(kata.bank)
    if package is None:
        raise ContentError(kata.exercise / PICTURE, "bank.toml", "is missing in exercises/, so it has no import name")
    with authors_fault(kata, "import"):
        return importlib.import_module(f"{package}.{kata.slug}.picture")
