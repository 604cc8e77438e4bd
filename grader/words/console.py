"""Output that stays readable on any console, in any pipe and in any file."""

import sys
from typing import TextIO

_KOREAN = "가"


def encoding_for(stream: TextIO, language: str) -> str:
    """Return the encoding in which to write a language there: the stream's own, or UTF-8 if that lacks the letters.

    A Windows pipe or file in western Europe has none (cp1252), nor has the C locale. Every letter would become `?`, and
    nobody could read that; UTF-8 is what editors, terminals and other programs take today, whatever the system says.

    Args:
        stream: standard output or standard error.
        language: "en", "ko" or "both".
    """
    own = stream.encoding or "utf-8"
    if language == "en":
        return own
    try:
        _KOREAN.encode(own)
    except (UnicodeEncodeError, LookupError):
        return "utf-8"
    return own


def speak(stream: TextIO, language: str) -> None:
    """Make a stream ready for a language; what it still cannot show becomes `?` and stops no run.

    A Korean Windows console (cp949), for one, cannot show everything that a student may have written.
    """
    # Something else may stand in for standard output: a notebook's, or a test's.
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(encoding=encoding_for(stream, language), errors="replace")


def speak_everywhere(language: str) -> None:
    """Make standard output and standard error ready for a language."""
    for stream in (sys.stdout, sys.stderr):
        speak(stream, language)
