"""A kata and its files: reads kata.toml and knows where everything lies.

<bank>/exercises/NN_slug/   slug.py  test_slug.py  kata.toml  messages.toml  README.md  README.ko.md  support/
                            approaches.toml (may be left out)
<bank>/solutions/NN_slug/   slug.py  test_slug_hidden.py  messages.toml  support/  right/  wrong/  equivalent.toml
                            (absent in a student's copy)
"""

import keyword
import math
import re
import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from grader.bank.package import FILE_NAME, MODULES, SHARED, SUPPORT
from grader.errors import ContentError, UsageError
from grader.sandbox.limits import IMPORTS
from grader.words.authored import optional_text, read_toml
from grader.words.languages import BOTH, LANGUAGES

NEEDS = ("py", "np", "keras", "toml")
"""What a kata's file may import: nothing, NumPy, or Keras too; "toml": it is no code but a TOML file."""

APPROACHES = "approaches.toml"
"""Of an exercise: other ways to write it, for after the green check (see approaches.py); may be left out."""

EQUIVALENT = "equivalent.toml"
"""Of a solution: mutants that are as right as the reference, with the reason (see authoring/mutate.py)."""

Audience = Literal["student", "judge", "author"]

_FOLDER = re.compile(r"(\d\d)_([a-z][a-z0-9_]*)")
# What pytest takes for checks, and the kit for hidden ones.
_CHECKS = re.compile(r"test_.*|.*_test|.*_hidden")


@dataclass(frozen=True)
class Kata:
    """One exercise folder."""

    name: str
    """The folder's name, "02_gates"."""
    title: dict[str, str]
    """By language; English and Korean at least."""
    points: float
    needs: str
    """One of NEEDS."""
    exercise: Path
    solution: Path | None
    """None in a student's copy."""
    scale: float = 1.0
    """What a course's points are of the kata's own; the points of its checks are so many times as many."""
    deadline: datetime | None = None
    """Of the course, with its offset from UTC."""
    predict: tuple[str, ...] = ()
    """Names that a student answers before running anything (key `predict` of kata.toml, may be left out)."""
    learnt: Mapping[str, str] = field(default_factory=dict)
    """By language: what it was about, in one sentence for the end of the ladder (key `learnt`, may be left out)."""
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
    def libraries(self) -> frozenset[str]:
        """The packages that have to be installed for the kata's file, by their import names."""
        return frozenset(name.split(".")[0] for name in IMPORTS[self.needs])

    @property
    def student_file(self) -> Path:
        """The student's file in the exercises (the stub, at first)."""
        return self.exercise / self.file_name

    @property
    def bank(self) -> Path:
        """The folder that holds exercises/ and solutions/."""
        return self.exercise.parent.parent

    @property
    def secrets(self) -> Path:
        """The folder in solutions/, for whoever cannot do without.

        Raises:
            ContentError: this is a student's copy.
        """
        if self.solution is None:
            raise ContentError(self.exercise, "solutions", "has no folder of this name", run="kata build")
        return self.solution

    def files(self, audience: Audience) -> tuple[Path, ...]:
        """Return the kata's files that someone needs, those that exist, in a fixed order.

        Args:
            audience: "student", who gets them (beside the file to fill); "judge", on whose bytes a verdict depends;
                "author", for everything else but the collections right/ and wrong/.
        """
        texts, code = ("messages.toml", "messages.*.toml"), ("*.py", "*.toml")
        parts = [(self.exercise, ("kata.toml", *texts, self.public_checks.name)), (self.exercise / SUPPORT, code)]
        if audience != "judge":
            parts.append((self.exercise, ("README.md", "README.*.md", APPROACHES, "approaches.*.toml")))
        if audience != "student" and self.solution is not None:
            parts += [(self.solution, (f"test_{self.slug}_hidden.py", *texts)), (self.solution / SUPPORT, code)]
        if audience == "author" and self.solution is not None:
            parts += [(self.exercise, (self.file_name,)), (self.solution, (self.file_name, "NOTE.md", EQUIVALENT))]
        return tuple(path for folder, names in parts for name in names for path in sorted(folder.glob(name)))

    def missing(self, audience: Audience) -> tuple[Path, ...]:
        """Return the files without which a kata is none for someone, those that do not exist; see `files`."""
        needed = [self.exercise / "kata.toml", self.exercise / "messages.toml", self.public_checks]
        if audience != "judge":
            needed += [self.exercise / "README.md", self.exercise / "README.ko.md"]
        if audience != "student" and self.solution is not None:
            needed.append(self.solution / f"test_{self.slug}_hidden.py")
        if audience == "author" and self.solution is not None:
            needed += [self.student_file, self.solution / self.file_name]
        return tuple(path for path in needed if not path.is_file())

    def lesson(self, language: str) -> Path:
        """Return the README in a language, in English where there is none or for "both"."""
        translated = self.exercise / f"README.{language}.md"
        return translated if translated.exists() else self.exercise / "README.md"

    @property
    def public_checks(self) -> Path:
        """The test file that students have."""
        return self.exercise / f"test_{self.slug}.py"

    @property
    def hidden_checks(self) -> Path | None:
        """The test file that students do not have; None in a student's copy."""
        return None if self.solution is None else self.solution / f"test_{self.slug}_hidden.py"


def is_kata_name(name: str) -> bool:
    """True for the name of a kata's folder: two digits, "_", a slug of small letters, digits and "_"."""
    return _FOLDER.fullmatch(name) is not None


def is_free_slug(slug: str) -> bool:
    """True if a file may have this name: it is no keyword, hides no module, and is not taken for a file of checks."""
    taken = {*MODULES, "conftest", SHARED}
    return not (keyword.iskeyword(slug) or slug in taken or _CHECKS.fullmatch(slug))


def is_approaches(path: Path) -> bool:
    """True for a file with other ways to write a kata, in whatever language."""
    return path.name == APPROACHES or (path.name.startswith("approaches.") and path.suffix == ".toml")


def find_exercises(bank: Path) -> list[Path]:
    """Return the exercise folders of a bank, in the ladder's order.

    Raises:
        UsageError: it has none.
    """
    folders = sorted(path for path in (bank / "exercises").glob("*") if _FOLDER.fullmatch(path.name) and path.is_dir())
    if not folders:
        raise UsageError("no_kata", folder=bank / "exercises")
    return folders


def load_katas(bank: Path) -> tuple[Kata, ...]:
    """Read every kata of a bank, in the ladder's order.

    Raises:
        ContentError: a kata.toml is missing or wrong.
        UsageError: the bank has no kata.
    """
    return tuple(load_kata(folder) for folder in find_exercises(bank))


def bank_files(bank: Path) -> tuple[Path, ...]:
    """Return the files of a bank that belong to no single kata: bank.toml, pytest.ini, code that katas share."""
    exercises = bank / "exercises"
    own = [path for path in (exercises / FILE_NAME, exercises / "pytest.ini") if path.exists()]
    return (*own, *(path for kind in ("*.py", "*.toml") for path in sorted((exercises / SHARED).glob(kind))))


def load_kata(exercise: Path) -> Kata:
    """Read one kata from its exercise folder.

    Raises:
        ContentError: kata.toml is missing, is no TOML, or a key is missing or of the wrong kind.
    """
    file = exercise / "kata.toml"
    data = read_toml(file)
    title = _field(data, "title", dict, file)
    for language in BOTH:
        _field(title, language, str, file)
    needs = _field(data, "needs", str, file)
    if needs not in NEEDS:
        raise ContentError(file, "needs", f"{needs!r} is none of {', '.join(NEEDS)}")
    points = float(_field(data, "points", (int, float), file))
    if not 0 < points < math.inf:
        raise ContentError(file, "points", f"{points:g} is not above 0")
    solution = exercise.parent.parent / "solutions" / exercise.name
    return Kata(
        name=exercise.name,
        title=title | _translated_titles(exercise),
        points=points,
        needs=needs,
        exercise=exercise,
        solution=solution if solution.is_dir() else None,
        predict=tuple(map(str, _field({"predict": [], **data}, "predict", list, file))),
        learnt=optional_text(data, "learnt", file),
        aside=tuple(map(str, _field({"aside": [], **data}, "aside", list, file))),
    )


def _translated_titles(exercise: Path) -> dict[str, str]:
    """The title in further languages, [kata.title] of messages.fr.toml; whoever reads the texts says what is wrong."""
    found = {}
    for language in LANGUAGES[len(BOTH) :]:
        with suppress(OSError, tomllib.TOMLDecodeError, LookupError, TypeError):
            tables = tomllib.loads((exercise / f"messages.{language}.toml").read_text("utf-8"))
            found[language] = str(tables["kata"]["title"][language])
    return found


def require_files(katas: Sequence[Kata], audience: Audience) -> None:
    """Refuse katas that lack a file which someone needs; see `Kata.files`.

    Raises:
        ContentError: one is missing.
    """
    for kata in katas:
        for path in kata.missing(audience):
            raise ContentError(path, "the file", "is missing", run=f"kata audit --kata {kata.number}")


def require_points(kata: Kata, points: Iterable[float]) -> None:
    """Refuse a kata whose checks give other points than it says.

    Raises:
        ContentError: they do not add up.
    """
    found = round(sum(points), 4)
    if found != round(kata.points, 4):
        run = f"kata audit --kata {kata.number}"
        raise ContentError(
            kata.exercise / "kata.toml", "points", f"{kata.points:g}, but the checks give {found:g}", run
        )


def _field(table: dict[str, Any], key: str, kind: type | tuple[type, ...], file: Path) -> Any:
    if not isinstance(table.get(key), kind):
        raise ContentError(file, key, "is missing or of the wrong kind")
    return table[key]


def select_katas(katas: tuple[Kata, ...], wanted: tuple[str, ...]) -> tuple[Kata, ...]:
    """Return the katas that are named, see `select_names`; all if none is named."""
    by_name = {kata.name: kata for kata in katas}
    return tuple(by_name[name] for name in select_names(by_name, wanted))


def select_names(names: Collection[str], wanted: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of the katas that are meant, in the order of `names`; all if none is wanted.

    Args:
        names: of those there are, "02_gates".
        wanted: numbers ("02", "2"), slugs ("gates"), folders ("02_gates", "exercises/02_gates/", ".") or files in such
            a folder ("exercises/02_gates/gates.py").

    Raises:
        UsageError: what is wanted fits no kata, or two.
    """
    if not wanted:
        return tuple(names)
    chosen = set()
    for word in wanted:
        fitting = next((found for part in _parts(word) if (found := [n for n in names if part in _short_names(n)])), [])
        if not fitting:
            raise UsageError("unknown_kata", name=word, known=", ".join(names))
        if len(fitting) > 1:
            raise UsageError("two_katas", name=word, known=", ".join(fitting))
        chosen.add(fitting[0])
    return tuple(name for name in names if name in chosen)


def _short_names(name: str) -> tuple[str, ...]:
    return (name, name[3:], name[:2], str(int(name[:2])))


def _parts(name: str) -> tuple[str, ...]:
    """What may name a kata: the last part of a path, as file or folder, and for a path the folder before it."""
    path = Path(name.replace("\\", "/"))
    last = path.name or path.resolve().name  # "." has no name of its own
    module = last.removesuffix(".py").removesuffix(".toml").removeprefix("test_")
    return (last, module, path.parent.name)
