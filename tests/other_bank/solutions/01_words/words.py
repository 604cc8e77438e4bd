"""Kata 01: words of a text.

A text is one long string; its words are what stands between the spaces.
"""

# How many words has "to be  or not"? There are two spaces before "or".
### BEGIN SOLUTION
WORDS = 4
### STUB WORDS = ...  # TODO a number
### END SOLUTION


def split_words(text):
    """Return the words of a text as a list, without any space: "to be" has the words ["to", "be"]."""
    ### BEGIN SOLUTION
    return text.split()
    ### STUB return ...  # TODO
    ### END SOLUTION


def longest(text):
    """Return the longest word of a text; of several the first, of an empty text ""."""
    ### BEGIN SOLUTION
    best = ""
    for word in split_words(text):
        if len(word) > len(best):
            best = word
    return best
    ### STUB return ...  # TODO
    ### END SOLUTION
