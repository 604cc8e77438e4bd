WORDS = 4


def split_words(text):
    words = []
    word = ""
    for letter in text + " ":
        if letter.isspace():
            if word:
                words.append(word)
            word = ""
        else:
            word += letter
    return words


def longest(text):
    found = ""
    for word in split_words(text):
        if len(found) < len(word):
            found = word
    return found
