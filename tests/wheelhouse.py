"""Wheels of what is installed here, so that a package of another platform can be installed without a network."""

import importlib.metadata
import re
import zipfile
from pathlib import Path

from grader.authoring.kit import pins

_NOT_PACKED = ("INSTALLER", "REQUESTED", "RECORD.jws", "direct_url.json")


def write_wheels(folder: Path) -> Path:
    """Pack every package that a judge's requirements.txt pins, as it lies here."""
    folder.mkdir()
    for line in pins(keras=False):
        _pack(line.split("==")[0], folder)
    return folder


def _pack(name: str, folder: Path) -> None:
    about = importlib.metadata.distribution(name)
    tag = re.search(r"^Tag: (\S+)", about.read_text("WHEEL"), re.MULTILINE)[1]
    path = folder / f"{re.sub('[-.]+', '_', about.metadata['Name'])}-{about.version}-{tag}.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for file in about.files:
            here = Path(file.locate())
            if ".." in file.parts or "__pycache__" in file.parts or file.name in _NOT_PACKED or not here.is_file():
                continue
            archive.write(here, str(file))
