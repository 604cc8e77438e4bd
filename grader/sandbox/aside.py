"""What only checks and pictures import: a bank's own code, which a student's file finds nowhere, as in grading.

At home the checks run in the same process. So their finders say what they are, and a `World` is entered without them.
"""

import contextlib
import sys
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType


class AsideFinder(ABC):
    """A finder of modules that are not for the student's file.

    Not importlib.abc's, which in Python 3.11 imports tempfile: a zygote must not know that yet (removal.py).
    """

    @abstractmethod
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return where a module is, as sys.meta_path asks for it; None if it is none of these."""

    @property
    @abstractmethod
    def packages(self) -> Collection[str]:
        """Names of the packages that it finds."""


@contextlib.contextmanager
def without_aside() -> Iterator[None]:
    """Hide such finders and what they have found; what the file puts under these names is gone afterwards."""
    finders = [finder for finder in sys.meta_path if isinstance(finder, AsideFinder)]
    packages = {package for finder in finders for package in finder.packages}
    hidden = _take_out(packages)
    for finder in finders:
        sys.meta_path.remove(finder)
    try:
        yield
    finally:
        _take_out(packages)
        sys.modules.update(hidden)
        sys.meta_path[:0] = finders


def _take_out(packages: Collection[str]) -> dict[str, ModuleType]:
    if not packages:
        return {}
    return {name: sys.modules.pop(name) for name in list(sys.modules) if name.partition(".")[0] in packages}
