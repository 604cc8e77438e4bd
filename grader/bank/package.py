"""A bank: the folder of exercises/ and solutions/, and the code that its katas share.

<bank>/exercises/bank.toml       package = "letters": the name under which the bank's own code is imported
<bank>/exercises/shared/         modules for several katas: `from letters.shared import sorting`
<bank>/exercises/NN_slug/support/  a kata's own: its picture, what its checks alone need: `letters.slug.picture`
<bank>/solutions/NN_slug/support/  the same for hidden checks only; one package with the public part

The package exists in trusted processes only: a student's own pytest, the judge, `kata plot`. It has no folder of its
own, because a folder such as 01_words has no name that Python could import; so a finder maps the names.
"""

import configparser
import keyword
import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from grader import __version__
from grader.errors import ContentError, UsageError
from grader.sandbox.aside import AsideFinder
from grader.words.authored import optional_text, read_toml
from grader.words.languages import TEXTS

FILE_NAME = "bank.toml"
SHARED = "shared"
SUPPORT = "support"

_OTHERS = ("grader", "numpy", "pytest", "click", "rich", "tqdm", "matplotlib", "keras", "tensorflow")
MODULES = frozenset([*sys.stdlib_module_names, *_OTHERS])
"""What Python and the kit import: neither a bank's code nor a student's file may take the place of one."""


@dataclass(frozen=True)
class Bank:
    """What exercises/bank.toml says."""

    folder: Path
    package: str
    """Import name of the bank's own code, an identifier."""
    kit: str = ""
    """Versions of the kit that it is made for, ">=0.1,<0.2"; "" for any."""
    title: Mapping[str, str] = field(default_factory=dict)
    """By language, for what students get (key `title`, may be left out)."""
    after: Mapping[str, str] = field(default_factory=dict)
    """By language: where to go next, shown when all katas are passed (key `after`, may be left out)."""

    def folders_of(self, part: str) -> list[Path]:
        """Return where the modules of `package.part` lie; [] if the bank has no such part."""
        if part == SHARED:
            places = [self.folder / "exercises" / SHARED]
        else:
            katas = (self.folder / side for side in ("exercises", "solutions"))
            places = [path / SUPPORT for side in katas for path in side.glob(f"[0-9][0-9]_{part}")]
        return [place for place in places if place.is_dir()]


def find_bank(start: Path) -> Path:
    """Return the nearest folder from `start` upwards that holds exercises/.

    Raises:
        UsageError: there is none.
    """
    for folder in [start.resolve(), *start.resolve().parents]:
        if (folder / "exercises").is_dir():
            return folder
    raise UsageError("no_bank", folder=start.resolve())


def load_bank(folder: Path) -> Bank | None:
    """Read a bank's bank.toml; None if it has none, and so no code of its own.

    Raises:
        ContentError: the file is no TOML, a key is wrong, or `kit` excludes this version of the kit.
    """
    file = folder / "exercises" / FILE_NAME
    if not file.exists():
        return None
    data = read_toml(file)
    package = data.get("package")
    if not isinstance(package, str) or not is_free_package(package):
        raise ContentError(file, "package", f"{package!r} is no free import name")
    try:
        versions = SpecifierSet(str(data.get("kit", "")))
    except InvalidSpecifier as problem:
        raise ContentError(file, "kit", str(problem)) from None
    if not versions.contains(__version__, prereleases=True):
        raise ContentError(
            file, "kit", f"the bank is made for perceptron-kata{versions}, and here is {__version__}", run="kata doctor"
        )
    title, after = (optional_text(data, key, file) for key in ("title", "after"))
    return Bank(folder, package, kit=str(data.get("kit", "")), title=title, after=after)


def pytest_options() -> list[str]:
    """Return the options that a bank's pytest.ini gives to a student's own pytest; where a bank has none."""
    ini = configparser.ConfigParser(interpolation=None)
    ini.read(TEXTS / "new_kata" / "bank" / "pytest.ini.txt", "utf-8")
    return ini["pytest"]["addopts"].split()


def is_free_package(name: str) -> bool:
    """True if a bank's code may have this import name: no keyword, and not a name of Python's or the kit's own."""
    taken = {"exercises", "solutions", "tests", *MODULES}
    return name.isascii() and name.isidentifier() and not keyword.iskeyword(name) and name not in taken


def open_package(folder: Path) -> str | None:
    """Let the bank's own code be imported, in place of another bank's of that name; return the package's name.

    Raises:
        ContentError: see `load_bank`.
    """
    bank = load_bank(folder)
    if bank is None:
        return None
    finder = _find_finder()
    if finder is None:
        finder = _BankFinder()
        sys.meta_path.insert(0, finder)
    if finder.banks.get(bank.package, bank).folder != folder:
        _forget(bank.package)
    finder.banks[bank.package] = bank
    return bank.package


def forget_package(folder: Path) -> None:
    """Let the next import read the bank's modules anew."""
    finder = _find_finder()
    for bank in finder.banks.values() if finder else ():
        if bank.folder == folder:
            _forget(bank.package)


def _find_finder() -> "_BankFinder | None":
    return next((found for found in sys.meta_path if isinstance(found, _BankFinder)), None)


def _forget(package: str) -> None:
    for name in [name for name in sys.modules if name == package or name.startswith(f"{package}.")]:
        del sys.modules[name]


class _BankFinder(AsideFinder):
    """Finds `package` and `package.part`, which are namespaces; what is in them Python finds by their paths."""

    def __init__(self) -> None:
        self.banks: dict[str, Bank] = {}

    @property
    def packages(self) -> Collection[str]:
        """The banks' import names."""
        return self.banks.keys()

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        del path, target
        package, *parts = fullname.split(".")
        bank = self.banks.get(package)
        if bank is None or len(parts) > 1:
            return None
        folders = bank.folders_of(parts[0]) if parts else []
        if parts and not folders:
            return None
        spec = ModuleSpec(fullname, None, is_package=True)
        spec.submodule_search_locations = [str(folder) for folder in folders]
        return spec
