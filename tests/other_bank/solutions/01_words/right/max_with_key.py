WORDS = len("to be  or not".split())
split_words = str.split


def longest(text):
    return max(text.split(), key=len, default="")
