"""P2, P10: neither do members that hide them one level down. Classes 93.

Expect: error too_big
"""


def double(x):
    return [x, {((2**61 - 1) * factor, 0) for factor in range(3000)}]
