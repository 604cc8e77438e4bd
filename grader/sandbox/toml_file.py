"""Reads a student's TOML file into the names of a module, with its holes where the stub's "..." still stands."""

import re
import tomllib
from typing import Any

HOLE = "..."
"""TOML has no Ellipsis; the stub writes it as this string."""

_HEADING = re.compile(r"\s*\[\s*(\w+)\s*\]")
_KEY = re.compile(r"\s*(\w+)[\w\s.]*=")
_HOLE_TEXT = re.compile(r"""=\s*(["'])\.\.\.\1""")
_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")


class UnreadableToml(SyntaxError):
    """The text is no TOML; `msg` says why and `lineno` where."""


def read_toml(source: bytes) -> dict[str, Any]:
    """Return the file's tables and values by name, each "..." as Ellipsis.

    Raises:
        UnreadableToml: it is no TOML, or nothing that a person would write.
    """
    try:
        # utf-8-sig: Windows editors put a mark before the first character.
        tables = tomllib.loads(source.decode("utf-8-sig"))
        return {name: _with_holes(value) for name, value in tables.items()}
    except UnicodeDecodeError as problem:
        raise _unreadable("not UTF-8", 1 + source[: problem.start].count(b"\n")) from None
    except tomllib.TOMLDecodeError as problem:
        place = _PLACE.search(str(problem))
        line = place[1] if place else None
        last = len(source.rstrip().splitlines()) or 1
        raise _unreadable(_PLACE.sub("", str(problem)), int(line) if line else last) from None
    except (ValueError, RecursionError):  # a number of thousands of digits; brackets in brackets in brackets
        raise _unreadable("a number is too long or brackets are nested too deep", None) from None


def find_holes(source: bytes) -> dict[str, int]:
    """Return the line of the first "..." below each table's heading or in each top-level value."""
    holes: dict[str, int] = {}
    heading = None
    for number, line in enumerate(source.decode("utf-8", "replace").splitlines(), 1):
        heading = match[1] if (match := _HEADING.match(line)) else heading
        key = _KEY.match(line)
        name = heading or (key[1] if key else None)
        if name and _HOLE_TEXT.search(line):
            holes.setdefault(name, number)
    return holes


def _unreadable(text: str, line: int | None) -> UnreadableToml:
    return UnreadableToml(text, ("", line, None, None))


def _with_holes(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _with_holes(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_with_holes(item) for item in value]
    return ... if value == HOLE else value
