"""P2: NaN, infinities and endless integers are no answers. Classes 33, 34.

Expect: failed not_finite
"""


def double(x):
    return float("nan") if x < 5 else -float("inf")
