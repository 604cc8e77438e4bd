"""A bank: the folder of exercises/ and solutions/, and the code that its katas share.

<bank>/exercises/bank.toml       package = "perceptron": the name under which the bank's own code is imported
<bank>/exercises/shared/         modules for several katas: `from perceptron.shared import gates`
<bank>/exercises/NN_slug/support/  a kata's own: its picture, what its checks alone need: `perceptron.slug.picture`
<bank>/solutions/NN_slug/support/  the same for hidden checks only; one package with the public part

The package exists in trusted processes only: a student's own pytest, the judge, `kata plot`. It has no folder of its
own, because a folder such as 03_xor has no name that Python could import; so a finder maps the names.
"""

import sys
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from grader import __version__
from grader.errors import ContentError, UsageError

FILE_NAME = "bank.toml"
SHARED = "shared"
SUPPORT = "support"


@dataclass(frozen=True)
class Bank:
    """What exercises/bank.toml says."""

    folder: Path
    package: str
    """Import name of the bank's own code, an identifier."""

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
        ContentError: the file is no TOML, `package` is no import name, or `kit` excludes this version of the kit.
    """
    file = folder / "exercises" / FILE_NAME
    try:
        data = tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        return None
    except tomllib.TOMLDecodeError as problem:
        raise ContentError(file, "TOML", str(problem)) from None
    package = data.get("package")
    if not isinstance(package, str) or not package.isidentifier() or package in {"grader", *sys.stdlib_module_names}:
        raise ContentError(file, "package", f"{package!r} is no free import name")
    try:
        versions = SpecifierSet(str(data.get("kit", "")))
    except InvalidSpecifier as problem:
        raise ContentError(file, "kit", str(problem)) from None
    if not versions.contains(__version__, prereleases=True):
        raise ContentError(
            file, "kit", f"the bank is made for {versions}, and this is {__version__}", run="kata doctor"
        )
    return Bank(folder, package)


def open_package(folder: Path) -> str | None:
    """Let the bank's own code be imported, in place of another bank's of that name; return the package's name.

    Raises:
        ContentError: see `load_bank`.
    """
    bank = load_bank(folder)
    if bank is None:
        return None
    finder = next((found for found in sys.meta_path if isinstance(found, _BankFinder)), None)
    if finder is None:
        finder = _BankFinder()
        sys.meta_path.insert(0, finder)
    if finder.banks.get(bank.package, bank).folder != folder:
        _forget(bank.package)
    finder.banks[bank.package] = bank
    return bank.package


def forget_package(folder: Path) -> None:
    """Let the next import read the bank's modules anew."""
    bank = load_bank(folder)
    if bank is not None:
        _forget(bank.package)


def _forget(package: str) -> None:
    for name in [name for name in sys.modules if name == package or name.startswith(f"{package}.")]:
        del sys.modules[name]


class _BankFinder(MetaPathFinder):
    """Finds `package` and `package.part`, which are namespaces; what is in them Python finds by their paths."""

    def __init__(self) -> None:
        self.banks: dict[str, Bank] = {}

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
