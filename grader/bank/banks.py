"""Which banks and katas a command works with.

Banks are those of `--bank`, else of the environment variable KATA_BANK, else the nearest one from the current folder
upwards, else those that installed packages bring: an entry point of the group perceptron_kata.banks names an object
that is the bank's folder. Of several banks all katas count, one bank after the other; a course.toml chooses among them.
"""

import os
from collections.abc import Iterable, Sequence
from importlib.metadata import entry_points
from pathlib import Path

from grader.bank.course import find_course, load_course
from grader.bank.kata import Kata, find_exercises, load_kata, select_names
from grader.bank.package import find_bank, load_bank
from grader.errors import ContentError, UsageError

ENVIRONMENT = "KATA_BANK"
GROUP = "perceptron_kata.banks"


def find_banks(asked: Sequence[Path], here: Path) -> tuple[Path, ...]:
    """Return the folders of the banks to work with.

    Args:
        asked: those named on the command line.
        here: the folder from which the nearest bank is looked for.

    Raises:
        UsageError: there is none, one that was named is none, or two share the name of their package.
        ContentError: an installed package's bank cannot be found.
    """
    named = list(asked) or [Path(part) for part in os.environ.get(ENVIRONMENT, "").split(os.pathsep) if part]
    for folder in named:
        if not (folder / "exercises").is_dir():
            raise UsageError("no_bank_there", folder=folder)
    try:
        banks = [folder.resolve() for folder in named] or [find_bank(here)]
    except UsageError:
        banks = installed_banks()
        if not banks:
            raise
    _refuse_doubles((bank.package, folder) for folder in banks if (bank := load_bank(folder)) is not None)
    return tuple(banks)


def installed_banks() -> list[Path]:
    """Return the banks that installed packages bring.

    Raises:
        ContentError: an entry point cannot be imported, or is not the folder of a bank.
    """
    found = []
    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        where, run = f"{point.name} = {point.value}", "python -m pip check"
        try:
            folder = Path(point.load())
        except Exception as problem:  # whatever a stranger's package raises when it is imported
            raise ContentError(GROUP, where, f"{type(problem).__name__}: {problem}", run=run) from problem
        if not (folder / "exercises").is_dir():
            raise ContentError(GROUP, where, f"{folder} holds no exercises", run=run)
        found.append(folder)
    return found


def open_katas(asked: Sequence[Path], wanted: tuple[str, ...], here: Path) -> tuple[Kata, ...]:
    """Return the katas to work with, in their order; files of others are not read.

    Args:
        asked: banks, see `find_banks`.
        wanted: names of katas, see `select_names`; none: all.
        here: the folder from which bank and course.toml are looked for.

    Raises:
        UsageError: no bank, no kata of that name, or two of one name.
        ContentError: a kata that is wanted, or course.toml, is wrong.
    """
    folders = [folder for bank in find_banks(asked, here) for folder in find_exercises(bank)]
    _refuse_doubles((folder.name, folder) for folder in folders)
    by_name = {folder.name: folder for folder in folders}
    file = find_course(here)
    course = None if file is None else load_course(file, by_name)
    names = select_names(by_name if course is None else course.names, wanted)
    katas = (load_kata(by_name[name]) for name in names)
    return tuple(kata if course is None else course.apply(kata) for kata in katas)


def _refuse_doubles(named: Iterable[tuple[str, Path]]) -> None:
    seen: dict[str, Path] = {}
    for name, folder in named:
        if name in seen:
            raise UsageError("same_name", name=name, first=seen[name], second=folder)
        seen[name] = folder
