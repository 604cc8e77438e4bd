"""Reads what was handed in: folders, single files and zips become Submissions, which are bytes.

Nothing is extracted or put on an import path. Known file names are picked out by exact name; regular files only;
sizes and counts are capped while reading. A student's id is the name of the folder or file and never becomes a path.
"""

import hashlib
import os
import stat
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from grader.bank.kata import Kata
from grader.errors import UsageError
from grader.notebook import (
    MAX_NOTEBOOK_BYTES,
    BadNotebook,
    RawCell,
    answer_id,
    answer_mark,
    parse_notebook,
    read_answer,
)

MAX_FILE_BYTES = 256 * 1024
OTHER_ARCHIVES = (".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".egg", ".alz")
"""Endings of what a student may hand in and we do not open; a person must ask for a zip."""
CLUTTER = {".DS_Store", "Thumbs.db", "desktop.ini", "__MACOSX", "__pycache__", ".git", ".ipynb_checkpoints"}
"""What file managers and platforms leave in a folder; nobody needs to hear of it."""
NAMED = 4
"""File names in a sentence; the others are counted."""
NOTEBOOK = ".ipynb"
MAX_ENTRIES = 5000
"""Entries of one zip, or files of one folder, that are looked at."""


@dataclass(frozen=True)
class Problem:
    """Why something could not be read: an id in texts/common.toml and the values of its placeholders."""

    tag: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Submission:
    """One student's files, as bytes."""

    id: str
    files: Mapping[str, bytes]
    """By kata name; a kata without a file is not in it."""
    problems: Mapping[str, Problem] = field(default_factory=dict)
    """By kata name: a file that is there but cannot be used."""
    unreadable: Problem | None = None
    """Set when nothing of the submission can be judged."""

    @property
    def digest(self) -> str:
        """sha256 over the names and bytes that are judged, and over what was refused and why."""
        total = hashlib.sha256()
        for name, content in sorted(self.files.items()):
            total.update(f"{name} {len(content)}\n".encode() + content)
        refused = {**self.problems, **({"": self.unreadable} if self.unreadable else {})}
        for name, problem in sorted(refused.items()):
            total.update(f"{name} {problem.tag} {sorted(problem.values.items())}\n".encode("utf-8", "replace"))
        return f"sha256:{total.hexdigest()}"


@dataclass(frozen=True)
class Found:
    """Where a submission lies; it is read when its turn comes, so that a large class needs no memory."""

    id: str
    path: Path


class _Refused(Exception):
    def __init__(self, tag: str, **values: str) -> None:
        super().__init__(tag)
        self.problem = Problem(tag, values)


def find_submissions(paths: Iterable[Path], katas: tuple[Kata, ...]) -> list[Found]:
    """Find every submission under the given paths, in the order of the paths and of names within a folder.

    Args:
        paths: each a submission (a folder with kata files, a kata's file, a notebook, a zip) or a folder of them.
        katas: which files are looked for. A lone file of another name counts when there is one kata only.

    Raises:
        UsageError: a path does not exist, is no submission and holds none, or two submissions have one id.
    """
    found: list[Found] = []
    for path in paths:
        found += [Found(_id_of(place), place) for place in _find_in(path, katas)]
    places: dict[str, Path] = {}
    for submission in found:
        if submission.id in places:
            raise UsageError("same_id", name=submission.id, first=places[submission.id], second=submission.path)
        places[submission.id] = submission.path
    return found


def _id_of(path: Path) -> str:
    """The folder's name, or the file's without its ending."""
    path = path.resolve() if path.name in ("", "..") else path
    name = path.name if path.is_dir() else path.stem
    # A name that is no UTF-8 (unpacked from a Korean Windows zip) could be written to no report.
    return os.fsencode(name).decode("utf-8", "replace")


def _find_in(path: Path, katas: tuple[Kata, ...]) -> list[Path]:
    if not path.exists():
        raise UsageError("no_path", path=path)
    if path.is_file():
        if _kind(path, katas) is None:
            raise UsageError("no_submission_file", path=path)
        unreadable = read_submission(Found(path.stem, path), katas).unreadable
        if unreadable is not None and unreadable.tag == "nothing_found":
            raise UsageError("no_kata_file", path=path, wanted=_wanted(katas))
        if unreadable is not None and _kind(path, katas) == "zip":
            raise UsageError("bad_zip", path=path)
        if unreadable is not None and _kind(path, katas) == "notebook":
            raise UsageError("bad_notebook", path=path)
        return [path]
    if _holds_kata_file(path, katas):
        own = {"exercises", *(kata.name for kata in katas)}
        others = [child for child in sorted(path.iterdir()) if child.is_dir() and child.name not in own]
        zips = [child for child in sorted(path.iterdir()) if _kind(child, katas) == "zip"]
        other = next((child for child in [*others, *zips] if child in zips or _holds_kata_file(child, katas)), None)
        if other is not None:
            raise UsageError("mixed", path=path, name=other.name)
        return [path]
    children = [
        child for child in sorted(path.iterdir()) if not child.name.startswith(".") and _kind(child, katas) is not None
    ]
    if not children:
        raise UsageError("no_submissions", path=path, wanted=_wanted(katas))
    return children


def list_passed_over(paths: Iterable[Path], found: Iterable[Found]) -> list[str]:
    """Return what lies beside the submissions of a class folder and was taken for none: names, folders with a slash."""
    taken = {place.path for place in found}
    return [
        f"{child.name}/" if child.is_dir() else child.name
        for path in paths
        if path.is_dir() and path not in taken
        for child in sorted(path.iterdir())
        if child not in taken and child.name not in CLUTTER and not child.name.startswith("README")
    ]


def _wanted(katas: tuple[Kata, ...]) -> str:
    return ", ".join(kata.file_name for kata in katas)


def _kind(path: Path, katas: tuple[Kata, ...]) -> str | None:
    """What a path is to us; None if it is no submission, not even one that must be refused."""
    if path.is_dir():
        return "link" if path.is_symlink() else "folder"
    if path.name.lower().endswith((".py.txt", *OTHER_ARCHIVES)):
        return "text" if path.suffix.lower() == ".txt" else "archive"
    # A stray .toml (of a project, of an editor) is no submission where no kata asks for one.
    endings = dict.fromkeys({".py", *(kata.suffix for kata in katas)}, "file")
    return {**endings, ".zip": "zip", NOTEBOOK: "notebook"}.get(path.suffix.lower())


def _places(kata: Kata) -> tuple[str, ...]:
    """Where a kata's file may lie within a submission."""
    names = (kata.file_name, notebook_file(kata))
    return tuple(f"{folder}{name}" for name in names for folder in ("", f"{kata.name}/", f"exercises/{kata.name}/"))


def notebook_file(kata: Kata) -> str:
    """Return the name of a kata's notebook, "02_gates.ipynb"."""
    return f"{kata.name}{NOTEBOOK}"


def _holds_kata_file(folder: Path, katas: tuple[Kata, ...]) -> bool:
    return any((folder / place).exists() for kata in katas for place in _places(kata))


def read_submission(found: Found, katas: tuple[Kata, ...]) -> Submission:
    """Read one submission; whatever is wrong with it stands in it, never raised."""
    name, path = found.id, found.path
    kind = _kind(path, katas)
    try:
        if kind == "folder":
            return _pick(name, _folder_entries(path, katas), katas)
        if kind == "zip":
            with zipfile.ZipFile(path) as archive:
                return _pick(name, _zip_entries(archive), katas)
        if kind == "notebook":
            return _read_lone_notebook(name, path, katas)
        if kind == "file":
            return _pick(name, {_lone_name(path, katas): _Lone(path)}, katas)
        raise _Refused("not_a_file" if kind == "link" else f"{kind}_unread", file=path.name)
    except _Refused as refused:
        return Submission(name, {}, unreadable=refused.problem)
    except (zipfile.BadZipFile, NotImplementedError, EOFError):
        return Submission(name, {}, unreadable=Problem("zip_unreadable", {"file": path.name}))
    except OSError as problem:
        values = {"file": path.name, "reason": problem.strerror or type(problem).__name__}
        return Submission(name, {}, unreadable=Problem("file_unreadable", values))


def _read_lone_notebook(name: str, path: Path, katas: tuple[Kata, ...]) -> Submission:
    """A notebook of any name: its answer cell says which kata it is, else its own name, as for a .py."""
    content = _Lone(path).read()
    try:
        cells = parse_notebook(content)
        found = [kata for kata in katas if notebook_file(kata) == path.name or _is_of(cells, kata)]
        kata = found[0] if found else katas[0] if len(katas) == 1 else None
        if kata is None:
            raise _Refused("nothing_found", wanted=_wanted(katas[:NAMED]), found=path.name)
        return Submission(name, {kata.name: _content_of(content, path.name, kata)})
    except BadNotebook as problem:
        raise _Refused(str(problem), file=path.name) from None


def _is_of(cells: list[RawCell], kata: Kata) -> bool:
    return any(cell.grade_id == answer_id(kata) or answer_mark(kata) in cell.source.splitlines() for cell in cells)


def _content_of(content: bytes, file_name: str, kata: Kata) -> bytes:
    """What counts of a kata's file: every byte, of a notebook the answer cell.

    Raises:
        BadNotebook: there is none.
    """
    if not file_name.endswith(NOTEBOOK):
        return content
    answer = read_answer(parse_notebook(content), kata)
    if len(answer) > MAX_FILE_BYTES:
        raise BadNotebook("notebook_too_long")
    return answer


class _Lone:
    """A file on disk, read when it is known to be wanted."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> bytes:
        # lstat: a link could point at another student's file or at the hidden checks.
        status = self.path.lstat()
        if not stat.S_ISREG(status.st_mode):
            raise _Refused("not_a_file", file=self.path.name)
        with self.path.open("rb") as stream:
            return _capped(stream.read(_most(self.path.name) + 1), self.path.name)


class _Zipped:
    """An entry of a zip, read when it is known to be wanted."""

    def __init__(self, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
        self.archive = archive
        self.entry = entry

    def read(self) -> bytes:
        mode = self.entry.external_attr >> 16
        if mode and stat.S_IFMT(mode) not in (0, stat.S_IFREG):
            raise _Refused("not_a_file", file=self.entry.filename)
        if self.entry.flag_bits & 1:
            raise _Refused("zip_encrypted", file=self.entry.filename)
        # Read in one bounded piece: what the entry says of its own size is not to be believed.
        with self.archive.open(self.entry) as stream:
            return _capped(stream.read(_most(self.entry.filename) + 1), self.entry.filename)


def _most(name: str) -> int:
    return MAX_NOTEBOOK_BYTES if name.lower().endswith(NOTEBOOK) else MAX_FILE_BYTES


def _capped(content: bytes, name: str) -> bytes:
    if len(content) > _most(name):
        raise _Refused("file_too_big", file=name, most=f"{_most(name) // 1024} KiB")
    return content


_Entry = _Lone | _Zipped


def _lone_name(path: Path, katas: tuple[Kata, ...]) -> str:
    """A lone file of any name is the answer to the one kata that is graded; else its own name says which."""
    if len(katas) == 1 and path.suffix.lower() == katas[0].suffix:
        return katas[0].file_name
    return path.name


def _folder_entries(folder: Path, katas: tuple[Kata, ...]) -> dict[str, _Entry]:
    """Files of the folder and of folders below it, whatever an unpacked zip or a course's platform has put around."""
    wanted = {name for kata in katas for name in (kata.file_name, notebook_file(kata))}
    found: dict[str, _Entry] = {}
    for top, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith((".", "__")))
        # A folder or a link may bear a kata file's name; reading refuses it by name.
        for name in [*sorted(files), *sorted(wanted.intersection(folders))]:
            path = Path(top, name)
            found[path.relative_to(folder).as_posix()] = _Lone(path)
        if len(found) > MAX_ENTRIES:
            raise _Refused("folder_too_many", most=str(MAX_ENTRIES))
    return found


def _zip_entries(archive: zipfile.ZipFile) -> dict[str, _Entry]:
    infos = [info for info in archive.infolist() if not info.is_dir()]
    if len(infos) > MAX_ENTRIES:
        raise _Refused("zip_too_many", most=str(MAX_ENTRIES))
    # Some Windows programs write backslashes.
    names = [info.filename.replace("\\", "/") for info in infos]
    if len(set(names)) < len(names):
        raise _Refused("zip_duplicates", file=next(name for name in names if names.count(name) > 1))
    # A name that climbs or starts at the root was made by hand, not by packing a folder.
    return {
        name: _Zipped(archive, info)
        for name, info in zip(names, infos, strict=True)
        if not name.startswith(("/", "__MACOSX/")) and ".." not in name.split("/")
    }


def _pick(name: str, entries: Mapping[str, _Entry], katas: tuple[Kata, ...]) -> Submission:
    files: dict[str, bytes] = {}
    problems: dict[str, Problem] = {}
    known = {name for kata in katas for name in (kata.file_name, notebook_file(kata))}
    if not known.intersection(place.split("/")[-1] for place in entries):
        found = ", ".join(sorted(entries)[:NAMED]) + (f" +{len(entries) - NAMED}" if len(entries) > NAMED else "")
        raise _Refused("nothing_found" if entries else "empty", wanted=_wanted(katas[:NAMED]), found=found)
    for kata in katas:
        # The three documented places first; a copy further down (a backup) counts only where none of them is filled.
        copies = {place: entries[place] for place in _places(kata) if place in entries}
        own = (kata.file_name, notebook_file(kata))
        copies = copies or {place: entry for place, entry in entries.items() if place.split("/")[-1] in own}
        try:
            contents = {place: _content_of(entry.read(), place, kata) for place, entry in copies.items()}
        except _Refused as refused:
            problems[kata.name] = refused.problem
            continue
        except BadNotebook as problem:
            problems[kata.name] = Problem(str(problem), {"file": next(iter(copies))})
            continue
        except (OSError, RuntimeError, zipfile.BadZipFile, NotImplementedError, EOFError) as problem:
            values = {"file": next(iter(copies)), "reason": type(problem).__name__}
            problems[kata.name] = Problem("file_unreadable", values)
            continue
        if len(set(contents.values())) > 1:
            problems[kata.name] = Problem("two_files", {"files": ", ".join(contents)})
        elif contents:
            files[kata.name] = next(iter(contents.values()))
    return Submission(name, files, problems)
