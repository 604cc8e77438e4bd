"""Public checks of kata 01: a few texts that students can read."""

import pytest

from grader import expect
from letters.words import answers

TEXTS = {"single": "to be or not", "double": "to be  or not", "around": "  to be "}


@pytest.mark.check(points=0.3, step=1)
def test_predicted(student):
    """WORDS is how many words the text has"""
    got = expect.number(student.WORDS, asked="WORDS")
    if got == 5:
        expect.fail("counts_spaces", asked="WORDS", expected=4, actual=got)
    expect.equal(got, 4, asked="WORDS")


@pytest.mark.check(points=0.4, step=2)
@pytest.mark.parametrize("spaces", TEXTS)
def test_splits(student, spaces):
    """split_words finds the words ({spaces} spaces)"""
    text = TEXTS[spaces]
    answers.check_words(student.split_words(text), text.split(), asked=f'split_words("{text}")')


@pytest.mark.check(points=0.9, step=3)
def test_longest_word(student):
    """longest(text) gives the longest word, of several the first"""
    text = "a word or else"
    answers.check_longest(student.longest(text), text.split(), asked=f'longest("{text}")')
