WORDS = 4


def split_words(text):
    return text.strip()


def longest(text):
    return max(text.split(), key=len, default="")
