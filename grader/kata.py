"""A kata and its files: reads kata.toml and knows where everything lies.

<bank>/exercises/NN_slug/   slug.py  test_slug.py  kata.toml  messages.toml  README.md  README.ko.md
<bank>/solutions/NN_slug/   slug.py  test_slug_hidden.py  right/  wrong/     (absent in a student's copy)
"""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.errors import ContentError, UsageError

NEEDS = ("py", "np", "keras", "toml")
"""What a kata's file may import: nothing, NumPy, or Keras too; "toml": it is no code but a TOML file."""

_FOLDER = re.compile(r"(\d\d)_([a-z][a-z0-9_]*)")


@dataclass(frozen=True)
class Kata:
    """One exercise folder."""

    name: str
    """The folder's name, "02_gates"."""
    title: dict[str, str]
    """By language, "en" and "ko"."""
    points: float
    needs: str
    """One of NEEDS."""
    exercise: Path
    solution: Path | None
    """None in a student's copy."""
    predict: tuple[str, ...] = ()
    """Names that a student answers before running anything (key `predict` of kata.toml, may be left out)."""
    aside: tuple[str, ...] = ()
    """Functions that no check calls, so that what they import is not needed (key `aside`, may be left out)."""

    @property
    def number(self) -> str:
        """Two digits, "02"."""
        return self.name[:2]

    @property
    def slug(self) -> str:
        """The folder's name without its number, "gates"."""
        return self.name[3:]

    @property
    def suffix(self) -> str:
        """The ending of the file that the student fills, ".py" or ".toml"."""
        return ".toml" if self.needs == "toml" else ".py"

    @property
    def file_name(self) -> str:
        """The file that the student fills, "gates.py"."""
        return f"{self.slug}{self.suffix}"

    @property
    def student_file(self) -> Path:
        """The student's file in the exercises (the stub, at first)."""
        return self.exercise / self.file_name

    @property
    def public_checks(self) -> Path:
        """The test file that students have."""
        return self.exercise / f"test_{self.slug}.py"

    @property
    def hidden_checks(self) -> Path | None:
        """The test file that students do not have; None in a student's copy."""
        return None if self.solution is None else self.solution / f"test_{self.slug}_hidden.py"


def find_bank(start: Path) -> Path:
    """Return the nearest folder from `start` upwards that holds exercises/.

    Raises:
        UsageError: there is none.
    """
    for folder in [start.resolve(), *start.resolve().parents]:
        if (folder / "exercises").is_dir():
            return folder
    raise UsageError("no_bank", folder=start.resolve())


def load_katas(bank: Path) -> tuple[Kata, ...]:
    """Read every kata of a bank, in the ladder's order.

    Raises:
        ContentError: a kata.toml is missing or wrong.
        UsageError: the bank has no kata.
    """
    folders = sorted(path for path in (bank / "exercises").glob("*") if _FOLDER.fullmatch(path.name) and path.is_dir())
    if not folders:
        raise UsageError("no_kata", folder=bank / "exercises")
    return tuple(load_kata(folder) for folder in folders)


def load_kata(exercise: Path) -> Kata:
    """Read one kata from its exercise folder.

    Raises:
        ContentError: kata.toml is missing, is no TOML, or a key is missing or of the wrong kind.
    """
    file = exercise / "kata.toml"
    try:
        data = tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        raise ContentError(file, "the file", "is missing") from None
    except tomllib.TOMLDecodeError as problem:
        raise ContentError(file, "TOML", str(problem)) from None
    title = _field(data, "title", dict, file)
    for language in ("en", "ko"):
        _field(title, language, str, file)
    needs = _field(data, "needs", str, file)
    if needs not in NEEDS:
        raise ContentError(file, "needs", f"{needs!r} is none of {', '.join(NEEDS)}")
    solution = exercise.parent.parent / "solutions" / exercise.name
    return Kata(
        name=exercise.name,
        title=title,
        points=float(_field(data, "points", (int, float), file)),
        needs=needs,
        exercise=exercise,
        solution=solution if solution.is_dir() else None,
        predict=tuple(map(str, _field({"predict": [], **data}, "predict", list, file))),
        aside=tuple(map(str, _field({"aside": [], **data}, "aside", list, file))),
    )


def _field(table: dict[str, Any], key: str, kind: type | tuple[type, ...], file: Path) -> Any:
    if not isinstance(table.get(key), kind):
        raise ContentError(file, key, "is missing or of the wrong kind")
    return table[key]


def select_katas(katas: tuple[Kata, ...], wanted: tuple[str, ...]) -> tuple[Kata, ...]:
    """Return the katas that are named; all if none is named.

    Args:
        katas: those there are.
        wanted: numbers ("02", "2"), slugs ("gates"), folders ("02_gates", "exercises/02_gates/", ".") or files in such
            a folder ("exercises/02_gates/gates.py").

    Raises:
        UsageError: a name fits no kata.
    """
    if not wanted:
        return katas
    known = {name: kata.name for kata in katas for name in (kata.name, kata.slug, kata.number, str(int(kata.number)))}
    chosen = set()
    for name in wanted:
        found = next((known[part] for part in _parts(name) if part in known), None)
        if found is None:
            raise UsageError("unknown_kata", name=name, known=", ".join(kata.name for kata in katas))
        chosen.add(found)
    return tuple(kata for kata in katas if kata.name in chosen)


def _parts(name: str) -> tuple[str, ...]:
    """What may name a kata: the last part of a path, as file or folder, and for a path the folder before it."""
    path = Path(name.replace("\\", "/"))
    last = path.name or path.resolve().name  # "." has no name of its own
    module = last.removesuffix(".py").removesuffix(".toml").removeprefix("test_")
    return (last, module, path.parent.name)
