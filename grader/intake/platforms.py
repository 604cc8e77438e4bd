"""The learning platforms whose exports are taken as they are: one table, each row knows its platform by its form.

    a folder or a zip --Export--> rows of PLATFORMS, the first that knows it --> HandIns: whose, when, which entries

A platform is known by the form of names and by files of its own, never by what stands in a student's file. Sources:
Canvas, lib/content_zipper.rb (get_filename, add_upload_submission); Moodle, mod/assign/classes/downloader.php;
Gradescope's submission_metadata.yml, as public scripts read it; gh-classroom, clone/student-repos; Classroom 50,
gh-teacher/internal/download and .classroom50.yaml.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace

from grader.bank.kata import Kata
from grader.intake.clutter import CLONE, MARKS, is_clutter_file, is_clutter_folder
from grader.intake.metadata import FILE_NAME as METADATA
from grader.intake.metadata import read_metadata
from grader.intake.names import number_of_upload, plain_name
from grader.intake.pick import has_name_of
from grader.intake.reading import Reading
from grader.intake.submission import MAX_TOTAL_BYTES, Piece, Problem, Refused, border, list_names
from grader.intake.tree import Node
from grader.intake.wrappers import known_names
from grader.students import Student, latest


@dataclass(frozen=True)
class Export:
    """A folder, on disk or in a zip, that may be what a platform exported."""

    name: str
    """Of the folder, or of the zip without its ending."""
    node: Node
    entries: tuple[Node, ...]
    """What it holds, but for what is passed over, in the order of names."""
    katas: tuple[Kata, ...]
    reading: Reading

    def folders(self) -> list[Node]:
        """Return the folders in it."""
        return [entry for entry in self.entries if entry.is_folder]

    def are_most(self, entries: Iterable[object]) -> bool:
        """True if these are more than half of what there is: a form that few entries have is no form."""
        return 2 * sum(1 for _ in entries) > len(self.entries)


@dataclass(frozen=True)
class HandIn:
    """What one student handed in once."""

    student: Student
    """With what the platform says; its id is the row's."""
    pieces: tuple[Piece, ...]
    problem: Problem | None = None
    """Why nothing of it can be read."""
    older: tuple[Piece, ...] = ()
    """What the same student handed in before, which does not count."""


@dataclass(frozen=True)
class Platform:
    """A row of the table."""

    name: str
    """As people call it, in every language."""
    read: Callable[[Export], Iterator[HandIn]]
    """Yields the hand-ins; nothing where the export is not of this platform."""


def open_export(name: str, node: Node, katas: tuple[Kata, ...], reading: Reading) -> Export:
    """Return a folder's view.

    Raises:
        Refused: it cannot be listed.
    """
    shown = [
        child
        for child in node.children()
        if not (is_clutter_folder(child.name) if child.is_folder else is_clutter_file(child.name))
    ]
    return Export(name, node, tuple(sorted(shown, key=lambda child: child.name)), katas, reading)


def read_platform(export: Export) -> list[HandIn]:
    """Return the hand-ins of an export, one for each student; none where no platform is known by its form.

    Raises:
        Refused: the platform's own file in it is damaged.
    """
    for platform in PLATFORMS:
        found = [replace(one, student=replace(one.student, platform=platform.name)) for one in platform.read(export)]
        if found:
            return settle(found)
    return []


def settle(hand_ins: Iterable[HandIn]) -> list[HandIn]:
    """Return one for each student: of several the last by the platform's time stamps, with the names of the others."""
    by_id: dict[str, list[HandIn]] = {}
    for one in hand_ins:
        by_id.setdefault(one.student.id, []).append(one)
    return [_latest(several) for several in by_id.values()]


def _latest(several: list[HandIn]) -> HandIn:
    if len(several) == 1:
        return several[0]
    place = latest([one.student.handed_in for one in several])
    if place is None:
        values = {"name": several[0].student.id, "files": list_names(one.pieces[0].entry for one in several)}
        return replace(several[0], problem=Problem("same_id", values))
    last = several[place]
    older = tuple(piece for one in several if one is not last for piece in one.pieces)
    return replace(last, student=replace(last.student, others=list_names(piece.entry for piece in older)), older=older)


# --- known by the form of names: Canvas, Moodle, Google Classroom --------------------------------------------------

# kimana_LATE_123_456_gates-1.py: name, mark, user, attachment, file; a text or a link has no attachment of its own.
_CANVAS = re.compile(
    r"(?:(?P<name>.*?)_)?(?:(?P<late>LATE)_)?(?P<id>\d+|anon_[A-Za-z0-9]+)_(?:\d+_(?P<rest>.+)|(?P<text>text|link)\.html)"
)
# Kim Ana_123_assignsubmission_file_/gates.py, or without folders Kim Ana_123_assignsubmission_file_gates.py.
_MOODLE = re.compile(r"(?P<name>.*?)(?:_(?P<id>\d+))?_assignsubmission_[a-z]+_?(?P<rest>.*)(?P<late>)")
# Ana Kim - gates.py: "make a copy for each student".
_CLASSROOM = re.compile(r"(?P<name>.+?) - (?P<rest>.+)(?P<late>)(?P<id>)")


def _by_names(
    pattern: re.Pattern[str], *, folders: bool, known_only: bool = False, are_numbered: bool = False
) -> Callable[[Export], Iterator[HandIn]]:
    """A reader of exports that lie flat, each name saying whose it is; all that one student has is one hand-in.

    Args:
        pattern: of an entry's name.
        folders: an entry may be a folder.
        known_only: the students' own names of files have to be katas', or to hold them.
        are_numbered: the platform numbers a file that is uploaded again, "gates-1.py".
    """

    def read(export: Export) -> Iterator[HandIn]:
        known = known_names(export.katas)
        matches = [
            (entry, match)
            for entry in export.entries
            if (folders or not entry.is_folder) and (match := pattern.fullmatch(entry.name))
            if not known_only
            or plain_name(match["rest"], known)[0] in known
            or any(has_name_of(kata, match["rest"]) for kata in export.katas)
        ]
        if not export.are_most(matches):
            return
        pieces: dict[str, list[Piece]] = {}
        students: dict[str, Student] = {}
        for entry, match in matches:
            name, number, late = match["name"] or "", match["id"] or "", "late" if match["late"] else ""
            student = Student(number or name, name=name, platform_id=number, late=late)
            own = "" if entry.is_folder else match["rest"] or match[0]
            pieces.setdefault(student.id, []).append(Piece(entry.name, own))
            students[student.id] = replace(
                students.get(student.id, student), late=late or students.get(student.id, student).late
            )
        for key, student in students.items():
            yield _last_uploads(student, pieces[key], known) if are_numbered else HandIn(student, tuple(pieces[key]))

    return read


def _last_uploads(student: Student, pieces: Iterable[Piece], known: set[str]) -> HandIn:
    """Of each file that was uploaded several times the last one, with the others as what does not count."""
    uploads: dict[str, list[Piece]] = {}
    for piece in pieces:
        name, number = (piece.name, 0) if piece.name in known else number_of_upload(piece.name)
        uploads.setdefault(name, []).append(replace(piece, upload=number))
    count: list[Piece] = []
    older: list[Piece] = []
    for name, same in uploads.items():
        if plain_name(name, known)[0] not in known and len(same) > 1 and all(piece.upload for piece in same):
            # "lab-1.zip" and "lab-2.zip", without a "lab.zip": the student's own numbers.
            count += [replace(piece, upload=0) for piece in same]
            continue
        last = max(piece.upload for piece in same)
        count += [replace(piece, name=name) for piece in same if piece.upload == last]
        older += [piece for piece in same if piece.upload < last]
    others = list_names(piece.entry for piece in older)
    return HandIn(replace(student, others=others), tuple(count), older=tuple(older))


# --- known by a file of their own: Gradescope, Classroom 50 ---------------------------------------------------------

SCORES = "scores.csv"
OWN_FILES = {METADATA, SCORES}
"""What platforms write beside the hand-ins."""


def _gradescope(export: Export) -> Iterator[HandIn]:
    file = export.node.child(METADATA)
    if file is None or file.is_folder:
        return
    with border(METADATA, damaged="file_damaged"):
        for entry in read_metadata(export.reading.read(file, MAX_TOTAL_BYTES)):
            for one in entry.submitters:
                name, number, email = (one.get(key, "") for key in (":name", ":sid", ":email"))
                student = Student(
                    number or email or entry.name, name=name, number=number, email=email, handed_in=entry.handed_in
                )
                yield HandIn(student, (Piece(entry.name, entry.name),))


_MARK = re.compile(r'^(?P<key>classroom|assignment)(?:_id)?: *"?(?P<value>[\w.-]+)"? *$', re.MULTILINE)


def _classroom50(export: Export) -> Iterator[HandIn]:
    """Clones that are called CLASSROOM-ASSIGNMENT-USERNAME, as the mark in most of them says.

    The mark lies in a student's repository, so it says only how long the name's first part is, by majority.
    """
    prefixes: Counter[str] = Counter()
    for folder in export.folders():
        for mark in filter(None, map(folder.child, MARKS)):
            # One that cannot be read says nothing: it is a student's file, and stops nobody.
            text = ""
            with suppress(Refused):
                text = export.reading.read(mark, 64 << 10).decode("utf-8", "replace")
            said = {match["key"]: match["value"] for match in _MARK.finditer(text)}
            if len(said) == 2:
                prefixes[f"{said['classroom']}-{said['assignment']}-".lower()] += 1
    if 2 * prefixes.total() > len(export.folders()):
        yield from _clones(export.folders(), prefixes.most_common(1)[0][0], _scores(export))


def _scores(export: Export) -> Mapping[str, str]:
    """When each user handed in, as the summary says that lies beside the clones."""
    file = export.node.child(SCORES)
    if file is None or file.is_folder:
        return {}
    with border(SCORES, damaged="file_damaged"):
        text = export.reading.read(file, MAX_TOTAL_BYTES).decode("utf-8-sig", "replace")
        rows = csv.DictReader(io.StringIO(text))
        return {(row.get("username") or "").lower(): row.get("datetime") or "" for row in rows}


def _clones(folders: Iterable[Node], prefix: str, times: Mapping[str, str]) -> Iterator[HandIn]:
    for folder in folders:
        if prefix and folder.name.lower().startswith(prefix) and len(folder.name) > len(prefix):
            login = folder.name[len(prefix) :]
            student = Student(login, login=login, handed_in=times.get(login.lower(), ""))
            yield HandIn(student, (Piece(folder.name),))


# --- known by what is common to folders: GitHub Classroom, Google Drive ---------------------------------------------

_SUBMISSIONS = "-submissions"


def _github(export: Export) -> Iterator[HandIn]:
    """Clones that are called ASSIGNMENT-USERNAME, in a folder ASSIGNMENT-submissions or each with its .git."""
    folders = export.folders()
    names = [folder.name.lower() for folder in folders]
    prefix = export.name.lower().removesuffix(_SUBMISSIONS) + "-" if export.name.lower().endswith(_SUBMISSIONS) else ""
    if not prefix or not export.are_most(name for name in names if name.startswith(prefix)):
        if len(folders) < 2 or not export.are_most(folder for folder in folders if folder.child(CLONE) is not None):
            return
        prefix = _common_prefix(names, export.katas)
    yield from _clones(folders, prefix, {})


def _common_prefix(names: list[str], katas: tuple[Kata, ...]) -> str:
    """The assignment's name before all users' names: a kata's, else all that is common up to a hyphen."""
    own = (f"{name}-" for kata in katas for name in (kata.name, kata.name.replace("_", "-"), kata.slug))
    first, last = min(names), max(names)
    common = first[: next((at for at, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), len(first))]
    known = [prefix for prefix in own if common.startswith(prefix)]
    return max(known, key=len, default=common[: common.rfind("-") + 1])


def _drive(export: Export) -> Iterator[HandIn]:
    """A student's folder each, and copies in them: "Copy of gates.py"."""
    known = known_names(export.katas)
    own = {"exercises", *(kata.name for kata in export.katas)}
    folders = [folder for folder in export.folders() if folder.name not in own]
    held = [[child.name for child in folder.children() if not child.is_folder] for folder in folders]
    answers = Counter(name for names in held for name in {plain_name(one, known)[0] for one in names} & known)
    copied = sum(any(name.startswith("Copy of ") or "의 사본" in name for name in names) for names in held)
    # A single one is a student's own drive, not the class's.
    if copied < 2 or 3 * copied < len(folders):
        return
    if len(folders) > 1 and max(answers.values(), default=0) > 1 and export.are_most(folders):
        for folder in folders:
            yield HandIn(Student(folder.name, name=folder.name), (Piece(folder.name),))


PLATFORMS = (
    Platform("Gradescope", _gradescope),
    Platform("Moodle", _by_names(_MOODLE, folders=True)),
    Platform("Canvas", _by_names(_CANVAS, folders=False, are_numbered=True)),
    Platform("Classroom 50", _classroom50),
    Platform("GitHub Classroom", _github),
    Platform("Google Classroom", _by_names(_CLASSROOM, folders=False, known_only=True)),
    Platform("Google Drive", _drive),
)
"""The first that knows an export counts; a file of its own says more than the form of names."""
