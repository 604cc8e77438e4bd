"""Landlock: the kernel's rule that this process, and whatever it starts, reaches only the named files.

Theory of operation. A ruleset names the kinds of access it takes away everywhere, then gives some of them back below
single paths; `Rules.restrict` binds it to the calling thread for ever. Kernels differ in how many kinds they know (the
ABI number, asked by a system call, because /sys/kernel/security is often absent where Landlock works). What an old ABI
does not know is covered by seccomp.py: truncation (before ABI 3), devices' ioctl (5), sockets (4) and signals (6).
"""

import ctypes
import os
import struct
from collections.abc import Sequence

from grader.sandbox import kernel

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
"""The same numbers on every machine."""

_VERSION_FLAG = 1
_RULE_PATH_BENEATH = 1

_WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 1, 1 << 2, 1 << 3
_REMOVE_DIR, _REMOVE_FILE = 1 << 4, 1 << 5
_MAKE_DIR, _MAKE_REG, _REFER, _TRUNCATE = 1 << 7, 1 << 8, 1 << 13, 1 << 14
READ_FILE = _READ_FILE
READ = _READ_FILE | _READ_DIR
WRITE_FILE = _READ_FILE | _WRITE_FILE | _TRUNCATE
# The rights to remove are needed to rename; to remove, the filter allows no call at all (seccomp.py, removal.py).
MAKE = READ | _WRITE_FILE | _TRUNCATE | _MAKE_DIR | _MAKE_REG | _REMOVE_DIR | _REMOVE_FILE | _REFER

_LAST_RIGHT = {1: 12, 2: 13, 3: 14, 4: 14}
"""ABI -> number of the last file right it knows; 15 from ABI 5 on."""


def probe_abi() -> int:
    """Return the kernel's Landlock ABI, 1 or more; 0 where there is none or it is switched off."""
    try:
        return kernel.call(_CREATE_RULESET, 0, 0, _VERSION_FLAG)
    except OSError:
        return 0


class Rules:
    """Which files a process may reach: places that are the same for every process, opened once, and its own."""

    def __init__(self, abi: int, common: Sequence[tuple[str, int]]) -> None:
        """Open the common places; their descriptors stay open in this process.

        Args:
            abi: what probe_abi said, >= 1.
            common: (path, rights); a folder's rights hold for everything below it. A path that does not exist is no
                rule.
        """
        self._files = (1 << (_LAST_RIGHT.get(abi, 15) + 1)) - 1
        # File rights; then TCP bind and connect (ABI 4); then signals and abstract sockets beyond this process (ABI 6).
        fields = [self._files, *([3] if abi >= 4 else []), *([3] if abi >= 6 else [])]
        self._attributes = struct.pack(f"={len(fields)}Q", *fields)
        opened = ((_open(path), rights) for path, rights in common)
        self._common = [self._rule(place, rights) for place, rights in opened if place is not None]

    def restrict(self, own: Sequence[tuple[str, int]]) -> None:
        """Take every access to files away from this thread except the common rules and these.

        Raises:
            OSError: the kernel refused; nothing is restricted then.
        """
        ruleset = kernel.call(_CREATE_RULESET, ctypes.c_char_p(self._attributes), len(self._attributes), 0)
        try:
            for rule in self._common:
                kernel.call(_ADD_RULE, ruleset, _RULE_PATH_BENEATH, rule, 0)
            for path, rights in own:
                place = _open(path)
                if place is not None:
                    try:
                        kernel.call(_ADD_RULE, ruleset, _RULE_PATH_BENEATH, self._rule(place, rights), 0)
                    finally:
                        os.close(place)
            kernel.call(_RESTRICT_SELF, ruleset, 0)
        finally:
            os.close(ruleset)

    def _rule(self, place: int, rights: int) -> ctypes.c_char_p:
        return ctypes.c_char_p(struct.pack("=Qi", rights & self._files, place))


def _open(path: str) -> int | None:
    try:
        return os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
