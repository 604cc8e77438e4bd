"""P6: a signal goes to this process alone. Classes 47.

Expect: held
"""

import signal

for target in (JUDGE, os.getppid(), 1, 0, -1, -JUDGE, -os.getppid(), -os.getpgrp()):
    for number in (0, signal.SIGSTOP, signal.SIGKILL):
        attempt(f"kill {target}", lambda: os.kill(target, number) is None)
attempt("killpg", lambda: os.killpg(os.getpgrp(), signal.SIGKILL) is None)
attempt("session", lambda: os.setsid() is None)
attempt("group", lambda: os.setpgid(0, 0) is None)
for which in (os.PRIO_PROCESS, os.PRIO_USER):
    attempt("priority", lambda: os.setpriority(which, 0, 19) is None)
attempt("affinity", lambda: os.sched_setaffinity(os.getppid(), {0}) is None)
attempt("tkill", lambda: libc.syscall(ctypes.c_long(200), JUDGE, 9) == 0)
