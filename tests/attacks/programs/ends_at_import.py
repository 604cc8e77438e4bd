"""P1: no answer is no pass. Classes 3, 6.

Expect: error died
"""

import atexit

atexit.register(lambda: os._exit(0))
os._exit(0)
