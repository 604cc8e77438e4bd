"""Opens a zip as a tree of nodes. Nothing that a zip says of itself is believed.

Stored and deflated entries are read, the two kinds that every program writes; bzip2 and LZMA would cost hundreds of
megabytes for an archive of some hundred bytes. What cannot be unpacked costs that entry; a directory that cannot be
read costs the zip.
"""

import io
import stat
import zipfile
from collections.abc import Iterable
from contextlib import ExitStack
from typing import BinaryIO

from grader.intake.clutter import CLONE, MARKS, is_clutter_file, is_clutter_folder
from grader.intake.submission import Refused, border
from grader.intake.tree import MAX_DEPTH, Node

MAX_NODES = 100_000
"""Files and folders in one zip that are looked at, be it a whole class's."""
MAX_PART = 255
"""Characters of one name; no file system keeps a longer one."""
METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_UTF8 = 0x800
_ENCRYPTED = 0x1


class Packed:
    """A file or folder in a zip."""

    __slots__ = ("_archive", "_entry", "below", "is_folder", "name", "place")

    def __init__(self, name: str, place: str, archive: zipfile.ZipFile, entry: zipfile.ZipInfo | None) -> None:
        """Name it; without an entry of its own it is a folder."""
        self.name = name
        self.place = place
        self.is_folder = entry is None
        self.below: dict[str, Packed] = {}
        self._archive = archive
        self._entry = entry

    def children(self) -> Iterable[Node]:
        """Return what the folder holds."""
        return self.below.values()

    def child(self, name: str) -> Node | None:
        """Return what the folder holds under a name."""
        return self.below.get(name)

    def read(self, most: int) -> bytes:
        """Return the file's bytes."""
        with border(self.place, damaged="file_damaged"), self._opened() as stream:
            # In one bounded piece: what the entry says of its own size is not to be believed.
            return stream.read(most + 1)

    def open(self) -> BinaryIO:
        """Refuse: what is packed has to be read whole (`Reading.unpack`)."""
        raise Refused("not_a_file", file=self.place)

    def _opened(self) -> "zipfile.ZipExtFile":
        entry = self._entry
        mode = entry.external_attr >> 16 if entry else stat.S_IFDIR
        if entry is None or (mode and stat.S_IFMT(mode) not in (0, stat.S_IFREG)):
            raise Refused("not_a_file", file=self.place)
        if entry.flag_bits & _ENCRYPTED:
            raise Refused("zip_encrypted", file=self.place)
        if entry.compress_type not in METHODS:
            raise Refused("zip_method", file=self.place)
        opened = self._archive.open(entry)
        assert isinstance(opened, zipfile.ZipExtFile)
        return opened


class _Bounded(io.BufferedReader):
    """A stream that gives no more at once than a zip's directory may have."""

    def __init__(self, stream: BinaryIO, most: int) -> None:
        # A BytesIO or a file serves as a raw stream, whatever the annotations say.
        super().__init__(stream)  # type: ignore[arg-type]
        self._most = most

    def read(self, size: int | None = -1) -> bytes:
        wanted = self._most + 1 if size is None or size < 0 else size
        if wanted > self._most + 1:
            raise Refused("zip_too_many", most=f"{self._most // 1024} KiB")
        return super().read(wanted)


def open_archive(stream: BinaryIO, name: str, keep_open: ExitStack, *, most_bytes: int) -> tuple[Packed, int]:
    """Return the tree of a zip, and how many bytes its directory has.

    Args:
        stream: its bytes; can seek.
        name: of the zip, for a sentence.
        keep_open: closes the zip when it is no longer needed.
        most_bytes: of its directory, which is read at once.

    Raises:
        Refused: it is damaged or no zip, its directory is too large, or it holds one name twice.
    """
    with border(name, damaged="zip_unreadable"):
        bounded = keep_open.enter_context(_Bounded(stream, most_bytes))
        archive = keep_open.enter_context(zipfile.ZipFile(bounded))
        tree = _Tree(name, archive)
        for entry in archive.infolist():
            tree.place(entry)
        # Where the directory begins: all behind it was read for it.
        size = max(0, bounded.seek(0, io.SEEK_END) - archive.start_dir)
    return tree.root, size


class _Tree:
    """Makes nodes of a zip's entries."""

    def __init__(self, name: str, archive: zipfile.ZipFile) -> None:
        self.root = Packed(name, "", archive, None)
        self._archive = archive
        self._count = 0
        self._folders: dict[str, Packed | None] = {"": self.root}
        """By what stands before the last slash of a name; None where nothing below is looked at."""

    def place(self, entry: zipfile.ZipInfo) -> None:
        """Put an entry into the tree, unless its name was made by hand: one that climbs or starts at the root."""
        # Some Windows programs write backslashes.
        name = _decoded(entry).replace("\\", "/")
        lead, slash, last = name.rpartition("/")
        if lead not in self._folders:
            self._folders[lead] = self._folder(lead)
        folder = self._folders[lead]
        # A slash with nothing before it: the name starts at the root.
        if (
            folder is None
            or (slash and not lead)
            or not last
            or (is_clutter_file(last) and last not in MARKS)
            or last in (".", "..")
            or len(last) > MAX_PART
        ):
            return
        if last in folder.below:
            raise Refused("zip_duplicates", file=name)
        self._below(folder, last, entry)

    def _folder(self, lead: str) -> Packed | None:
        parts = [part for part in lead.split("/") if part not in ("", ".")]
        if lead.startswith("/") or ".." in parts or len(parts) > MAX_DEPTH:
            return None
        passed = next((at for at, part in enumerate(parts) if len(part) > MAX_PART or is_clutter_folder(part)), None)
        if passed is not None and parts[passed] != CLONE:
            return None
        node = self.root
        for part in parts if passed is None else parts[: passed + 1]:
            node = self._below(node, part, None)
            if not node.is_folder:
                raise Refused("zip_duplicates", file=lead)
        # Of a clone's own folder only that it is there.
        return node if passed is None else None

    def _below(self, node: Packed, name: str, entry: zipfile.ZipInfo | None) -> Packed:
        if name not in node.below:
            # Names of many folders each would make millions of nodes of a small directory.
            self._count += 1
            if self._count > MAX_NODES:
                raise Refused("folder_too_many", most=str(MAX_NODES))
            place = f"{node.place}/{name}" if node.place else name
            node.below[name] = Packed(name, place, self._archive, entry)
        return node.below[name]


def _decoded(entry: zipfile.ZipInfo) -> str:
    """The name as its writer meant it: where the zip does not say UTF-8, it is often so all the same, or Korean."""
    if entry.flag_bits & _UTF8 or entry.filename.isascii():
        return entry.filename
    raw = entry.filename.encode("cp437")
    for encoding in ("utf-8", "cp949"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return entry.filename
