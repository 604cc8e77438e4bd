"""What a student gets: the exercises as their stubs say, a README in two languages, a pytest configuration.

Files are picked by name, kata by kata, and the student's file is made anew from the reference: so neither a solved file
left in exercises/ nor anything of solutions/ can slip in. The stub goes along twice, as the file to fill and under
another name, where `kata reset` finds it.
"""

from pathlib import Path
from string import Template

from grader.authoring.archive import write_files
from grader.authoring.stub import GIVEN_OUT, given_out
from grader.bank.kata import Kata, bank_files, is_approaches, require_files
from grader.bank.package import load_bank
from grader.errors import UsageError
from grader.words.languages import TEXTS

ROOT_FILES = {"README.md": ("release_readme.md", "en"), "README.ko.md": ("release_readme.ko.md", "ko")}
"""Name in the release -> its template in grader/texts/ and its language."""


def list_release(katas: tuple[Kata, ...], *, approaches: bool = True) -> dict[str, bytes]:
    """Return every file of a release: path below its top folder -> bytes.

    Args:
        katas: what is given out.
        approaches: whether the other ways to write a kata go along.

    Raises:
        UsageError: the katas are of more than one bank.
    """
    banks = list(dict.fromkeys(kata.bank for kata in katas))
    if len(banks) > 1:
        raise UsageError("one_bank", first=banks[0], second=banks[1])
    bank = banks[0]
    known = load_bank(bank)
    files = {}
    for name, (template, language) in ROOT_FILES.items():
        title = known.title.get(language) if known else None
        values = {"title": title or "Kata", "first": katas[0].name, "number": katas[0].number}
        files[name] = Template((TEXTS / template).read_text("utf-8")).substitute(values).encode("utf-8")
    given = (path for kata in katas for path in kata.files("student") if approaches or not is_approaches(path))
    for path in (*bank_files(bank), *given):
        files[path.relative_to(bank).as_posix()] = path.read_bytes()
    # The same settings for who stands in the top folder: without them, pytest takes its own from anywhere above.
    settings = files.get("exercises/pytest.ini")
    if settings is not None:
        files["pytest.ini"] = settings + b"testpaths = exercises\n"
    for kata in katas:
        folder = f"exercises/{kata.name}"
        stub = given_out(kata)
        # A copy from before `kata reset` has no stub put by; its file is all there is.
        files[f"{folder}/{kata.file_name}"] = kata.student_file.read_bytes() if stub is None else stub
        if stub is not None:
            files[f"{folder}/{GIVEN_OUT}"] = stub
    return files


def write_release(katas: tuple[Kata, ...], target: Path, *, approaches: bool = True) -> int:
    """Write the student's package to a new folder or a new .zip; return the number of files.

    Nothing is left behind when it fails half-way.

    Raises:
        UsageError: the target exists or cannot be written.
        ContentError: a kata lacks one of its files.
    """
    require_files(katas, "student")
    files = list_release(katas, approaches=approaches)
    write_files(files, target, top=target.stem)
    return len(files)
