"""Reads a verdict and judges it, for public and hidden checks alike."""

from typing import Any

from grader import expect


def judge(statement: Any, holds: bool, *, asked: str) -> None:
    """Compare the verdict of one claim with what holds.

    Raises:
        Mismatch: "unknown_word" or "try_a_row".
    """
    got = statement.get("verdict") if isinstance(statement, dict) else statement
    word = str(got).strip().lower() if isinstance(got, (str, bool)) else ""
    if word not in ("true", "false"):
        expect.fail("unknown_word", asked=f"{asked}.verdict", expected="true / false", actual=expect.show(got))
    if word != str(holds).lower():
        expect.fail("try_a_row")
