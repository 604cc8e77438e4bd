"""`kata doctor`: what this machine has and lacks for the katas, one line each, with one sentence on how to mend it."""

import importlib.metadata
import os
import platform
import shutil
import sys
import sysconfig
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import click
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from grader.bank.kata import Kata
from grader.cli.shared import Banks, Speaker, command, open_banks
from grader.errors import UsageError
from grader.home.neighbours import find_hiding_near, neighbourhood
from grader.home.view import near

DISTRIBUTION = "perceptron-kata"
FINE, NOTE, BAD = "o", "-", "x"
"""In order, worth knowing, to be mended."""

NEEDED = ("numpy", "pytest", "tqdm")
KERAS = ("tensorflow", "tensorflow-cpu", "tensorflow-macos", "tensorflow-intel")
"""Names under which TensorFlow is installed; each brings Keras along."""
QUIET_PLUGINS = frozenset(
    {
        *("perceptron_kata", "anyio", "asyncio", "hypothesispytest", "randomly", "platformdirs", "pytest_cov"),
        *("timeout", "xdist", "xdist.looponfail"),
    }
)
"""Plug-ins of pytest that do no harm, that exercises/pytest.ini switches off, or that grader/home/run.py reins in."""


@dataclass(frozen=True)
class Finding:
    """One line."""

    state: str
    """FINE, NOTE or BAD."""
    text: str
    """Id in student.toml, table [doctor]."""
    values: Mapping[str, object] = field(default_factory=dict)


@command("doctor")
def doctor_command(banks: Banks, speaker: Speaker) -> None:
    """Look at everything; exit 1 if something that is needed is missing."""
    bad = 0
    for finding in examine(banks):
        bad += finding.state == BAD
        text = speaker.text("doctor", finding.text, **finding.values).replace("\n", "\n  ")
        click.echo(f"{finding.state} {text}")
    click.echo()
    if bad:
        speaker.say("doctor", "bad", count=bad)
        sys.exit(1)
    speaker.say("doctor", "fine")


def examine(banks: Banks) -> Iterator[Finding]:
    """Yield what is found, the machine first, then the copy of the katas."""
    if _version(DISTRIBUTION):
        yield from _look_at_python()
        yield from _look_at_packages()
    yield from _look_at_pytest()
    yield from _look_at_console()
    try:
        katas = open_banks(banks)
    except UsageError:
        yield Finding(BAD, "no_bank", {"folder": Path.cwd()})
        return
    for bank in dict.fromkeys(kata.bank for kata in katas):
        own = tuple(kata for kata in katas if kata.bank == bank)
        yield from _look_at_rights(bank, own)
        yield from _look_at_names(own)


def _look_at_python() -> Iterator[Finding]:
    wanted = SpecifierSet(importlib.metadata.metadata(DISTRIBUTION)["Requires-Python"])
    version = platform.python_version()
    values = {"version": version, "wanted": wanted, "path": sys.executable}
    yield Finding(FINE, "python", values) if wanted.contains(version) else Finding(BAD, "other_python", values)


def _look_at_packages() -> Iterator[Finding]:
    requirements = [Requirement(line) for line in importlib.metadata.requires(DISTRIBUTION) or ()]
    wanted = {one.name: one.specifier for one in requirements if one.marker is None}
    for name in NEEDED:
        version = _version(name)
        values = {"name": name, "version": version, "wanted": wanted[name]}
        if version is None:
            yield Finding(BAD, "missing", values)
        else:
            fits = wanted[name].contains(version, prereleases=True)
            yield Finding(FINE, "package", values) if fits else Finding(BAD, "old", values)
    found = next(((name, version) for name in KERAS if (version := _version(name))), None)
    if found is None:
        extra = [one.marker for one in requirements if one.marker and one.name == "tensorflow"]
        if any(marker.evaluate({"extra": "keras"}) for marker in extra):
            yield Finding(NOTE, "no_keras")
        else:
            yield Finding(NOTE, "no_keras_here", {"version": platform.python_version()})
    else:
        yield Finding(FINE, "keras", {"name": found[0], "version": found[1], "keras": _version("keras") or "-"})
    matplotlib = _version("matplotlib")
    if matplotlib is None:
        yield Finding(NOTE, "no_matplotlib")
        return
    yield Finding(FINE, "package", {"name": "matplotlib", "version": matplotlib})
    if _version("numpy"):
        from grader.pictures.drawing import find_korean_font

        font = find_korean_font()
        yield Finding(FINE, "font", {"name": font}) if font else Finding(NOTE, "no_font")


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _look_at_pytest() -> Iterator[Finding]:
    command = shutil.which("pytest")
    if command is None:
        yield Finding(NOTE, "no_command")
    elif Path(command).parent.resolve() != Path(sysconfig.get_path("scripts")).resolve():
        yield Finding(NOTE, "other_command", {"path": command})
    for name in ("PYTEST_ADDOPTS", "PYTEST_PLUGINS"):
        if os.environ.get(name):
            yield Finding(NOTE, "variable", {"name": name, "value": os.environ[name]})
    plugins = {entry.name for entry in importlib.metadata.entry_points(group="pytest11")}
    if "perceptron_kata" not in plugins or os.environ.get("PYTEST_DISABLE_PLUGIN_AUTOLOAD"):
        yield Finding(BAD, "no_plugin")
    others = sorted(plugins - QUIET_PLUGINS)
    if others:
        yield Finding(NOTE, "plugins", {"names": ", ".join(others), "first": others[0]})


def _look_at_console() -> Iterator[Finding]:
    encoding = sys.stdout.encoding or "ascii"
    try:
        "가".encode(encoding)
    except (UnicodeEncodeError, LookupError):
        yield Finding(NOTE, "no_korean", {"name": encoding})
    else:
        yield Finding(FINE, "encoding", {"name": encoding})


def _look_at_rights(bank: Path, katas: tuple[Kata, ...]) -> Iterator[Finding]:
    folder = katas[0].exercise.parent
    locked = [
        kata.student_file for kata in katas if kata.student_file.exists() and not os.access(kata.student_file, os.W_OK)
    ]
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError:
        locked.insert(0, folder)
    if locked:
        yield Finding(BAD, "locked", {"path": locked[0], "count": len(locked)})
    else:
        yield Finding(FINE, "writable", {"path": folder, "count": len(katas)})
    if "microsoft" in platform.release().lower() and bank.resolve().parts[1:2] == ("mnt",):
        yield Finding(NOTE, "wsl", {"path": bank.resolve()})


def _look_at_names(katas: tuple[Kata, ...]) -> Iterator[Finding]:
    """Files that a student may have put beside the katas, and that Python or pytest takes for something else."""
    exercises = katas[0].exercise.parent
    if not (exercises / "pytest.ini").is_file():
        yield Finding(BAD, "no_ini", {"path": exercises / "pytest.ini"})
    for one in find_hiding_near(katas):
        values = {"path": near(one.path), "name": one.name}
        yield Finding(NOTE, "left_over", values) if one.left_over else Finding(BAD, "clash", values)
    for folder in neighbourhood(kata.exercise for kata in katas)[1:]:
        for name in ("conftest.py", "pytest.ini"):
            path = folder / name
            if path.exists() and path != exercises / "pytest.ini":
                yield Finding(NOTE, "settings", {"path": near(path)})
