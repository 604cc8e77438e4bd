"""P10: a process that waits, asleep or stopped, ends at the judge's deadline. Classes 49, 81, 98.

Expect: timeout no_answer
"""

import signal
import time

os.kill(os.getpid(), signal.SIGSTOP)
time.sleep(1000)
