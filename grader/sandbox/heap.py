"""Uses up what a process has freed here and there, so that the children it forks take new memory from one place.

Importing a large library leaves thousands of small free pieces between what is kept. A child's first allocations would
come from them, each on a page that it shares with its parent and has to copy: of TensorFlow's children 1,200 pages.
"""

import ctypes
from typing import Any

_LARGEST, _MIDDLE, _STEP = 1 << 20, 1 << 10, 16
"""Bytes: down to `_MIDDLE` a piece of half the size each time, then of every size that malloc tells apart."""


def use_up_free_pieces() -> None:
    """Take every free piece that C's allocator has below the end of its memory, and keep it; a megabyte or three.

    Does nothing where the C library is not glibc.
    """
    library = ctypes.CDLL(None)
    if not hasattr(library, "mallinfo2"):
        return
    library.mallinfo2.restype = _Info
    library.malloc.restype = library.sbrk.restype = ctypes.c_void_p
    library.malloc.argtypes, library.sbrk.argtypes = [ctypes.c_size_t], [ctypes.c_ssize_t]
    end = library.sbrk(0) - library.mallinfo2().keepcost
    sizes = [_LARGEST >> power for power in range(11) if _LARGEST >> power >= _MIDDLE]
    for size in (*sizes, *range(_MIDDLE - _STEP, 0, -_STEP)):
        _take(library, size, end)


def _take(library: Any, size: int, end: int) -> None:
    """Take pieces of one size until they come from the end of the memory, where nothing was freed."""
    # NULL or what lies elsewhere: there is no such piece left either.
    while 0 < (library.malloc(size) or 0) < end:
        pass


class _Info(ctypes.Structure):
    """`struct mallinfo2`; of its ten numbers only the last is read, the bytes that are free at the end."""

    _fields_ = (("others", ctypes.c_size_t * 9), ("keepcost", ctypes.c_size_t))
