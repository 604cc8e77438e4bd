"""Folders and zips as one kind of thing: a tree of nodes that are listed and read within limits.

A node on disk lists its folder when asked; a zip's nodes are made from its directory at once. Listing is a loop, not a
recursion, so that no depth of folders can end it, and it skips what `clutter` names. A zip within a zip is a file until
`Reading.unpack` makes a tree of it.
"""

import os
import stat
from collections.abc import Collection, Iterable
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Protocol

from grader.intake.clutter import ENVIRONMENT, is_clutter_file, is_clutter_folder
from grader.intake.submission import MAX_ENTRIES, Refused, border

MAX_DEPTH = 32
"""Folders within folders that are looked into; nobody's homework lies deeper."""


class Node(Protocol):
    """A folder, a file, or something that is neither (a link, a device)."""

    name: str
    place: str
    """Where it is within the submission, "hw/gates.py", for sentences."""
    is_folder: bool

    def children(self) -> Iterable["Node"]:
        """Return what a folder holds, in any order."""

    def child(self, name: str) -> "Node | None":
        """Return what a folder holds under a name; None if there is nothing."""

    def read(self, most: int) -> bytes:
        """Return a file's bytes, at most `most` + 1 of them.

        Raises:
            Refused: it is no regular file, or cannot be read.
        """

    def open(self) -> BinaryIO:
        """Return a file's bytes as a stream that can seek; see `read` for what it raises."""


class Disk:
    """A node of the file system. Links are never followed."""

    def __init__(self, path: str | Path, *, place: str = "", is_folder: bool) -> None:
        """Remember the path; nothing is opened yet.

        Args:
            path: where it is.
            place: where it is within the submission, for sentences; empty for the submission itself.
            is_folder: as its parent's listing says.
        """
        self.name = os.path.basename(path)  # noqa: PTH119  a Path for each of a class's files costs as much as reading
        self.place = place
        self.is_folder = is_folder
        self._path = path

    def children(self) -> Iterable[Node]:
        """Return what the folder holds; one that cannot be listed (gone, forbidden, too long a path) is refused."""
        with border(self.place or self.name, damaged="file_damaged"), os.scandir(self._path) as entries:
            for entry in entries:
                place = f"{self.place}/{entry.name}" if self.place else entry.name
                yield Disk(entry.path, place=place, is_folder=entry.is_dir(follow_symlinks=False))

    def child(self, name: str) -> Node | None:
        """Return what the folder holds under a name, without listing it."""
        if "/" in name or name in ("", ".", ".."):
            # A platform's own file names the entries; none of them leads out of the export.
            return None
        path = os.path.join(self._path, name)  # noqa: PTH118  as above
        try:
            mode = os.lstat(path).st_mode
        except OSError:
            return None
        place = f"{self.place}/{name}" if self.place else name
        return Disk(path, place=place, is_folder=stat.S_ISDIR(mode))

    def open(self) -> BinaryIO:
        """Return a regular file's bytes as a stream without a buffer, for someone who has one."""
        return open_regular(self._path, self.place or self.name, buffering=0)

    def read(self, most: int) -> bytes:
        """Return a regular file's bytes."""
        label = self.place or self.name
        with border(label, damaged="file_damaged"), open_regular(self._path, label, buffering=-1) as stream:
            return stream.read(most + 1)


class Gathered:
    """A folder that stands nowhere: what one student handed in, picked out of what many did."""

    def __init__(self, name: str, children: Iterable[Node]) -> None:
        """Name it; no two children have one name."""
        self.name = name
        self.place = ""
        self.is_folder = True
        self._children = list(children)

    def children(self) -> Iterable[Node]:
        """Return what was gathered."""
        return self._children

    def child(self, name: str) -> Node | None:
        """Return the first that was gathered under a name."""
        return next((node for node in self._children if node.name == name), None)

    def read(self, most: int) -> bytes:
        """Refuse: it is a folder."""
        del most
        raise Refused("not_a_file", file=self.name)

    def open(self) -> BinaryIO:
        """Refuse: it is a folder."""
        raise Refused("not_a_file", file=self.name)


def is_folder(path: Path) -> bool:
    """True for a folder or a link to one; what cannot be looked at (forbidden, too long a link) is none."""
    return os.path.isdir(path)  # noqa: PTH112  Path.is_dir raises where os.path says False


def open_regular(path: str | Path, shown: str, *, buffering: int) -> BinaryIO:
    """Open a regular file and nothing else: no link, no pipe that would wait for a writer, no device.

    Args:
        path: the file.
        shown: its name in a sentence.
        buffering: as for the built-in `open`.

    Raises:
        Refused: it is something else, or cannot be opened.
    """
    with border(shown, damaged="file_damaged"):
        # First a look that opens nothing: opening a device may already do something.
        if not stat.S_ISREG(os.lstat(path).st_mode):
            raise Refused("not_a_file", file=shown)
        flags = ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY")
        opened = os.open(path, os.O_RDONLY | sum(getattr(os, flag, 0) for flag in flags))
        stream = os.fdopen(opened, "rb", buffering)
        # Again, of what was opened: the name may stand for something else by now.
        if not stat.S_ISREG(os.fstat(opened).st_mode):
            stream.close()
            raise Refused("not_a_file", file=shown)
        return stream


def list_files(root: Node, wanted: Collection[str], *, most: int = MAX_ENTRIES) -> dict[str, Node]:
    """Return the files below a folder by place ("hw/gates.py"), but for what is passed over, in the order of places.

    A folder or a link that bears a wanted name is in it too; reading refuses it by name.

    Raises:
        Refused: there are more than `most`, or the folder itself cannot be listed.
    """
    found: dict[str, Node] = {}
    waiting = [(root, "", 0)]
    while waiting:
        folder, place, depth = waiting.pop()
        try:
            children = list(islice(folder.children(), most + 1))
        except Refused:
            if folder is root:
                raise
            # A folder further down that is gone or forbidden holds nothing that could be judged.
            continue
        if folder is not root and any(child.name == ENVIRONMENT for child in children):
            continue
        for child in children:
            inside = f"{place}{child.name}"
            if child.is_folder and child.name not in wanted:
                if depth < MAX_DEPTH and not is_clutter_folder(child.name):
                    waiting.append((child, f"{inside}/", depth + 1))
            elif not is_clutter_file(child.name):
                found[inside] = child
        if len(children) > most or len(found) + len(waiting) > most:
            raise Refused("folder_too_many", most=str(most))
    return dict(sorted(found.items()))
