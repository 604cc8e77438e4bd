"""What a student gets: the exercises as their stubs say, a README in two languages, a pytest configuration.

Files are picked by name, kata by kata, and the student's file is made anew from the reference: so neither a solved file
left in exercises/ nor anything of solutions/ can slip in. The stub goes along twice, as the file to fill and under
another name, where `kata reset` finds it.
"""

import zipfile
from pathlib import Path

from grader.build import GIVEN_OUT, given_out
from grader.errors import UsageError
from grader.kata import Kata
from grader.messages import TEXTS
from grader.whole_file import made_whole

KATA_FILES = ("kata.toml", "messages.toml", "README.md", "README.ko.md")
ROOT_FILES = {"README.md": "release_readme.md", "README.ko.md": "release_readme.ko.md"}
"""Name in the release -> its source in grader/texts/."""


def list_release(katas: tuple[Kata, ...]) -> dict[str, bytes]:
    """Return every file of a release: path below its top folder -> bytes."""
    files = {name: (TEXTS / source).read_bytes() for name, source in ROOT_FILES.items()}
    settings = (katas[0].exercise.parent / "pytest.ini").read_bytes()
    files["exercises/pytest.ini"] = settings
    # The same for who stands in the top folder: without it, pytest takes its settings from anywhere above.
    files["pytest.ini"] = settings + b"testpaths = exercises\n"
    for kata in katas:
        folder = f"exercises/{kata.name}"
        for path in (*(kata.exercise / name for name in KATA_FILES), kata.public_checks):
            files[f"{folder}/{path.name}"] = path.read_bytes()
        stub = given_out(kata)
        # A copy from before `kata reset` has no stub put by; its file is all there is.
        files[f"{folder}/{kata.file_name}"] = kata.student_file.read_bytes() if stub is None else stub
        if stub is not None:
            files[f"{folder}/{GIVEN_OUT}"] = stub
    return files


def write_release(katas: tuple[Kata, ...], target: Path) -> int:
    """Write the student's package to a new folder or a new .zip; return the number of files.

    Nothing is left behind when it fails half-way.

    Raises:
        UsageError: the target exists or cannot be written.
    """
    if target.exists():
        raise UsageError("exists", path=target)
    files = list_release(katas)
    with made_whole(target, make_parents=True) as partial:
        if target.suffix == ".zip":
            _write_zip(files, partial, target.stem)
        else:
            for name, content in files.items():
                path = partial / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
    return len(files)


def _write_zip(files: dict[str, bytes], path: Path, top: str) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            # A fixed date: the same katas make the same bytes.
            entry = zipfile.ZipInfo(f"{top}/{name}", date_time=(2026, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, content)
