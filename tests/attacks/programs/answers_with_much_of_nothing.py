"""P2, P10: an array that holds no number costs no time, whatever its shape. Classes 30, 93.

Expect: failed not_a_number
"""

import numpy


def double(x):
    return numpy.zeros((60_000, 60_000, 0))
