# 낱말은 네 개
WORDS = 4


def split_words(text):
    print("글:", text)
    return [word for word in text.replace("\n", " ").replace("\t", " ").split(" ") if word != ""]


def longest(text):
    가장_긴 = ""
    for 낱말 in split_words(text):
        가장_긴 = 낱말 if len(낱말) > len(가장_긴) else 가장_긴
    return 가장_긴
