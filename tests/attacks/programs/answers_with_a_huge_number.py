"""P2: nobody turns an integer of a million bits into text. Classes 33, 93.

Expect: failed not_a_number
"""


def double(x):
    return 1 << 1_000_000
