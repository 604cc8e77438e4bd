"""Files near the katas that Python could take for one of its modules: `numpy.py`, `random.py`, a folder `keras/`.

In grading nobody sees them, so they must not decide at home either: the checks are loaded and asked without the folders
that such a file stands in. The student is told, because her own programs and other tools do read it.
"""

import contextlib
import os
import sys
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.machinery import PathFinder
from pathlib import Path

from grader.bank.kata import Kata

ALWAYS_TAKEN = frozenset({"grader", "keras", "matplotlib", "numpy", "pytest", "tensorflow", "test", "tqdm"})
"""Names that are taken whether installed here or not, beside `sys.stdlib_module_names`, where `test` is missing."""


@dataclass(frozen=True)
class Hiding:
    """A file or folder with the name of a module."""

    path: Path
    name: str
    left_over: bool = False
    """True for a compiled file in __pycache__ whose source is gone; it hides nothing, but shows what was there."""


def find_hiding(folders: Iterable[Path], *, own: Iterable[Path]) -> Iterator[Hiding]:
    """Yield what has the name of a module, folder by folder.

    Args:
        folders: where to look, not below them; one that cannot be read is passed over.
        own: the files that belong there, such as the katas' own.
    """
    folders = [folder.resolve() for folder in folders]
    known = set(own)
    elsewhere = [entry for entry in sys.path if entry and Path(entry).resolve() not in folders]
    for folder in dict.fromkeys(folders):
        with contextlib.suppress(OSError):
            for path in sorted(folder.iterdir()):
                if path.name == "__pycache__":
                    yield from _left_over(path, elsewhere)
                elif path not in known and _is_module(path) and _is_taken(path.stem, elsewhere):
                    yield Hiding(path, path.stem)


def find_hiding_near(katas: Iterable[Kata]) -> Iterator[Hiding]:
    """Yield what has the name of a module around some katas of one bank, and in the folder that one is in."""
    katas = tuple(katas)
    own = {file.resolve() for kata in katas for file in (kata.student_file, kata.public_checks)}
    return find_hiding([*neighbourhood(kata.exercise for kata in katas), Path.cwd()], own=own)


def _is_module(path: Path) -> bool:
    if path.suffix in (".py", ".pyc"):
        return path.is_file()
    # The kit itself lies beside the katas in the author's repository.
    return (path / "__init__.py").is_file() and path != Path(__file__).resolve().parent.parent


def _is_taken(name: str, elsewhere: list[str]) -> bool:
    if name in sys.stdlib_module_names or name in ALWAYS_TAKEN:
        return True
    try:
        found = PathFinder.find_spec(name, elsewhere)
    except (ImportError, ValueError):
        return False
    # A folder without __init__.py is found, too, and is nobody's module.
    return found is not None and found.origin is not None


def _left_over(cache: Path, elsewhere: list[str]) -> Iterator[Hiding]:
    for path in sorted(cache.glob("*.pyc")):
        name = path.name.split(".")[0]
        if not (cache.parent / f"{name}.py").exists() and _is_taken(name, elsewhere):
            yield Hiding(path, name, left_over=True)


def neighbourhood(katas: Iterable[Path]) -> list[Path]:
    """Return the folders around some katas' folders of one bank: the bank, its exercises, and the katas' own."""
    folders = list(katas)
    return list(dict.fromkeys([*(one.parent.parent for one in folders), *(one.parent for one in folders), *folders]))


@contextlib.contextmanager
def undisturbed(folders: Iterable[Path]) -> Iterator[None]:
    """Import nothing from these folders, and let no warning be made an error, whoever has asked for that.

    pytest puts the folder of a test on the path, `python -m` the folder one is in.
    """
    hidden = {os.path.normcase(folder) for folder in folders} | {""}
    before = sys.path[:]
    sys.path[:] = [entry for entry in before if os.path.normcase(entry) not in hidden]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        # What the student's file has put on it stays.
        sys.path[:] = [*(entry for entry in sys.path if entry not in before), *before]


def forget_hidden(hiding: Iterable[Hiding]) -> None:
    """Let the true modules be imported where one of these files has been taken for them already."""
    for one in hiding:
        module = sys.modules.get(one.name)
        file = getattr(module, "__file__", None)
        if file is None or one.path not in (Path(file), Path(file).parent):
            continue
        for name in [name for name in sys.modules if name == one.name or name.startswith(f"{one.name}.")]:
            del sys.modules[name]
