"""P10: only SIGKILL ends it, and that comes from outside. Classes 48, 59, 98.

Expect: timeout too_slow|no_answer
"""

import signal

for number in range(1, 65):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
