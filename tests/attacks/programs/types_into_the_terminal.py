"""P9: no terminal, and no call that types into one. Classes 87.

Expect: held
"""

import fcntl
import termios

for descriptor in (0, 1, 2):
    attempt("TIOCSTI", lambda: fcntl.ioctl(descriptor, termios.TIOCSTI, b"x") is not None)
    attempt("TIOCLINUX", lambda: fcntl.ioctl(descriptor, 0x541C, b"\3") is not None)
    attempt("TIOCSCTTY", lambda: fcntl.ioctl(descriptor, termios.TIOCSCTTY, 0) is not None)
for path in ("/dev/tty", "/dev/console", "/dev/pts/0", "/dev/ptmx", "/dev/tty0"):
    attempt(path, lambda: opens(path, os.O_RDWR))
attempt("name", os.ctermid and (lambda: os.ttyname(0)))
