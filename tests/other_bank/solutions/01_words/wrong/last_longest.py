WORDS = 4


def split_words(text):
    return text.split()


def longest(text):
    best = ""
    for word in text.split():
        if len(word) >= len(best):
            best = word
    return best
