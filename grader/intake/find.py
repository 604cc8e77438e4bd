"""Finds the submissions under the paths of the command line: which entry is whose, before anything of them is read.

A folder that holds no kata's file is a class, and what lies in it are its submissions. A zip is what the folder in it
would be. Two entries of one name become one that names both, because nobody can tell which of them counts.
"""

import os
import re
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path, PurePath

from grader.bank.kata import Kata
from grader.bank.package import SHARED
from grader.errors import UnreadableInput, UsageError
from grader.intake.classes import class_in
from grader.intake.clutter import ENVIRONMENT, is_known_clutter
from grader.intake.names import plain_name
from grader.intake.platforms import OWN_FILES, HandIn, open_export, read_platform
from grader.intake.read import read_submission
from grader.intake.reading import Reading
from grader.intake.same import tell_apart
from grader.intake.submission import (
    Found,
    Refused,
    decoded,
    documented_places,
    wanted_files,
)
from grader.intake.tree import Disk, Node, is_folder
from grader.intake.wrappers import Kind, kind_of, known_names

_STUDENT_NUMBER = re.compile(r"\d{4}")


def find_submissions(paths: Iterable[Path], katas: tuple[Kata, ...]) -> list[Found]:
    """Find every submission under the given paths, in the order of the paths and of names within a folder.

    Args:
        paths: each a submission (a folder with kata files, a kata's file, a notebook, a zip), or a folder or a zip of
            submissions.
        katas: which files are looked for. A lone file of another name counts when there is one kata only.

    Raises:
        UsageError: a path does not exist, holds no submission, or is the only one and cannot be read.
    """
    paths = list(paths)
    found: dict[tuple[Path, tuple[str, ...], str], Found] = {}
    each = (place for path in paths for place in _find_in(path, katas, alone=len(paths) == 1))
    for place in _find_together(paths, katas) or each:
        where = Path(os.path.abspath(place.path))  # noqa: PTH100  follows no link
        found.setdefault((where, place.inside, place.id), place)
    if not found:
        raise UsageError("no_submission_file", path=paths[0])
    return tell_apart(found.values())


def _found(path: Path, katas: tuple[Kata, ...], inside: tuple[str, ...] = ()) -> Found:
    """A submission under its id: the folder's name, or the file's without its ending."""
    last = inside[-1] if inside else (path.resolve() if path.name in ("", "..") else path).name
    is_file = kind_of(last, katas) is not None if inside else not is_folder(path)
    return Found(decoded(Path(last).stem if is_file else last), path, inside)


def _find_in(path: Path, katas: tuple[Kata, ...], *, alone: bool) -> list[Found]:
    if not os.path.lexists(path):
        raise UsageError("no_path", path=path)
    try:
        if is_folder(path):
            return _find_exports(path, katas) or _find_in_folder(path, katas)
        kind = kind_of(path.name, katas)
        if kind is None:
            # Among several, as `class/*` names them, it is passed over and named like any such file of a folder.
            if alone and not _is_regular(path):
                raise UsageError("no_regular_file", path=path)
            if alone:
                raise UsageError("no_submission_file", path=path)
            return []
        if kind is Kind.ZIP and (found := _find_exports(path, katas)):
            return found
        if kind is Kind.ZIP and (inside := _class_in_zip(path, katas)):
            return [_found(path, katas, place) for place in inside]
        if alone:
            _refuse_unreadable(path, katas)
        return [_found(path, katas)]
    except Refused as refused:
        if not alone:
            # Of several it is a row with the reason: it may be a student's own file that looks like a platform's.
            return [replace(_found(path, katas), problem=refused.problem)]
        raise UnreadableInput(path, refused.problem.tag, refused.problem.values) from None


def _is_regular(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def _refuse_unreadable(path: Path, katas: tuple[Kata, ...]) -> None:
    problem = read_submission(_found(path, katas), katas).unreadable
    if problem is None:
        return
    if problem.tag in ("nothing_found", "empty"):
        raise UsageError("no_kata_file", path=path, wanted=wanted_files(katas))
    if problem.tag == "zip_unreadable":
        raise UsageError("bad_zip", path=path)
    if problem.tag in ("notebook_damaged", "notebook_no_answer"):
        raise UsageError("bad_notebook", path=path)
    if problem.tag == "not_a_file":
        raise UsageError("no_regular_file", path=path)
    raise UnreadableInput(path, problem.tag, problem.values)


def _find_in_folder(path: Path, katas: tuple[Kata, ...]) -> list[Found]:
    own = {"exercises", SHARED, *(kata.name for kata in katas)}
    others = [child for child, kind in _entries(path, katas) if child.name not in own and _is_other(child, kind, katas)]
    holds = _holds_kata_file(path, katas)
    if holds and others:
        raise UsageError("mixed", path=path, name=others[0].name)
    if holds or (not others and _holds_one_students_copies(path, katas)):
        return [_found(path, katas)]
    children = [child for child, kind in _entries(path, katas) if kind is not None]
    if not children:
        raise UsageError("no_submissions", path=path, wanted=wanted_files(katas))
    if len(children) == 1:
        return _look_through(children[0], katas) or [_found(children[0], katas)]
    return [_found(child, katas) for child in children]


def _is_other(child: Path, kind: Kind | None, katas: tuple[Kata, ...]) -> bool:
    return kind is Kind.ZIP or (kind in (Kind.FOLDER, Kind.LINK) and _holds_kata_file(child, katas))


def _entries(path: Path, katas: tuple[Kata, ...]) -> Iterator[tuple[Path, Kind | None]]:
    """What a class's folder holds, in the order of names; what begins with a dot is nobody's."""
    for child in sorted(Disk(path, is_folder=True).children(), key=lambda node: node.name):
        place = path / child.name
        if is_known_clutter(child.name) or (child.is_folder and os.path.lexists(place / ENVIRONMENT)):
            continue
        kind = Kind.FOLDER if child.is_folder else Kind.LINK if is_folder(place) else kind_of(child.name, katas)
        yield place, None if child.name.startswith(".") else kind


def _holds_kata_file(folder: Path, katas: tuple[Kata, ...]) -> bool:
    if any(os.path.lexists(folder / place) for kata in katas for place in documented_places(kata)):
        return True
    known = known_names(katas)
    try:
        names = os.listdir(folder)
    except OSError:
        return False
    return any(plain in known and not backup for plain, backup in (plain_name(name, known) for name in names))


def _holds_one_students_copies(folder: Path, katas: tuple[Kata, ...]) -> bool:
    """True for gates_final.py and xor-2.py; gates-1.py and gates-2.py, or gates-20210001.py, lie in a flat class."""
    known = known_names(katas)
    names = [child.name for child, kind in _entries(folder, katas) if kind is not None]
    plain = {plain_name(name, known)[0] for name in names if not _STUDENT_NUMBER.search(name)} & known
    return 0 < len(names) == len(plain)


def list_passed_over(paths: Iterable[Path], found: Iterable[Found]) -> list[str]:
    """Return what lies beside the submissions and was taken for none: names, folders with a slash."""
    places = [place for one in found for place in (one, *one.also)]
    # A platform's folder is no submission itself: its entries are.
    whole = {place.path for place in places if not place.pieces or place.inside or not is_folder(place.path)}
    whole |= {place.path / piece.entry for place in places for piece in (*place.pieces, *place.older)}
    taken = whole | {parent for place in whole for parent in place.parents}
    paths = [path for path in paths if path.name not in OWN_FILES]
    left = [decoded(path.name) for path in paths if path not in taken and not is_folder(path)]
    for path in paths:
        if is_folder(path) and path not in whole:
            # Gone or forbidden since: then there is nothing to name.
            with suppress(Refused):
                children = sorted(Disk(path, is_folder=True).children(), key=lambda node: node.name)
                left += [
                    decoded(f"{child.name}/" if child.is_folder else child.name)
                    for child in children
                    if path / child.name not in taken
                    and not is_known_clutter(child.name)
                    and child.name not in OWN_FILES
                    and not child.name.startswith("README")
                ]
    return left


# --- a class in a zip, or in a folder within a folder ---------------------------------------------------------------


def _class_in_zip(path: Path, katas: tuple[Kata, ...]) -> list[tuple[str, ...]]:
    """Return the places of a class's submissions in a zip; none if it is one submission, or cannot be opened."""
    try:
        with Reading() as reading:
            return class_in(reading.unpack(Disk(path, is_folder=False)), katas, reading)
    except Refused:
        return []


def _look_through(child: Path, katas: tuple[Kata, ...]) -> list[Found]:
    """Return the submissions of the class that the only entry of a folder holds; none if it holds no class."""
    if kind_of(child.name, katas) is Kind.ZIP and not is_folder(child):
        return [_found(child, katas, place) for place in _class_in_zip(child, katas)]
    if not is_folder(child) or child.is_symlink() or _holds_kata_file(child, katas):
        return []
    try:
        with Reading() as reading:
            places = class_in(Disk(child, is_folder=True), katas, reading)
    except Refused:
        return []
    return [_found(path, katas, inside) for path, inside in (_split(child, place) for place in places)]


def _split(folder: Path, place: tuple[str, ...]) -> tuple[Path, tuple[str, ...]]:
    """The part of a place that is on disk, and the part that is in a zip."""
    for number in range(len(place) + 1):
        path = folder.joinpath(*place[:number])
        if not is_folder(path):
            return path, place[number:]
    return folder.joinpath(*place), ()


# --- what a platform exported ---------------------------------------------------------------------------------------

MAX_WRAPPERS = 4
"""Folders and zips around an export."""


def _find_exports(path: Path, katas: tuple[Kata, ...]) -> list[Found]:
    """Return the submissions of the exports that a folder or a zip is or holds; none if it is something else.

    Raises:
        Refused: a file in which the platform says whose is what is damaged.
    """
    if is_folder(path) and any(os.path.lexists(path / place) for kata in katas for place in documented_places(kata)):
        return []
    with Reading() as reading:
        node = Disk(path, is_folder=is_folder(path))
        exports = _exports_in(node, (), katas, reading)
    return [place for inside, hand_ins in exports for place in _of_export(path, inside, hand_ins)] + [
        place for inside, hand_ins in exports for place in _beside(path, inside, hand_ins, katas)
    ]


def _find_together(paths: list[Path], katas: tuple[Kata, ...]) -> list[Found]:
    """Return the submissions of an export or a class whose entries are named one by one: what a shell makes of `f/*`.

    None where the paths are something else, each to be looked at by itself.
    """
    parents = {path.parent for path in paths}
    if len(paths) < 2 or len(parents) > 1 or not all(map(os.path.lexists, paths)):
        return []
    (parent,) = parents
    named = {path.name for path in paths}
    with suppress(Refused), Reading() as reading:
        export = open_export(parent.resolve().name, Disk(parent, is_folder=True), katas, reading)
        entries = tuple(entry for entry in export.entries if entry.name in named)
        hand_ins = read_platform(replace(export, entries=entries))
        taken = {piece.entry for one in hand_ins for piece in (*one.pieces, *one.older)}
        if hand_ins and 2 * len(named & taken) > len(named):
            rest = [path for path in paths if path.name not in taken | OWN_FILES]
            beside = [place for path in rest for place in _find_in(path, katas, alone=False)]
            return [*_of_export(parent, (), hand_ins), *beside]
    return _of_class(parent, paths, katas)


def _of_class(parent: Path, paths: list[Path], katas: tuple[Kata, ...]) -> list[Found]:
    """Return the entries of a class's folder, one submission each; none if they may be classes or exports themselves.

    Where one of them is a single student's, all are, as in the folder: whoever has folders in hers, or a file that
    looks like a platform's, names no rows.
    """
    try:
        kinds = {child.name: kind for child, kind in _entries(parent, katas) if kind is not None}
    except Refused:
        return []
    named = [path for path in paths if path.name in kinds]
    if 2 * len(named) <= len(kinds) or not any(_is_one(path, kinds[path.name], katas) for path in named):
        return []
    return [_found(path, katas) for path in named]


def _is_one(path: Path, kind: Kind, katas: tuple[Kata, ...]) -> bool:
    """True for a folder or a zip that can only be one student's."""
    if kind not in (Kind.FOLDER, Kind.ZIP):
        return False
    try:
        found = _find_in(path, katas, alone=False)
    except UsageError:
        return False
    # A folder with a folder in it may be a class of one.
    return len(found) == 1 and found[0].student is None and (found[0].path, found[0].inside) == (path, ())


_Exports = list[tuple[tuple[str, ...], list[HandIn]]]
"""Each with the names that lead to it."""


def _exports_in(node: Node, inside: tuple[str, ...], katas: tuple[Kata, ...], reading: Reading) -> _Exports:
    """The exports below a node: itself, or all that it holds, for a folder of students has something else in it."""
    try:
        tree = node if node.is_folder else reading.unpack(node)
        export = open_export(PurePath(node.name).stem if not node.is_folder else node.name, tree, katas, reading)
    except Refused:
        return []
    if hand_ins := read_platform(export):
        return [(inside, hand_ins)]
    wrapped = [entry for entry in export.entries if entry.is_folder or kind_of(entry.name, katas) is not None]
    if len(inside) >= MAX_WRAPPERS or any(
        not one.is_folder and kind_of(one.name, katas) is not Kind.ZIP for one in wrapped
    ):
        return []
    exports: _Exports = []
    problem: Refused | UsageError | None = None
    for entry in wrapped:
        try:
            below = _exports_in(entry, (*inside, entry.name), katas, reading)
        except (Refused, UsageError) as refused:
            # Told only if all others are exports: beside a student's folder it lies in another student's.
            problem = problem or refused
            continue
        if not below:
            return []
        exports += below
    if problem is not None:
        raise problem
    return exports


def _of_export(path: Path, inside: tuple[str, ...], hand_ins: list[HandIn]) -> list[Found]:
    where, rest = _split(path, inside)
    return [
        Found(decoded(one.student.id), where, rest, one.problem, one.pieces, one.older, one.student) for one in hand_ins
    ]


def _beside(path: Path, inside: tuple[str, ...], hand_ins: list[HandIn], katas: tuple[Kata, ...]) -> list[Found]:
    """What lies among a platform's entries on disk and is a submission all the same: a person has put it there."""
    where, rest = _split(path, inside)
    if rest or not is_folder(where):
        return []
    taken = {piece.entry for one in hand_ins for piece in (*one.pieces, *one.older)}
    return [
        _found(child, katas)
        for child, kind in _entries(where, katas)
        if kind is not None and child.name not in taken and _has_answer(child, kind, katas)
    ]


def _has_answer(child: Path, kind: Kind, katas: tuple[Kata, ...]) -> bool:
    return kind is not Kind.FOLDER or _holds_kata_file(child, katas)
