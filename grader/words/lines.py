"""Lines of text by the columns that they take: broken between words, at any width, in letters of any width."""

import shutil
import sys
import unicodedata
from collections.abc import Iterator
from itertools import groupby
from typing import Literal, TextIO

WIDTH = 80
"""Columns of a text that goes to no terminal; a Hangul letter takes two."""


def width(text: str) -> int:
    """Return the columns that a text takes on a terminal, where letters of doubtful width take two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WFA" else 1 for letter in text)


def wrap(text: str, columns: int = WIDTH) -> list[str]:
    """Break a text into lines of at most so many columns, between words; later lines keep the first one's indent."""
    if width(text) <= columns:
        # A row of a table keeps its spaces.
        return [text] if text else []
    indent = " " * (len(text) - len(text.lstrip(" ")))
    lines, line = [], indent
    for word in text.split():
        for piece in _pieces(word, columns - len(indent)):
            if line.strip() and width(line) + 1 + width(piece) > columns:
                lines.append(line)
                line = indent
            line += piece if not line.strip() else f" {piece}"
    return [*lines, line] if line.strip() else lines


def _pieces(word: str, columns: int) -> list[str]:
    """Cut a word that is wider than a line."""
    pieces = [""]
    for letter in word:
        if width(pieces[-1]) + width(letter) > columns:
            pieces.append("")
        pieces[-1] += letter
    return pieces


def parts(text: str) -> Iterator[tuple[Literal["prose", "code", "gap"], list[str]]]:
    """Yield the parts of a hint or the like: lines that flow together, indented ones that stay, empty ones."""
    for kind, lines in groupby(text.splitlines(), key=_kind):
        yield kind, list(lines)


def _kind(line: str) -> Literal["prose", "code", "gap"]:
    if not line.strip():
        return "gap"
    return "code" if line.startswith(" ") else "prose"


def fit(text: str, stream: TextIO | None = None) -> str:
    """Return a text as it may stand on a stream: on a terminal no line is broken within a word.

    A pipe and a file get it unchanged; and so do lines with four spaces in front, which are code.

    Args:
        text: one or several lines.
        stream: where it goes; None is standard output.
    """
    if not (stream or sys.stdout).isatty():
        return text
    columns = max(shutil.get_terminal_size().columns, 20)
    lines = (
        [line] if not line.strip() or line.startswith("    ") else wrap(line, columns) for line in text.split("\n")
    )
    return "\n".join(part for parts in lines for part in parts)
