"""P8: no byte of another submission is left in memory. Classes 38, 99.

Expect: held
"""

import re

PAGE = 4096
# In brackets, so that the search does not find itself.
SECRET = re.compile(rb"NEIGHB[O]UR-SECR[E]T-42")
present = (ctypes.c_ubyte * 1)()
copy = os.open("copy", os.O_RDWR | os.O_CREAT)


def scan(start, pages):
    """Look through the mapped pages from `start` on."""
    for page in range(start // PAGE * PAGE, start + pages * PAGE, PAGE):
        if libc.mincore(ctypes.c_void_p(page), ctypes.c_size_t(PAGE), present) == 0:
            # By way of a file: a page that may not be read is then an error and no crash.
            if libc.pwrite(copy, ctypes.c_void_p(page), ctypes.c_size_t(PAGE), ctypes.c_long(0)) != PAGE:
                continue
            if SECRET.search(os.pread(copy, PAGE, 0)):
                return True
    return False


libc.sbrk.restype = ctypes.c_long
attempt("small objects", lambda: scan(id(object()) - 32768 * PAGE, 65536))
attempt("large objects", lambda: scan(libc.sbrk(ctypes.c_long(0)) - 8192 * PAGE, 8192))
