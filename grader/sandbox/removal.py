"""Removing and renaming files in a job's folder, where the kernel lets nobody remove anything.

Theory of operation. A file that was removed while it is open keeps its space where nobody can count it; so the filter
(seccomp.py) refuses every call that removes, and of those that rename it allows the one that never overwrites. Here
Python's own functions do their work with it: what is "removed" gets a name that begins with REMOVED in the same folder,
and goes on counting against the folder's limits until the job's end. `tempfile`, `shutil.rmtree` and `pathlib` work.
What asks the kernel itself (a library in C, ctypes) is refused.
A file's rights, times and attributes are refused, too, and here stay as they are: `shutil.copy` and `copy2` set them.

The functions are replaced in the zygote, before modules such as tempfile take hold of them, and do what they always did
until a child calls `forbid`.
"""

import ctypes
import errno
import os
import stat
from collections.abc import Callable
from typing import Any

from grader.sandbox import kernel

REMOVED = ".removed-"
_NO_REPLACE = 1
_RENAMEAT2 = {"x86_64": 316, "aarch64": 276}
_HERE = -100
"""AT_FDCWD: a path is meant from the working folder."""


class Removals:
    """Python's functions that remove and rename, and that set rights and times; one for each zygote."""

    def __init__(self) -> None:
        """Remember the real ones."""
        self._is_forbidden = False
        self._place: str | None = None
        self._count = 0
        # Linux alone has it.
        self._list_attributes: Callable[..., list[str]] = getattr(os, "listxattr", lambda _path, **_: [])
        self._real: dict[str, Callable[..., None]] = {
            name: getattr(os, name) for name in ("unlink", "rmdir", "rename", "replace", "chmod", "utime")
        }

    def install(self) -> None:
        """Take their place in `os`."""
        os.unlink = os.remove = self._unlink
        os.rmdir = self._rmdir
        os.rename = self._rename
        os.replace = self._replace
        os.chmod, os.utime, os.listxattr = self._chmod, self._utime, self._listxattr
        os.supports_follow_symlinks |= {self._chmod, self._utime}
        # shutil asks whether they take folders by descriptor.
        os.supports_dir_fd |= {self._unlink, self._rmdir, self._rename, self._replace}

    def forbid(self, place: str) -> None:
        """From now on remove nothing; `place` is the job's folder."""
        self._is_forbidden, self._place = True, os.path.realpath(place)

    def _chmod(self, path: Any, mode: int, **more: Any) -> None:
        if not self._stays_as_it_is(path, more):
            self._real["chmod"](path, mode, **more)

    def _utime(self, path: Any, *times: Any, **more: Any) -> None:
        if not self._stays_as_it_is(path, more):
            self._real["utime"](path, *times, **more)

    def _listxattr(self, path: Any = None, **more: Any) -> list[str]:
        return [] if self._stays_as_it_is(path or ".", more) else self._list_attributes(path, **more)

    def _stays_as_it_is(self, path: Any, more: dict[str, Any]) -> bool:
        """True for what lies in the job's folder; of anything else the kernel says what may be done."""
        if self._place is None or isinstance(path, int) or more.get("dir_fd") is not None:
            return False
        os.stat(path, follow_symlinks=more.get("follow_symlinks", True))  # raises where there is no such file
        return os.path.realpath(os.fsdecode(path)).startswith(self._place + os.sep)

    def _unlink(self, path: Any, *, dir_fd: int | None = None) -> None:
        if not self._is_forbidden:
            self._real["unlink"](path, dir_fd=dir_fd)
            return
        if stat.S_ISDIR(os.lstat(path, dir_fd=dir_fd).st_mode):
            raise _problem(errno.EISDIR, path)
        self._put_aside(path, dir_fd)

    def _rmdir(self, path: Any, *, dir_fd: int | None = None) -> None:
        if not self._is_forbidden:
            self._real["rmdir"](path, dir_fd=dir_fd)
            return
        if not stat.S_ISDIR(os.lstat(path, dir_fd=dir_fd).st_mode):
            raise _problem(errno.ENOTDIR, path)
        folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY, dir_fd=dir_fd)
        try:
            left = [name for name in os.listdir(folder) if not name.startswith(REMOVED)]
        finally:
            os.close(folder)
        if left:
            raise _problem(errno.ENOTEMPTY, path)
        self._put_aside(path, dir_fd)

    def _rename(self, src: Any, dst: Any, *, src_dir_fd: int | None = None, dst_dir_fd: int | None = None) -> None:
        if self._is_forbidden:
            self._move(src, dst, src_dir_fd, dst_dir_fd)
        else:
            self._real["rename"](src, dst, src_dir_fd=src_dir_fd, dst_dir_fd=dst_dir_fd)

    def _replace(self, src: Any, dst: Any, *, src_dir_fd: int | None = None, dst_dir_fd: int | None = None) -> None:
        if self._is_forbidden:
            self._move(src, dst, src_dir_fd, dst_dir_fd)
        else:
            self._real["replace"](src, dst, src_dir_fd=src_dir_fd, dst_dir_fd=dst_dir_fd)

    def _move(self, src: Any, dst: Any, src_dir_fd: int | None, dst_dir_fd: int | None) -> None:
        try:
            _rename_if_free(src, dst, src_dir_fd, dst_dir_fd)
        except FileExistsError:
            remove = self._rmdir if stat.S_ISDIR(os.lstat(src, dir_fd=src_dir_fd).st_mode) else self._unlink
            remove(dst, dir_fd=dst_dir_fd)
            _rename_if_free(src, dst, src_dir_fd, dst_dir_fd)

    def _put_aside(self, path: Any, dir_fd: int | None) -> None:
        # Its own folder, not a common one: Landlock's first version moves nothing from folder to folder.
        folder = os.path.dirname(os.fsdecode(path).rstrip("/"))
        while True:
            self._count += 1
            try:
                _rename_if_free(path, os.path.join(folder, f"{REMOVED}{self._count}"), dir_fd, dir_fd)
                return
            except FileExistsError:
                continue


def _rename_if_free(src: Any, dst: Any, src_dir_fd: int | None, dst_dir_fd: int | None) -> None:
    numbers = [_HERE if fd is None else fd for fd in (src_dir_fd, dst_dir_fd)]
    names = [ctypes.c_char_p(os.fsencode(path)) for path in (src, dst)]
    try:
        kernel.call(_RENAMEAT2[kernel.machine()], numbers[0], names[0], numbers[1], names[1], _NO_REPLACE)
    except OSError as problem:
        raise OSError(problem.errno, problem.strerror, os.fsdecode(src), None, os.fsdecode(dst)) from None


def _problem(number: int, path: Any) -> OSError:
    return OSError(number, os.strerror(number), path)
