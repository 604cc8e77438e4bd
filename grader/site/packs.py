"""Zips for the page's Python: the kit itself and the pure packages it needs, as they are installed here; the katas.

So the page judges with the very versions that the instructor's own `kata` has, and making a site needs no network.
"""

import importlib.metadata
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from grader.authoring.release import list_release
from grader.bank.kata import Kata

KIT = "perceptron-kata"
_FIRST = ("pytest", "pluggy", "iniconfig", "packaging", "pygments")
"""What the checks need."""
_LATER = ("rich", "tqdm")
"""What only comes into play with NumPy: the lab's sentences, and the progress bar of the training katas."""
_LEXERS = ("__init__", "_mapping", "diff", "python")
"""pytest colours nothing else; Pygments' other five hundred languages would be half of the download."""
_AT_HOME_ONLY = (("site", "source"), ("site", "templates"), ("texts", "new_kata"))
"""What the page is made of, and what `kata new` writes."""
_PACKAGE = Path(__file__).parent.parent


def pack_kit() -> bytes:
    """Return the zip that is unpacked before the first check: the kit and what judges with it."""
    files = {f"grader/{path.relative_to(_PACKAGE).as_posix()}": path.read_bytes() for path in _own_files()}
    about = importlib.metadata.distribution(KIT)
    # pytest finds the plugin by its entry point, and exercises/pytest.ini asks for its version.
    for name in ("METADATA", "entry_points.txt"):
        files[f"perceptron_kata-{about.version}.dist-info/{name}"] = (about.read_text(name) or "").encode()
    for name in _FIRST:
        files |= dict(_installed(name))
    return pack(files)


def pack_later() -> bytes:
    """Return the zip that is unpacked together with NumPy."""
    return pack({path: content for name in _LATER for path, content in _installed(name)})


def pack_bank(katas: tuple[Kata, ...]) -> bytes:
    """Return the zip with the katas as a release has them; lessons and stubs are in the page itself."""
    released = list_release(katas)
    return pack({name: content for name, content in released.items() if _is_run(name)})


def _is_run(name: str) -> bool:
    return name.startswith("exercises/") and not PurePosixPath(name).name.startswith(("README", "."))


def pack(files: dict[str, bytes]) -> bytes:
    """Return a zip of files; the same files make the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, date_time=(2026, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, files[name])
    return out.getvalue()


def _own_files() -> Iterator[Path]:
    for path in sorted(_PACKAGE.rglob("*")):
        parts = path.relative_to(_PACKAGE).parts
        if path.is_file() and parts[:2] not in _AT_HOME_ONLY and "__pycache__" not in parts:
            yield path


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
