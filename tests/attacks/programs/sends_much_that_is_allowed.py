"""P2: a large answer is compared and shown in bounded time. Classes 93, 41.

Expect: failed not_a_number
"""


def double(x):
    return list(range(20_000)) + ["a" * 200_000]
