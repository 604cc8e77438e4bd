"""Checks the types of the bank's own code: `python -m tests.bank_types`, a part of `make check`.

mypy knows packages by their folders, and the bank's package has none (see grader/bank.py). So a folder of links is made
that looks as the import system does, and mypy reads that.
"""

import os
import shutil
import sys
from pathlib import Path

from mypy import api

from grader.bank.kata import load_katas
from grader.bank.package import SHARED, load_bank

ROOT = Path(__file__).parent.parent
LINKS = ROOT / "build" / "types"


BANKS = (ROOT, ROOT / "tests" / "other_bank")


def link_package(folder: Path) -> str:
    """Make the folder of links to a bank's code and return the package's name."""
    bank = load_bank(folder)
    assert bank is not None
    for part in (SHARED, *(kata.slug for kata in load_katas(folder))):
        place = LINKS / bank.package / part
        place.mkdir(parents=True)
        for file in (file for folder in bank.folders_of(part) for file in folder.glob("*.py")):
            (place / file.name).symlink_to(file)
    return bank.package


def main() -> int:
    """Print mypy's findings; return its exit status."""
    shutil.rmtree(LINKS, ignore_errors=True)
    packages = [link_package(folder) for folder in BANKS]
    os.environ["MYPYPATH"] = str(LINKS)
    arguments = ["--config-file", str(ROOT / "pyproject.toml"), "--namespace-packages", "--explicit-package-bases"]
    found, problems, status = api.run([*arguments, *(str(LINKS / package) for package in packages)])
    print(found + problems, end="")
    return status


if __name__ == "__main__":
    sys.exit(main())
