"""Reads a student's answers and names mistakes in them, for public and hidden checks alike."""

from typing import Any

from grader import expect


def check_words(answer: Any, wanted: list[str], *, asked: str) -> None:
    """Compare a student's list of words with the right one.

    Raises:
        Mismatch: "not_words", "empty_words" or "wrong_value".
    """
    if not isinstance(answer, (list, tuple)) or not all(isinstance(word, str) for word in answer):
        expect.fail("not_words", asked=asked, expected=wanted, actual=expect.show(answer))
    if "" in answer:
        expect.fail("empty_words", asked=asked, expected=wanted, actual=answer, n=list(answer).count(""))
    expect.equal(list(answer), wanted, asked=asked)


def check_longest(answer: Any, words: list[str], *, asked: str) -> None:
    """Compare a student's longest word with the right one.

    Raises:
        Mismatch: "gives_length", "last_longest" or "wrong_value".
    """
    wanted = max(words, key=len, default="")
    # Anything may come back; a list or an array is compared with a number or a text by nothing but `expect`.
    if expect.is_number(answer) and expect.number(answer, asked=asked) == len(wanted):
        expect.fail("gives_length", asked=asked, expected=expect.show(wanted), actual=answer)
    if isinstance(answer, str) and answer != wanted and answer in words and len(answer) == len(wanted):
        expect.fail("last_longest", asked=asked, expected=expect.show(wanted), actual=expect.show(answer))
    expect.equal(answer, wanted, asked=asked)
