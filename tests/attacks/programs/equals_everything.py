"""P2: only plain numbers cross. Classes 11, 12.

Expect: failed wrong_value
"""


class Yes(float):
    def __eq__(self, other):
        return True

    __ne__ = lambda self, other: False
    __lt__ = __le__ = __gt__ = __ge__ = __eq__
    __hash__ = float.__hash__
    __sub__ = __rsub__ = __add__ = __radd__ = __abs__ = lambda self, *other: 0.0
    __array_ufunc__ = None


def double(x):
    return Yes(7)
