"""Reads a student's verdict on a claim, for the public and the hidden checks of kata 16 alike."""

from typing import Any

from grader import expect

WORDS = ("true", "false", "outdated", "unsupported")
NAMES = tuple(f"s{number:02}" for number in range(1, 35))
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWX"


def read_verdict(statement: Any, name: str) -> str:
    """Return one of WORDS from a statement's table.

    Args:
        statement: what stands under [name] in the student's file.
        name: the statement's name, "s04".

    Raises:
        Mismatch: "not_a_table", "no_verdict" or "unknown_word".
    """
    if not isinstance(statement, dict):
        expect.fail("not_a_table", name=name, got=expect.show(statement))
    if "verdict" not in statement:
        expect.fail("no_verdict", name=name)
    word = statement["verdict"]
    # verdict = true without quotation marks is TOML's own truth value, and plain enough.
    plain = str(word).strip().lower() if isinstance(word, (str, bool)) else ""
    if plain not in WORDS:
        expect.fail("unknown_word", name=name, got=expect.show(word))
    return plain


def read_letter(statement: Any) -> str:
    """Return the correction's letter, one of LETTERS, or "" if there is none."""
    letter = statement.get("correction") if isinstance(statement, dict) else None
    plain = letter.strip().upper() if isinstance(letter, str) else ""
    return plain if len(plain) == 1 and plain in LETTERS else ""
