"""A new kata that already runs: `kata new`, and the files from which it is made (texts/new_kata/).

    bank/                    bank.toml and pytest.ini, where the bank has none yet
    code/exercise, solution  a kata whose file is Python
    table/...                the same for needs = "toml"

Every file is a string.Template with ".txt" behind its name, so that no tool takes it for code of the kit; SLUG in a
name is the kata's. Everything is written beside its place and put there when it is whole.
"""

import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from string import Template

from packaging.version import Version

from grader import __version__
from grader.authoring.stub import make_stub
from grader.bank.kata import is_free_slug, is_kata_name
from grader.bank.package import is_free_package, load_bank
from grader.errors import UsageError
from grader.words.languages import TEXTS

_TEMPLATES = TEXTS / "new_kata"


def write_kata(bank: Path, name: str, *, needs: str) -> list[Path]:
    """Write a kata that runs, with bank.toml and pytest.ini if the bank has none; return what was written.

    Args:
        bank: an existing folder; exercises/ and solutions/ are made in it when they are missing.
        name: of the kata, "17_perceptron_rule".
        needs: one of kata.NEEDS.

    Raises:
        UsageError: the name cannot be a kata's, its number or file name is taken, the kata exists, or nothing can be
            written. Then nothing is.
        ContentError: the bank's bank.toml is wrong.
    """
    _refuse_name(bank, name)
    files = make_files(bank, name, needs=needs)
    exercise, solution = f"exercises/{name}", f"solutions/{name}"
    own = [path for path in files if not path.startswith((f"{exercise}/", f"{solution}/"))]
    try:
        with tempfile.TemporaryDirectory(prefix=".kata-new-", dir=bank) as beside:
            for path, text in files.items():
                place = Path(beside) / path
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_text(text, "utf-8", newline="\n")
            return _move(Path(beside), bank, [exercise, solution, *own])
    except OSError as problem:
        raise UsageError("cannot_write", path=bank, reason=problem.strerror or problem) from None


def _refuse_name(bank: Path, name: str) -> None:
    if not is_kata_name(name):
        raise UsageError("no_kata_name", name=name)
    number, slug = name[:2], name[3:]
    if not is_free_slug(slug):
        raise UsageError("slug_not_free", slug=slug)
    for folder in ("exercises", "solutions"):
        if (bank / folder / name).exists():
            raise UsageError("exists", path=bank / folder / name)
    names = sorted(path.name for path in (bank / "exercises").glob("*") if is_kata_name(path.name))
    for other in names:
        if other[:2] == number:
            free = next((f"{n:02}" for n in range(1, 100) if f"{n:02}" not in {one[:2] for one in names}), "?")
            raise UsageError("number_taken", other=other, free=free, slug=slug)
        if other[3:] == slug:
            raise UsageError("slug_taken", other=other, slug=slug)


def make_files(bank: Path, name: str, *, needs: str) -> dict[str, str]:
    """Return the files that a new kata adds to a bank: path below the bank -> text."""
    number, slug = name[:2], name[3:]
    known = load_bank(bank)
    values = {
        "number": number,
        "slug": slug,
        "name": name,
        "title": slug.replace("_", " ").capitalize(),
        "needs": needs,
        "kit": kit_range(),
        "package": known.package if known else _package_name(bank),
    }
    files = {}
    for path, text in _templates("bank"):
        if not (bank / "exercises" / path).exists():
            files[f"exercises/{path}"] = Template(text).substitute(values)
    kind, suffix = ("table", ".toml") if needs == "toml" else ("code", ".py")
    for side, folder in (("exercise", "exercises"), ("solution", "solutions")):
        for path, text in _templates(f"{kind}/{side}"):
            files[f"{folder}/{name}/{path.replace('SLUG', slug)}"] = Template(text).substitute(values)
    reference = f"solutions/{name}/{slug}{suffix}"
    files[f"exercises/{name}/{slug}{suffix}"] = make_stub(files[reference], file=bank / reference)
    return files


def kit_range() -> str:
    """Return the versions of the kit that a bank made today is for: ">=0.1,<0.2"."""
    here = Version(__version__)
    return f">={here.major}.{here.minor},<{here.major}.{here.minor + 1}"


def _templates(folder: str) -> Iterator[tuple[str, str]]:
    """The templates below a folder: the path that their file will have, and their text."""
    for path in sorted((_TEMPLATES / folder).rglob("*.txt")):
        yield path.relative_to(_TEMPLATES / folder).as_posix().removesuffix(".txt"), path.read_text("utf-8")


def _package_name(bank: Path) -> str:
    """The folder's own name where Python can import it, so that two banks rarely share one."""
    name = re.sub(r"[^a-z0-9]+", "_", bank.resolve().name.lower()).strip("_")
    return name if is_free_package(name) else f"katas_{name}".rstrip("_")


def _move(beside: Path, bank: Path, paths: list[str]) -> list[Path]:
    """Put what is whole into its place; take it all back if one part cannot be put there."""
    done: list[Path] = []
    folders = [bank / "exercises", bank / "solutions"]
    made = [folder for folder in folders if not folder.exists()]
    try:
        for folder in folders:
            folder.mkdir(exist_ok=True)
        for path in paths:
            (beside / path).rename(bank / path)
            done.append(bank / path)
    except OSError:
        for place in done:
            shutil.rmtree(place) if place.is_dir() else place.unlink()
        for folder in made:
            shutil.rmtree(folder, ignore_errors=True)
        raise
    return done
