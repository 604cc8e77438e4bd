"""Sentences that no student has seen."""

from typing import Any

SPACES = (" ", "  ", "\t", "\n")


def make_sentence(rng: Any) -> tuple[str, list[str]]:
    """Return a text with its words: 5 to 9 of them, 1 to 7 letters each, apart by spaces of several kinds."""
    words = ["".join(rng.choice(list("abcde"), size=rng.integers(1, 8))) for _ in range(rng.integers(5, 10))]
    return "".join(word + str(rng.choice(SPACES)) for word in words), words
