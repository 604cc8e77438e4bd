"""P10: what each question may wait is not what all together may. Classes 48, 81.

Expect: timeout waits_too_often
"""

import time

time.sleep(5)


def double(x):
    time.sleep(5)
    return 2 * x
