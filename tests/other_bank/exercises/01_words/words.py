"""Kata 01: words of a text.

A text is one long string; its words are what stands between the spaces.
"""

# How many words has "to be  or not"? There are two spaces before "or".
WORDS = ...  # TODO a number


def split_words(text):
    """Return the words of a text as a list, without any space: "to be" has the words ["to", "be"]."""
    return ...  # TODO


def longest(text):
    """Return the longest word of a text; of several the first, of an empty text ""."""
    return ...  # TODO
