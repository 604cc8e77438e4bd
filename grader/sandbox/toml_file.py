"""Reads a student's TOML file into the names of a module, with its holes where the stub's "..." still stands."""

import re
import tomllib
from typing import Any

from grader.sandbox.source_text import forgive, plain_text, split_lines

HOLE = "..."
"""TOML has no Ellipsis; the stub writes it as this string."""

_HEADING = re.compile(r"\s*\[\s*(\w+)\s*\]")
_KEY = re.compile(r"\s*(\w+)[\w\s.]*=")
_HOLE_TEXT = re.compile(r"""=\s*(["'])\.\.\.\1""")
_STRING = re.compile(r"""\"(?:\\.|[^\"\\])*\"|'[^']*'|\#.*""")
_LOOK_ALIKE = re.compile(
    r"[\u2018-\u201f\u2032\u2033\u00ab\u00bb\uff02\uff07\uff1d\uff3b\uff3d\uff0c\uff03\u3010\u3011]"
)
"""Curly and wide quotation marks, wide = [ ] , #."""
_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")


class UnreadableToml(SyntaxError):
    """The text is no TOML; `msg` says why and `lineno` where."""


def read_toml(source: bytes) -> dict[str, Any]:
    """Return the file's tables and values by name, each "..." as Ellipsis.

    Raises:
        UnreadableToml: it is no TOML, or nothing that a person would write.
    """
    text = plain_text(source)
    if text is None:
        raise _unreadable(*_encoding_of(source))
    try:
        tables = tomllib.loads(forgive(text, jupyter=False))
        return {name: _with_holes(value) for name, value in tables.items()}
    except tomllib.TOMLDecodeError as problem:
        place = _PLACE.search(str(problem))
        line = place[1] if place else None
        number = int(line) if line else len(split_lines(text.rstrip()))
        raise _unreadable(_look_alike(text, number) or _PLACE.sub("", str(problem)), number) from None
    except (ValueError, RecursionError):  # a number of thousands of digits; brackets in brackets in brackets
        raise _unreadable("a number is too long or brackets are nested too deep", None) from None


def find_holes(source: bytes) -> dict[str, int]:
    """Return the line of the first "..." below each table's heading or in each top-level value."""
    holes: dict[str, int] = {}
    heading = None
    for number, line in enumerate(split_lines(source.decode("utf-8-sig", "replace")), 1):
        heading = match[1] if (match := _HEADING.match(line)) else heading
        key = _KEY.match(line)
        name = heading or (key[1] if key else None)
        if name and _HOLE_TEXT.search(line):
            holes.setdefault(name, number)
    return holes


def _encoding_of(source: bytes) -> tuple[str, int]:
    """Say what is wrong with bytes that are not UTF-8, and in which line it begins."""
    encoding = "utf-16" if source.startswith((b"\xff\xfe", b"\xfe\xff")) else "cp949"
    try:
        is_text = "\0" not in source.decode(encoding)
    except UnicodeDecodeError:
        is_text = False
    try:
        source.decode("utf-8")
    except UnicodeDecodeError as problem:
        line = 1 + source[: problem.start].count(b"\n")
    return ("not UTF-8" if is_text else "no text"), line


def _look_alike(text: str, number: int) -> str | None:
    """Python's words for a sign that looks like TOML's and is another, if the line has one outside of its strings."""
    line = _STRING.sub("", split_lines(text)[number - 1])
    sign = _LOOK_ALIKE.search(line)
    return f"invalid character '{sign[0]}' (U+{ord(sign[0]):04X})" if sign else None


def _unreadable(text: str, line: int | None) -> UnreadableToml:
    return UnreadableToml(text, ("", line, None, None))


def _with_holes(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _with_holes(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_with_holes(item) for item in value]
    return ... if value == HOLE else value
