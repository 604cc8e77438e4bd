"""The picture of each kata, drawn from a student's own answers: as an image, and as text for every terminal and reader.

One module for each kata, named like the kata's folder without its number, holds a picture's data and its two
renderers. `work_out` asks the student's file, in a process of its own.
"""

import importlib
import importlib.util
from collections.abc import Callable
from typing import Any

from grader import expect
from grader.errors import UsageError
from grader.kata import Kata
from grader.plots.bounded import BoundedSession
from grader.plots.plate import Plate, render_image, render_text
from grader.plots.reader import Gap, Reader
from grader.sandbox.limits import limits_for
from grader.student import Student

ASK_S = 5.0
"""Seconds for one answer, and for all answers of one function together."""

__all__ = ["ASK_S", "Plate", "render_image", "render_text", "work_out"]


def work_out(kata: Kata, *, ask_s: float = ASK_S, open_session: Callable[..., Any] = BoundedSession) -> Plate:
    """Ask the student's file everything that the kata's picture shows.

    Args:
        kata: whose file, in its exercise folder.
        ask_s: seconds for one answer, and for all of one function; after that the picture goes on without it.
        open_session: gives the session with the student's module; where no process can be had, one in this process.

    Raises:
        UsageError: there is no picture for this kata.
    """
    name = f"grader.plots.{kata.slug}"
    if importlib.util.find_spec(name) is None:
        raise UsageError("no_picture", name=kata.name)
    module = importlib.import_module(name)
    missing = None
    try:
        source = kata.student_file.read_bytes()
    except OSError as problem:
        source, missing = b"", problem
    load_s = limits_for(kata.needs).picture_load_s
    with open_session(source, kata.student_file, load_s=load_s, ask_s=ask_s, needs=kata.needs) as session:
        # Before the first question, whose time would be that of TensorFlow's import.
        session.load()
        reader = Reader(Student(session, "plot"), name_s=ask_s)
        picture = module.read(reader)
    gaps = reader.gaps
    if session.is_unloadable:
        gaps = (Gap(kata.file_name, gaps[0].problem),)
    if missing is not None:
        gaps = (Gap(kata.file_name, expect.Mismatch("missing_file", file=kata.file_name)),)
    return Plate(kata, picture, gaps)
