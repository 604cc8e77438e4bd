"""P2: True is no 1, and a text is no number. Classes 35.

Expect: failed number_is_text
"""


def double(x):
    return "6"
