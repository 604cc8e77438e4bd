"""P2, P10: keys of one hash value cost the judge no time. Classes 93.

Expect: error too_big
"""


def double(x):
    return dict.fromkeys((2**61 - 1) * factor for factor in range(5000))
