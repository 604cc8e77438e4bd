"""What a student writes behind `pytest`, in the form that pytest understands."""

import os
from collections.abc import Sequence
from pathlib import Path


def readable_arguments(arguments: Sequence[str], start: Path) -> tuple[Path, list[str]]:
    """Return the folder to start from and the arguments as seen from there.

    A student's file stands for its checks. And pytest takes every "[" for the beginning of a parameter ("rows[AND]"),
    so a path through a folder such as "[hw] 1" is said from below that folder.

    Args:
        arguments: files, folders and node ids.
        start: the folder they are seen from.
    """
    parts = [_split(_checks_of(argument, start), start) for argument in arguments]
    if not any("[" in path for path, _ in parts):
        return start, [path + rest for path, rest in parts]
    paths = [Path(os.path.normpath(start / path)) for path, _ in parts]
    if not all(map(os.path.lexists, paths)):
        return start, list(arguments)  # pytest says so in its own words
    below = Path(os.path.commonpath([path if path.is_dir() else path.parent for path in paths]))
    return below, [str(path.relative_to(below)) + rest for path, (_, rest) in zip(paths, parts, strict=True)]


def leads_to_katas(arguments: Sequence[str], start: Path) -> bool:
    """True if one of pytest's arguments is a kata's checks, or a folder with katas not far below it."""
    for argument in arguments:
        path = start / _split(argument, start)[0]
        folder = path if path.is_dir() else path.parent
        # A handed-out folder in a folder of the course: course/student/exercises/02_gates.
        if any(any(folder.glob(f"{steps}kata.toml")) for steps in ("", "*/", "*/*/", "*/*/*/")):
            return True
    return False


def _split(argument: str, start: Path) -> tuple[str, str]:
    """The path and the node names behind it; "::" and "[" may stand in either."""
    path, rest = argument, ""
    while not os.path.lexists(start / path) and "::" in path:
        path, _, name = path.rpartition("::")
        rest = f"::{name}{rest}"
    return (path, rest) if rest == "" or os.path.lexists(start / path) else (argument, "")


def _checks_of(argument: str, start: Path) -> str:
    """`pytest 02_gates/gates.py` runs the checks beside it; pytest would import the file and find no test in it."""
    file = start / argument
    if file.suffix not in (".py", ".toml") or file.stem != file.resolve().parent.name[3:]:
        return argument
    checks = Path(argument).with_name(f"test_{file.stem}.py")
    return str(checks) if (start / checks).exists() and (file.parent / "kata.toml").exists() else argument
