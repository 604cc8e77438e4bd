WORDS = 4


def split_words(text):
    return text.split()


def longest(text):
    return max((len(word) for word in text.split()), default=0)
