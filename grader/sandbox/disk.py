"""What of this machine's disk a sandbox may read: Python, its libraries and this package; nothing of the bank.

An editable install keeps `grader/` in the repository, next to `solutions/`. So the repository is never named here, only
the package's own folder, and the folder around it is on the search path only until the package has been imported.
"""

import os
import site
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

_SYSTEM = (
    *("/lib", "/lib32", "/lib64", "/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/local/lib"),
    *("/nix/store", "/usr/share/zoneinfo", "/etc/ld.so.cache", "/etc/localtime"),
)
"""Shared libraries, and what time zones need."""

DEVICES = ("/dev/null", "/dev/urandom", "/dev/random")
"""Not /dev/zero: a shared mapping of it is memory that no limit counts."""


@dataclass(frozen=True)
class View:
    """The Python of a sandbox."""

    interpreter: str
    """The program itself, not a virtual environment's link to it."""
    search_path: tuple[str, ...]
    """Folders of installed packages, in the order of sys.path."""
    package_parent: str
    """The folder that holds this package."""
    readable: tuple[str, ...]
    """Files and folders; absolute, without links at their ends, all existing."""


def view_of_this_python() -> View:
    """Return the view that shows the Python that is running now, and no more."""
    program = os.path.realpath(getattr(sys, "_base_executable", sys.executable))
    base_paths = sysconfig.get_paths(vars={"base": sys.base_prefix, "platbase": sys.base_exec_prefix})
    library = sysconfig.get_config_var("LIBDIR") or ""
    package = Path(__file__).resolve().parent.parent
    installed = [os.path.realpath(path) for path in _site_folders() if path in sys.path]
    wanted = [
        *_SYSTEM,
        base_paths["stdlib"],
        base_paths["platstdlib"],
        sysconfig.get_config_var("DESTSHARED") or "",
        # The interpreter's own library, and in a conda environment the libraries that its packages link to.
        library if Path(library).is_relative_to(sys.base_prefix) else "",
        *installed,
        str(package),
        program,
    ]
    return View(
        interpreter=program,
        search_path=tuple(installed),
        package_parent=str(package.parent),
        readable=_without_doubles([os.path.realpath(path) for path in wanted if path and Path(path).exists()]),
    )


def _site_folders() -> list[str]:
    folders = site.getsitepackages()
    if site.ENABLE_USER_SITE:
        folders.append(site.getusersitepackages())
    return folders


def _without_doubles(paths: list[str]) -> tuple[str, ...]:
    """The paths in order, without those that lie in another one."""
    kept: list[str] = []
    for path in sorted(set(paths)):
        if not any(Path(path).is_relative_to(folder) for folder in kept):
            kept.append(path)
    return tuple(kept)
