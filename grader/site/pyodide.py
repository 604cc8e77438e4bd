"""Where the page's Python comes from: Pyodide's public host or a mirror of it, or a folder with its files.

pyodide.json (written by source/build.mjs from the pinned npm package) holds what is expected: the core files with their
hashes, and of Pyodide's lock file the packages that a kata or a picture may need. A folder's packages are those of its
own lock file; its core has to be the pinned one, because the page was tested with no other.
"""

import base64
import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.errors import UsageError

FOLDER = "pyodide/"
"""Where the files lie in a site that brings them along."""
CORE_NAMES = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
WANTED = ("numpy", "matplotlib")
_UNUSED = ("pytz", "packaging")
"""Named by Pyodide as needed by matplotlib: the one has not been for years, the other comes with pytest."""


@dataclass(frozen=True)
class Pyodide:
    """The page's Python: where it is fetched from, and what each file has to be."""

    version: str
    url: str
    """Ends in "/"; "pyodide/" is the site's own folder."""
    core: dict[str, int]
    """Files that are fetched first, with their sizes in bytes."""
    hashes: dict[str, str]
    """Base64 of the SHA-256 of every file, as a browser's `integrity` wants it."""
    packages: dict[str, tuple[str, ...]]
    """Package -> its own file and those of what it needs."""
    lock: bytes
    """Pyodide's lock file, with the wanted packages alone."""
    files: dict[str, bytes]
    """What the site brings along; empty if everything comes from a host."""


def open_pyodide(source: str | None) -> Pyodide:
    """Return the page's Python.

    Args:
        source: an address, a folder, or None for Pyodide's own host.

    Raises:
        UsageError: the address is none of the web; the folder is no Pyodide, is another version, or lacks a file.
    """
    pins = json.loads((Path(__file__).parent / "pyodide.json").read_text("utf-8"))
    if source is None or "://" in source:
        url = pins["url"] if source is None else source.rstrip("/") + "/"
        if not re.match(r"https?://[^/]", url):
            raise UsageError("pyodide_address", address=source)
        return _described(pins, pins["lock"], url, {})
    folder = Path(source)
    try:
        lock = json.loads((folder / "pyodide-lock.json").read_text("utf-8"))
        lock = {"info": lock["info"], "packages": _closure(lock["packages"])}
    except (OSError, ValueError, KeyError):
        raise UsageError("no_pyodide", folder=folder, name="pyodide-lock.json", version=pins["version"]) from None
    if lock["info"]["abi_version"] != pins["lock"]["info"]["abi_version"]:
        raise UsageError("other_pyodide", path=folder / "pyodide-lock.json", version=pins["version"])
    found = _described(pins, lock, FOLDER, {})
    files: dict[str, bytes] = {}
    for name, wanted in found.hashes.items():
        try:
            files[name] = (folder / name).read_bytes()
        except OSError:
            raise UsageError("no_pyodide", folder=folder, name=name, version=pins["version"]) from None
        if _base64(hashlib.sha256(files[name]).hexdigest()) != wanted:
            raise UsageError("other_pyodide", path=folder / name, version=pins["version"])
    return _described(pins, lock, FOLDER, files)


def _described(pins: dict[str, Any], lock: dict[str, Any], url: str, files: dict[str, bytes]) -> Pyodide:
    packages = lock["packages"]
    hashes = {name: entry["sha256"] for name, entry in pins["core"].items()}
    hashes |= {entry["file_name"]: entry["sha256"] for entry in packages.values()}
    return Pyodide(
        version=pins["version"],
        url=url,
        core={name: entry["size"] for name, entry in pins["core"].items()},
        hashes={name: _base64(value) for name, value in hashes.items()},
        packages={name: tuple(entry["file_name"] for entry in _closure(packages, (name,)).values()) for name in WANTED},
        lock=json.dumps(lock, indent=1, sort_keys=True).encode(),
        files=files,
    )


def _closure(packages: dict[str, Any], wanted: tuple[str, ...] = WANTED) -> dict[str, Any]:
    """Return the wanted packages and all that they need."""
    found: dict[str, Any] = {}
    waiting = list(wanted)
    while waiting:
        name = waiting.pop(0)
        if name in found:
            continue
        needs = [other for other in packages[name]["depends"] if other not in _UNUSED]
        found[name] = {**packages[name], "depends": needs}
        waiting += needs
    return found


def _base64(digest: str) -> str:
    return base64.b64encode(bytes.fromhex(digest)).decode()
