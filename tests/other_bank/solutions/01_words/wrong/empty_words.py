WORDS = 4


def split_words(text):
    return text.split(" ")


def longest(text):
    return max(text.split(), key=len, default="")
