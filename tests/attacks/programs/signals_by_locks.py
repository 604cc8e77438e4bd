"""P8: two jobs share no lock, lease, key or watch. Classes 79.

Expect: held
"""

import fcntl

shared = os.open(os.__file__, os.O_RDONLY)
own = os.open("own", os.O_RDWR | os.O_CREAT)
for file in (shared, own):
    attempt("flock", lambda: fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB) is None)
    attempt("lock", lambda: fcntl.lockf(file, fcntl.LOCK_SH | fcntl.LOCK_NB) is None)
    attempt("open file lock", lambda: fcntl.fcntl(file, 37, bytes(32)))
    attempt("lease", lambda: fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_RDLCK) == 0)
    attempt("notify", lambda: fcntl.fcntl(file, fcntl.F_NOTIFY, fcntl.DN_ACCESS) == 0)
    attempt("owner", lambda: fcntl.fcntl(file, fcntl.F_SETOWN, JUDGE) == 0)
attempt("inotify", lambda: libc.inotify_init() >= 0)
attempt("fanotify", lambda: libc.fanotify_init(0, 0) >= 0)
attempt("keys", lambda: libc.syscall(ctypes.c_long(250), 0, -3, 1) >= 0)
attempt("add a key", lambda: libc.syscall(ctypes.c_long(248), b"user", b"kata", b"x", 1, -3) >= 0)
