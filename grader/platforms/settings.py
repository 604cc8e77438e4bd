"""What a package remembers of how it was made, in package.json beside its checks."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from grader.errors import UsageError

FILE_NAME = "package.json"
VISIBILITIES = ("visible", "after_due_date", "after_published", "hidden")
"""Of Gradescope, for hidden checks."""


@dataclass(frozen=True)
class Settings:
    """Chosen when the package is made, used whenever it judges."""

    language: str
    """In which students read their results, or "both"."""
    isolate: bool = True
    """False: judge also where nothing isolates students' code from the checks."""
    hidden: str = VISIBILITIES[0]
    """One of VISIBILITIES: when a student sees the hidden checks' results."""

    def to_file(self) -> bytes:
        """Return the file."""
        return json.dumps(asdict(self), indent=1).encode() + b"\n"


def load_settings(folder: Path) -> Settings:
    """Read the file of a package's folder.

    Raises:
        UsageError: it is missing, or none of ours.
    """
    file = folder / FILE_NAME
    try:
        return Settings(**json.loads(file.read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        raise UsageError("no_package", path=file) from None
