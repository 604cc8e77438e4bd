"""The kit itself as files, as it is installed here: what a page or a grader elsewhere is given of it.

So it judges there with the very version that the instructor has, and nothing has to be published anywhere.
"""

import base64
import hashlib
import importlib.metadata
from collections.abc import Iterator
from pathlib import Path

from packaging.requirements import Requirement

from grader.authoring.archive import pack

KIT = "perceptron-kata"
KERAS = ("tensorflow-cpu", "tensorflow")
"""Distributions that bring Keras; of both only one is installed."""
_PACKAGE = Path(__file__).parent.parent
_SOURCES = ("site", "source")
"""What the page is made from stands in the repository only."""


def kit_files() -> dict[str, bytes]:
    """Return every file of the kit, and what an installer and pytest want to know of it: path -> bytes."""
    files = {f"grader/{path.relative_to(_PACKAGE).as_posix()}": path.read_bytes() for path in _own_files()}
    about = importlib.metadata.distribution(KIT)
    # pytest finds the plugin by its entry point, and exercises/pytest.ini asks for its version.
    for name in ("METADATA", "entry_points.txt"):
        files[f"{_about(about.version)}/{name}"] = (about.read_text(name) or "").encode()
    return files


def _about(version: str) -> str:
    return f"{KIT.replace('-', '_')}-{version}.dist-info"


def _own_files() -> Iterator[Path]:
    for path in sorted(_PACKAGE.rglob("*")):
        parts = path.relative_to(_PACKAGE).parts
        if path.is_file() and parts[:2] != _SOURCES and "__pycache__" not in parts:
            yield path


def kit_wheel() -> tuple[str, bytes]:
    """Return the kit as a wheel: its file name and its bytes.

    Source: Python Packaging User Guide, "Binary distribution format" (WHEEL, RECORD).
    """
    version = importlib.metadata.version(KIT)
    about = _about(version)
    files = kit_files()
    files[f"{about}/WHEEL"] = b"Wheel-Version: 1.0\nGenerator: kata\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    rows = [f"{name},sha256={_digest(content)},{len(content)}" for name, content in files.items()]
    files[f"{about}/RECORD"] = "\n".join([*rows, f"{about}/RECORD,,", ""]).encode()
    return f"{KIT.replace('-', '_')}-{version}-py3-none-any.whl", pack(files)


def _digest(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()


def pins(*, keras: bool) -> list[str]:
    """Return what the kit needs to judge, one requirement a line, each with the version that is installed here.

    Args:
        keras: TensorFlow too. Where it is not installed, the extra's own line, without a version of ours.
    """
    names = [Requirement(line) for line in importlib.metadata.requires(KIT) or ()]
    wanted = [one for one in names if _applies(one)]
    extra: list[str] = []
    if keras:
        here = [name for name in KERAS if _version(name)]
        if here:
            wanted.append(Requirement(here[0]))
        else:
            extra = [f"{one.name}{one.specifier}" for one in names if one.name == KERAS[-1]]
    found: dict[str, str] = {}
    while wanted:
        one = wanted.pop()
        version = _version(one.name)
        if version is None or one.name.lower() in found:
            continue
        found[one.name.lower()] = f"{one.name}=={version}"
        inner = [Requirement(line) for line in importlib.metadata.requires(one.name) or ()]
        wanted += [needed for needed in inner if _applies(needed)]
    return [*(found[name] for name in sorted(found)), *extra]


def _applies(requirement: Requirement) -> bool:
    return requirement.marker is None or requirement.marker.evaluate({"extra": ""})


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None
