"""A whole Pyodide for the tests: its core from the pinned npm package, its packages from a wheel that holds them.

No package registry has Pyodide's NumPy and matplotlib under their own names; the wheel of another program does. It is a
fixture and nothing else: a real site takes them from Pyodide's own host or from a folder with its full distribution.
Both are pinned with hashes (grader/site/source/package-lock.json, parts.txt) and kept in build/site-parts.
The variable KATA_PYODIDE names a folder with a full Pyodide to take instead.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from grader.site.pyodide import CORE_NAMES as CORE
from tests.conftest import ROOT

SOURCE = ROOT / "grader" / "site" / "source"
CACHE = ROOT / "build" / "site-parts"
INSIDE = "open_webui/frontend/pyodide/"
NAMES = (
    "numpy",
    "matplotlib",
    "pillow",
    "contourpy",
    "kiwisolver",
    "fonttools",
    "cycler",
    "pyparsing",
    "python_dateutil",
)


class NotToBeHad(Exception):
    """Says what is missing, for the reason of a skip."""


def node_modules() -> Path:
    """Install what the page is built from, as package-lock.json pins it; return the folder beside which it lies."""
    target = CACHE / "npm"
    if (target / "ready").exists():
        return target
    if shutil.which("npm") is None:
        raise NotToBeHad("needs npm (Debian, Ubuntu: apt install npm)")
    with _prepared(target) as folder:
        for name in ("package.json", "package-lock.json"):
            shutil.copyfile(SOURCE / name, folder / name)
        _run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], folder)
    return target


def pyodide() -> Path:
    """Return a folder with Pyodide's core, its lock file, NumPy and matplotlib."""
    if os.environ.get("KATA_PYODIDE"):
        return Path(os.environ["KATA_PYODIDE"])
    target = CACHE / "pyodide"
    if (target / "ready").exists():
        return target
    core = node_modules() / "node_modules" / "pyodide"
    with _prepared(target) as folder:
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--ignore-requires-python"]
        _run([*pip, "--require-hashes", "-r", str(Path(__file__).parent / "parts.txt"), "-d", str(folder)], folder)
        (wheel,) = folder.glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            for name in archive.namelist():
                if name.startswith(INSIDE) and Path(name).name.startswith((*NAMES, "six", "pyodide-lock.json")):
                    (folder / Path(name).name).write_bytes(archive.read(name))
        wheel.unlink()
        for name in CORE:
            shutil.copyfile(core / name, folder / name)
    return target


@contextlib.contextmanager
def _prepared(target: Path):
    """Give a new folder that becomes the target only when it is whole; another process may have been faster."""
    target.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=target.parent))
    try:
        yield folder
        (folder / "ready").touch()
        with contextlib.suppress(OSError):
            folder.rename(target)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(command: list[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode:
        last = (done.stderr or done.stdout).strip().splitlines()[-1:]
        raise NotToBeHad(f"{command[0]} could not fetch the parts of the site: {''.join(last)}")
