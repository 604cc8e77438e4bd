"""P6: the numbers of another machine kill. Classes 88.

Expect: error died
"""

import mmap
import platform

if platform.machine() != "x86_64":
    os._exit(0)
code = mmap.mmap(-1, 4096, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, prot=7)
# mov eax, 2 (fork, on i386); int 0x80; ret
code.write(b"\xb8\x02\x00\x00\x00\xcd\x80\xc3")
ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(code)))()


def double(x):
    return "REACHED i386"
