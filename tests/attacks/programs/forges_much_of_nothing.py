"""P2, P10: nor does one that is forged past the flattening, many times over. Classes 24, 30, 93.

Expect: error nonsense
"""

from grader.sandbox import values

nothing = {"array": ["<f8", [60_000, 0, 60_000], ""]}
values.encode = lambda value, **_: [nothing] * 10_000


def double(x):
    return x
