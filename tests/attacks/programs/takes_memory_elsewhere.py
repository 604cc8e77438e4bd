"""P6, P7: memory that no limit counts cannot be had. Classes 55, 58.

Expect: held
"""

import mmap
import socket

SIZE = 64 << 20


def mapped(flags):
    libc.mmap.restype = ctypes.c_long
    return libc.mmap(None, ctypes.c_size_t(SIZE), 3, flags, -1, ctypes.c_long(0)) != -1


def many_descriptors():
    found = []
    try:
        while len(found) < 5000:
            found.append(os.dup(2))
    except OSError:
        pass
    for descriptor in found:
        os.close(descriptor)
    return len(found) > 300


attempt("shared", lambda: mmap.mmap(-1, SIZE))
attempt("shared, validated", lambda: mapped(0x23))
attempt("growing stack", lambda: mapped(0x122))
attempt("huge pages", lambda: mapped(0x40022))
attempt("memfd", lambda: os.memfd_create("x"))
attempt("shm", lambda: libc.shmget(0, ctypes.c_size_t(SIZE), 0o1600) >= 0)
attempt("semaphores", lambda: libc.semget(0, 100, 0o1600) >= 0)
attempt("queue", lambda: libc.msgget(0, 0o1600) >= 0)
attempt("posix queue", lambda: libc.mq_open(b"/kata", 0o102, 0o600, None) >= 0)
attempt("posix shm", lambda: libc.shm_open(b"/kata", 0o102, 0o600) >= 0)
attempt("pages", lambda: mmap.mmap(os.open("/dev/zero", os.O_RDWR), SIZE))
attempt("sockets", socket.socketpair)
attempt("pipe size", lambda: __import__("fcntl").fcntl(os.pipe()[0], 1031, 1 << 20))
attempt("file without a name", lambda: os.open(".", os.O_TMPFILE | os.O_RDWR))
attempt("lock in memory", lambda: libc.mlock(ctypes.create_string_buffer(1 << 16), 1 << 16) == 0)
attempt("address space", lambda: mapped(0x4022) and [mapped(0x4022) for _ in range(400)].count(True) > 300)
attempt("descriptors", many_descriptors)
