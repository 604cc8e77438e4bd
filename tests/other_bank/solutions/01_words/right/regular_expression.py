import re

WORDS = 4.0


def split_words(text):
    return tuple(re.findall(r"\S+", text))


def longest(text):
    words = sorted(split_words(text), key=lambda word: -len(word))
    return words[0] if words else ""
