"""Reads a TOML file that an author wrote; what is wrong with it is said with its name."""

import tomllib
from pathlib import Path
from typing import Any

from grader.errors import ContentError
from grader.words.languages import BOTH, Text


def read_toml(file: Path, *, run: str = "kata audit") -> dict[str, Any]:
    """Return the tables of a file.

    Args:
        file: what to read.
        run: the command that its author runs after mending it.

    Raises:
        ContentError: it is missing, cannot be opened, is not UTF-8, or no TOML.
    """
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        raise ContentError(file, "the file", "is missing", run=run) from None
    except OSError as problem:
        raise ContentError(file, "the file", f"cannot be read ({problem.strerror})", run=run) from None
    # Of tomllib; of read_text, whose UnicodeDecodeError is one too; of a number of thousands of digits.
    except (ValueError, RecursionError) as problem:
        raise ContentError(file, "TOML", str(problem), run=run) from None


def optional_text(data: dict[str, Any], key: str, file: Path) -> Text:
    """Return a text that may be left out, {} then; English and Korean stand in it otherwise.

    Raises:
        ContentError: one of them is missing, or it is no table.
    """
    text = data.get(key) or {}
    if text and not (isinstance(text, dict) and all(isinstance(text.get(one), str) for one in BOTH)):
        raise ContentError(file, key, "is no table of texts, { en = ..., ko = ... }")
    return dict(text)
