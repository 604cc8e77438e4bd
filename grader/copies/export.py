"""Answers as files for programs that look for copies: Dolos, compare50, JPlag.

DIR/02_gates/ana.py      one file a student, without comments and texts in triple quotes
DIR/given/02_gates/gates.py      what everybody was given, in the same form, for the program to leave out
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from grader.bank.kata import Kata
from grader.copies.file_names import FileNames
from grader.copies.form import strip_source
from grader.errors import UsageError
from grader.intake import Submission
from grader.whole_file import made_whole

GIVEN = "given"


@dataclass(frozen=True)
class Exported:
    """What was written."""

    files: int
    students: int
    left_out: tuple[str, ...]
    """Ids of those without an answer that is code."""
    katas: tuple[Kata, ...]
    """That somebody answered in code; no other has a folder."""


def export_answers(
    submissions: Iterable[Submission], names: FileNames, katas: tuple[Kata, ...], target: Path
) -> Exported:
    """Write every answer that is code.

    Args:
        submissions: read one by one.
        names: of the files, by id.
        katas: whose answers; those in TOML are no code, and are left out.
        target: a new folder.

    Raises:
        UsageError: it exists, or cannot be written.
    """
    if target.exists():
        raise UsageError("exists", path=target)
    code = {kata.name: kata for kata in katas if kata.suffix == ".py"}
    files = students = 0
    left_out = []
    with made_whole(target, make_parents=True) as partial:
        (partial / GIVEN).mkdir(parents=True)
        for submission in submissions:
            answers = {name: source for name, source in submission.files.items() if name in code}
            students += bool(answers)
            if not answers:
                left_out.append(submission.id)
            for name, source in answers.items():
                (partial / name).mkdir(exist_ok=True)
                (partial / name / f"{names.stem(submission.id)}.py").write_bytes(strip_source(source))
                files += 1
        answered = tuple(kata for kata in code.values() if (partial / kata.name).is_dir())
        for kata in (one for one in answered if one.student_file.is_file()):
            place = partial / GIVEN / kata.name
            place.mkdir()
            (place / kata.file_name).write_bytes(strip_source(kata.student_file.read_bytes()))
    return Exported(files, students, tuple(left_out), answered)
