"""How people lay out what they hand in: wrappers around it, zips in it, and where in it the katas' files are."""

import os
from collections.abc import Collection, Iterable, Mapping
from copy import copy
from enum import StrEnum
from itertools import count
from pathlib import PurePath

from grader.bank.kata import Kata
from grader.intake.names import plain_name
from grader.intake.reading import Reading
from grader.intake.submission import (
    ARCHIVE,
    MAX_ENTRIES,
    NOTEBOOK,
    Found,
    Refused,
    own_names,
)
from grader.intake.tree import Disk, Gathered, Node, is_folder, list_files

OTHER_ARCHIVES = (".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".egg", ".alz")
"""Endings of what a student may hand in and we do not open; a person must ask for a zip."""
MAX_ZIPS = 20
"""Zips within one submission that are opened."""
MAX_NESTED = 3
"""Zips within zips."""


class Kind(StrEnum):
    """What an entry of a class is to us."""

    FOLDER = "folder"
    ZIP = "zip"
    NOTEBOOK = "notebook"
    FILE = "file"
    LINK = "link"
    """To a folder."""
    ARCHIVE = "archive"
    """Of a kind that is not opened."""
    TEXT = "text"
    """A .py that an editor has saved as .py.txt."""


def kind_of(name: str, katas: tuple[Kata, ...]) -> Kind | None:
    """Return what a file's name says; None if it is no submission, not even one that must be refused."""
    name = name.lower()
    if name.endswith(".py.txt"):
        return Kind.TEXT
    if name.endswith(OTHER_ARCHIVES):
        return Kind.ARCHIVE
    ending = PurePath(name).suffix
    if ending == ARCHIVE:
        return Kind.ZIP
    if ending == NOTEBOOK:
        return Kind.NOTEBOOK
    # A stray .toml (of a project, of an editor) is no submission where no kata asks for one.
    return Kind.FILE if ending == ".py" or any(ending == kata.suffix for kata in katas) else None


def walk_in(found: Found, katas: tuple[Kata, ...], reading: Reading) -> tuple[Node, Kind]:
    """Return the node of a submission, a zip as the folder that it holds, and what it is.

    Raises:
        Refused: it cannot be opened, or is not there any more.
    """
    node, kind = _walk(found, katas, reading)
    return (_gather(node, found), Kind.FOLDER) if found.pieces else (node, kind)


def _gather(export: Node, found: Found) -> Node:
    """The pieces of one student, each under the name that she gave it; a folder's content without the folder."""
    children: dict[str, Node] = {}
    for piece in found.pieces:
        node = export.child(piece.entry)
        if node is None:
            raise Refused("file_gone", file=piece.entry)
        for child in node.children() if node.is_folder else (node,):
            own = copy(child)
            own.name = _free(child.name if node.is_folder else piece.name, children)
            children[own.name] = own
    return Gathered(found.id, children.values())


def _free(name: str, taken: Collection[str]) -> str:
    """A name that is not taken: the second gates.py becomes "gates (2).py", and both are candidates."""
    stem, ending = PurePath(name).stem, PurePath(name).suffix
    names = (f"{stem} ({number}){ending}" for number in count(2))
    return name if name not in taken else next(other for other in names if other not in taken)


def _walk(found: Found, katas: tuple[Kata, ...], reading: Reading) -> tuple[Node, Kind]:
    if not os.path.lexists(found.path):
        raise Refused("file_gone", file=found.path.name)
    if is_folder(found.path) and found.path.is_symlink():
        return Disk(found.path, is_folder=False), Kind.LINK
    node: Node = Disk(found.path, is_folder=is_folder(found.path))
    for part in (None, *found.inside):
        if part is not None:
            below = node.child(part)
            if below is None:
                raise Refused("file_gone", file=part)
            node = below
        if not node.is_folder and kind_of(node.name, katas) is Kind.ZIP:
            node = reading.unpack(node)
    kind = Kind.FOLDER if node.is_folder else kind_of(node.name, katas)
    if kind is None:
        raise Refused("not_a_file", file=node.name)
    return node, kind


def list_all(root: Node, katas: tuple[Kata, ...], reading: Reading) -> dict[str, Node]:
    """Return every file of a submission by place; those in zips too, where a kata's file is nowhere else.

    Raises:
        Refused: there are too many, or the only thing in it is a zip that cannot be read.
    """
    files = list_files(root, known_names(katas))
    waiting = _zips_in(files)
    opened, refused = 0, None
    # Those side by side are asked for the same katas: which of two zips counts is not the order of their names.
    while waiting and (missing := [kata for kata in katas if not holds(files, kata)]):
        beside, waiting = waiting[: MAX_ZIPS - opened], []
        opened += len(beside)
        for place, node in beside:
            try:
                inner = list_files(reading.unpack(node), known_names(katas))
            except Refused as problem:
                refused = refused or problem
                continue
            inner = {f"{place}/{name}": file for name, file in inner.items()}
            files |= {name: file for name, file in inner.items() if not _is_of_others(name, katas, missing)}
            waiting += [one for one in _zips_in(inner) if one[0].lower().count(f"{ARCHIVE}/") < MAX_NESTED]
            if len(files) > MAX_ENTRIES:
                raise Refused("folder_too_many", most=str(MAX_ENTRIES))
    if refused is not None and not any(holds(files, kata) for kata in katas):
        raise refused
    return files


def _zips_in(files: Mapping[str, Node]) -> list[tuple[str, Node]]:
    return [(place, node) for place, node in files.items() if place.lower().endswith(ARCHIVE) and not node.is_folder]


def _is_of_others(place: str, katas: tuple[Kata, ...], missing: Iterable[Kata]) -> bool:
    """True for a copy, in a zip, of a file that lies beside it unpacked: that one counts."""
    name, _ = plain_name(place.split("/")[-1], known_names(katas))
    return name in known_names(katas) and not any(name in own_names(kata) for kata in missing)


def known_names(katas: Iterable[Kata]) -> set[str]:
    """Return every name that a kata's file may have."""
    return {name for kata in katas for name in own_names(kata)}


def holds(places: Iterable[str], kata: Kata) -> bool:
    """True if one of the places bears a name of the kata's file, be it that of a copy."""
    names = own_names(kata)
    return any(plain_name(place.rpartition("/")[2], names)[0] in names for place in places)


def find_home(files: Collection[str], known: Collection[str], *, past_zips: bool) -> str:
    """Return the folder in which a submission begins, "hw/", or "": what is packed around it is looked through.

    A folder is a wrapper while it holds no kata's file in a documented place, and one folder; files may lie beside it.

    Args:
        files: their places.
        known: the documented places of all katas.
        past_zips: look through a folder although a zip lies beside it; False where that may be another student's.
    """
    home = ""
    while not any(home + place in files for place in known):
        below = [place[len(home) :].split("/", 1) for place in files if place.startswith(home)]
        folders = {parts[0] for parts in below if len(parts) == 2}
        zips = [parts for parts in below if len(parts) == 1 and parts[0].lower().endswith(ARCHIVE)]
        if len(folders) != 1 or (zips and not past_zips):
            break
        home += f"{folders.pop()}/"
    return home
