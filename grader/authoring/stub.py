"""From one source: the student's stub is derived from the reference solution.

The part between "### BEGIN SOLUTION" and "### END SOLUTION" (nbgrader's own markers) is left out. In its place stand
the lines that begin with "### STUB " inside it, without that mark, or else a `...` with a TODO. Everything outside the
markers is the same in both files, to the byte.
"""

from dataclasses import dataclass
from pathlib import Path

from grader.bank.kata import Kata
from grader.errors import ContentError
from grader.whole_file import write_whole

BEGIN, END, STUB = "### BEGIN SOLUTION", "### END SOLUTION", "### STUB"
DEFAULT_STUB = "...  # TODO"


GIVEN_OUT = ".stub"
"""Name, in a student's copy, of the file that keeps the stub as it was given out."""


@dataclass(frozen=True)
class StaleFile:
    """A generated file that is not what its source says."""

    path: Path
    wanted: str


def make_stub(reference: str, *, file: Path) -> str:
    """Return the stub of a reference solution.

    Args:
        reference: the text of the reference.
        file: where it stands, for error messages.

    Raises:
        ContentError: a marker without its partner, or a reference without a hole.
    """
    lines: list[str] = []
    hole: list[str] | None = None
    indent = ""
    holes = 0
    for number, line in enumerate(reference.splitlines(), 1):
        word = line.strip()
        if word == BEGIN:
            if hole is not None:
                raise ContentError(file, f"line {number}", f"{BEGIN!r} inside another", run="kata build")
            hole, indent, holes = [], line[: len(line) - len(line.lstrip())], holes + 1
        elif word == END:
            if hole is None:
                raise ContentError(file, f"line {number}", f"{END!r} without its beginning", run="kata build")
            lines += [f"{indent}{text}".rstrip() for text in hole or [DEFAULT_STUB]]
            hole = None
        elif hole is None:
            lines.append(line)
        elif word.startswith(STUB):
            hole.append(word.removeprefix(STUB).removeprefix(" "))
    if hole is not None or not holes:
        raise ContentError(file, "markers", f"no {BEGIN!r} with its {END!r}", run="kata build")
    return "\n".join(lines) + "\n"


def read_reference(kata: Kata) -> tuple[str, Path]:
    """Return the text of the reference, with its markers, and where it stands.

    Raises:
        ContentError: there is none.
    """
    file = kata.secrets / kata.file_name
    try:
        return file.read_text("utf-8"), file
    except FileNotFoundError:
        raise ContentError(file, "the file", "is missing", run="kata build") from None


def given_out(kata: Kata) -> bytes | None:
    """Return the student's file as it was given out; None in a student's copy that does not keep it.

    Raises:
        ContentError: the reference is missing, or its markers are wrong.
    """
    if kata.solution is not None:
        text, file = read_reference(kata)
        return make_stub(text, file=file).encode("utf-8")
    kept = kata.exercise / GIVEN_OUT
    return kept.read_bytes() if kept.is_file() else None


def strip_markers(reference: str) -> str:
    """Return the reference as a student would have written it: solved, without markers and stub lines."""
    keep = (line for line in reference.splitlines() if not line.strip().startswith((BEGIN, END, STUB)))
    return "\n".join(keep) + "\n"


def find_stale(katas: tuple[Kata, ...]) -> list[StaleFile]:
    """Return the stubs that differ from what their references say.

    Raises:
        ContentError: a kata has no reference, or its markers are wrong.
    """
    stale = []
    for kata in katas:
        text, file = read_reference(kata)
        wanted = make_stub(text, file=file)
        current = kata.student_file.read_text("utf-8") if kata.student_file.exists() else None
        if current != wanted:
            stale.append(StaleFile(kata.student_file, wanted))
    return stale


def write_stale(stale: list[StaleFile]) -> None:
    """Write the stubs anew.

    Raises:
        UsageError: one cannot be written.
    """
    for file in stale:
        # Bytes: text would get the line ends of the system, and every stub would be stale on another one.
        write_whole(file.path, file.wanted.encode("utf-8"))
