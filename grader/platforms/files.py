"""The parts that every platform's package has: the judge as installable files, and the checks of the one kata."""

import sys
from pathlib import Path
from string import Template

from grader.authoring.handout import list_release
from grader.authoring.kit import kit_wheel, pins
from grader.bank.course import FILE_NAME as COURSE
from grader.bank.kata import Kata, bank_files
from grader.platforms import settings
from grader.platforms.settings import Settings

_TEMPLATES = Path(__file__).parent / "templates"
BANK = "bank"
INSTALL = "install.sh"
_PYTHONS = ("3.13", "3.12", "3.11")
"""Looked for where the version that runs here is not to be had; TensorFlow has releases for each."""


def install_files(kata: Kata) -> dict[str, bytes]:
    """Return what makes `.venv/bin/kata` where there is only Python: a script, pinned requirements, the kit's wheel."""
    name, wheel = kit_wheel()
    requirements = "\n".join([*pins(keras=kata.needs == "keras"), f"./{name}", ""])
    return {
        INSTALL: fill(INSTALL, versions=" ".join(dict.fromkeys([python_version(), *_PYTHONS]))),
        "requirements.txt": requirements.encode(),
        name: wheel,
    }


def check_files(kata: Kata, chosen: Settings) -> dict[str, bytes]:
    """Return a bank with this kata alone, as the judge needs it: its checks, public and hidden, and no answer to it."""
    paths = (*bank_files(kata.bank), *kata.files("judge"))
    files = {f"{BANK}/{path.relative_to(kata.bank).as_posix()}": path.read_bytes() for path in paths}
    # What a course.toml around the bank has made of the kata's points; a file of the bank says what they were.
    files[f"{BANK}/{COURSE}"] = f'[[katas]]\nuse = "{kata.name}"\npoints = {kata.points}\n'.encode()
    return {settings.FILE_NAME: chosen.to_file(), **files}


def stub_of(kata: Kata) -> bytes:
    """Return the file that students begin with."""
    return list_release((kata,))[f"exercises/{kata.name}/{kata.file_name}"]


def fill(template: str, **values: object) -> bytes:
    """Return a template of this room with its $placeholders filled; `$$` stands for a dollar."""
    return Template((_TEMPLATES / template).read_text("utf-8")).substitute(values).encode("utf-8")


def python_version() -> str:
    """Return the Python that runs here, "3.13": the pins of requirements.txt are known to fit it."""
    return f"{sys.version_info.major}.{sys.version_info.minor}"
