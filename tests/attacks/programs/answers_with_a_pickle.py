"""P2: nothing on the judge's side is ever unpickled. Classes 27, 28, 29, 30.

Expect: failed not_a_number
"""

import numpy


class Bomb:
    def __reduce__(self):
        return (open, (OUTSIDE + "/unpickled", "w"))


def double(x):
    return numpy.array([Bomb(), Bomb()], dtype=object) if x == 3 else Bomb()
