"""Zips for the page's Python: the kit itself and the pure packages it needs, as they are installed here; the katas.

So the page judges with the very versions that the instructor's own `kata` has, and making a site needs no network.
"""

import importlib.metadata
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from grader.authoring.archive import pack
from grader.authoring.handout import list_release
from grader.authoring.kit import kit_files
from grader.bank.kata import Kata

_FIRST = ("pytest", "pluggy", "iniconfig", "packaging", "pygments")
"""What the checks need."""
_LATER = ("rich", "tqdm")
"""What only comes into play with NumPy: the lab's sentences, and the progress bar of the training katas."""
_LEXERS = ("__init__", "_mapping", "diff", "python")
"""pytest colours nothing else; Pygments' other five hundred languages would be half of the download."""
_LEFT_OUT = ("grader/site/templates/", "grader/texts/new_kata/", "grader/platforms/", "grader/pages/", "grader/copies/")
"""The page itself, and what only an author or an instructor makes."""


def pack_kit() -> bytes:
    """Return the zip that is unpacked before the first check: the kit and what judges with it."""
    files = {name: content for name, content in kit_files().items() if not name.startswith(_LEFT_OUT)}
    for name in _FIRST:
        files |= dict(_installed(name))
    return _pack(files)


def pack_later() -> bytes:
    """Return the zip that is unpacked together with NumPy."""
    return _pack({path: content for name in _LATER for path, content in _installed(name)})


def pack_bank(katas: tuple[Kata, ...]) -> bytes:
    """Return the zip with the katas as a release has them; lessons, stubs and other ways are in the page itself."""
    released = list_release(katas, approaches=False)
    return _pack({name: content for name, content in released.items() if _is_run(name)})


def _is_run(name: str) -> bool:
    return name.startswith("exercises/") and not PurePosixPath(name).name.startswith(("README", "."))


def _pack(files: dict[str, bytes]) -> bytes:
    """Return a zip of files; in whichever order they were found, the same bytes."""
    return pack(dict(sorted(files.items())))


def _installed(name: str) -> Iterator[tuple[str, bytes]]:
    """Give the Python files of an installed package and its licence, (path, bytes)."""
    for file in importlib.metadata.files(name) or ():
        path = PurePosixPath(file.as_posix())
        licence = ".dist-info" in path.parts[0] and "licen" in path.name.lower()
        if not (path.suffix == ".py" or licence) or ".." in path.parts:
            continue
        if path.parent == PurePosixPath("pygments/lexers") and path.stem not in _LEXERS:
            continue
        yield str(path), Path(str(file.locate())).read_bytes()
