"""P1: a crash of Python itself is the submission's error. Classes 91.

Expect: error died
"""

ctypes.string_at(0)
