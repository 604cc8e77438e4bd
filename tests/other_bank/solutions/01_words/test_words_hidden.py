"""Hidden checks of kata 01: other texts, and those that are easily forgotten."""

import pytest

from letters.words import answers, sentences


@pytest.mark.check(points=0.6, step=2, needs="splits[single]")
def test_any_words(student):
    """Any text is split into its words"""
    rng = student.rng
    for _ in range(5):
        text, words = sentences.make_sentence(rng)
        answers.check_words(student.split_words(text), words, asked="split_words(text)")


@pytest.mark.check(points=0.6, step=3, needs="longest_word")
def test_any_longest(student):
    """The longest word of any text is found"""
    rng = student.rng
    for _ in range(5):
        text, words = sentences.make_sentence(rng)
        answers.check_longest(student.longest(text), words, asked="longest(text)")


@pytest.mark.check(points=0.4, step=3, needs="longest_word")
def test_short_texts(student):
    """The longest word of a short or empty text is found"""
    for text in ["", "a b"]:
        answers.check_longest(student.longest(text), text.split(), asked="longest(text)")
