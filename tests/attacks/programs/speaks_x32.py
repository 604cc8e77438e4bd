"""P6: x32's numbers kill too. Classes 88.

Expect: error died
"""

import platform

if platform.machine() != "x86_64":
    os._exit(0)
libc.syscall(ctypes.c_long(0x40000000 + 39))


def double(x):
    return "REACHED x32"
