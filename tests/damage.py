"""Entries of a class's folder that are damaged, odd or hostile: each by name, with how to make it."""

import io
import os
import struct
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

Maker = Callable[[Path], object]
"""Puts one entry at a path; the path's name is the entry's."""


def pack(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip of the files."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def many_entries(names: Iterable[str]) -> bytes:
    """Return a zip of empty files, all of one local header: a directory is quicker made than so many files."""
    local = struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 0, 0, 33, 0, 0, 0, 1, 0) + b"f"
    heads = []
    for name in names:
        head = struct.pack("<4s6H3L5H2L", b"PK\1\2", 20, 20, 0, 0, 0, 33, 0, 0, 0, len(name), 0, 0, 0, 0, 0, 0)
        heads.append(head + name.encode())
    directory = b"".join(heads)
    count = min(len(heads), 0xFFFF)
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(directory), len(local), 0)
    return local + directory + end


def patched(content: bytes, old: bytes, new: bytes, *, last: bool = False) -> bytes:
    """Return bytes with the first or the last occurrence of some replaced."""
    place = content.rfind(old) if last else content.find(old)
    assert place >= 0
    return content[:place] + new + content[place + len(old) :]


def spoilt_stream(name: str, source: bytes) -> bytes:
    """Return a zip whose packed bytes are wrong, behind a right header."""
    whole = pack({name: source * 40})
    begin = 30 + len(name)
    return whole[:begin] + b"\xff" * 20 + whole[begin + 20 :]


def false_utf8(name: str, source: bytes, *, last: bool) -> bytes:
    """Return a zip whose entry claims a UTF-8 name that is none: in its directory (`last`) or its local header."""
    whole = bytearray(pack({name: source}))
    flags = whole.rfind(b"PK\1\2") + 8 if last else 6
    struct.pack_into("<H", whole, flags, 0x800)
    return patched(bytes(whole), name.encode(), b"\xff" * len(name), last=last)


def far_offset(name: str, source: bytes) -> bytes:
    """Return a zip whose directory sends the reader to the last byte that a 64-bit number can name."""
    whole = bytearray(pack({name: source}))
    directory = whole.rfind(b"PK\1\2")
    extra = struct.pack("<HHQ", 1, 8, 2**64 - 1)
    struct.pack_into("<I", whole, directory + 42, 0xFFFFFFFF)
    struct.pack_into("<H", whole, directory + 30, len(extra))
    end = whole.rfind(b"PK\5\6")
    struct.pack_into("<I", whole, end + 12, end - directory + len(extra))
    return bytes(whole[:end] + extra + whole[end:])


def nested_folders(path: Path, depth: int) -> None:
    """Make folders within folders, deeper than any recursion and than any path may be long."""
    path.mkdir()
    opened = os.open(path, os.O_RDONLY)
    for _ in range(depth):
        os.mkdir("deeper", dir_fd=opened)
        following = os.open("deeper", os.O_RDONLY, dir_fd=opened)
        os.close(opened)
        opened = following
    os.close(opened)


def remove_nested(path: Path) -> None:
    """Remove what `nested_folders` made, which shutil cannot."""
    while (path / "deeper").exists():
        spare = path.with_name(f"{path.name}.spare")
        inner = path / "deeper" / "deeper"
        if inner.exists():
            inner.rename(spare)
        (path / "deeper").rmdir()
        if spare.exists():
            spare.rename(path / "deeper")


def entries(name: str, source: bytes) -> dict[str, Maker]:
    """Return what cannot be graded, by the entry's name.

    Args:
        name: of a kata's file.
        source: right text for it.
    """
    method = {kind: pack({name: source}, kind) for kind in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)}
    plain = pack({name: source}, zipfile.ZIP_STORED)
    zips = {
        "cut": pack({name: source})[:-10],
        "no_zip": b"PK\3\4 no zip",
        "stream": spoilt_stream(name, source),
        "utf8_directory": false_utf8(name, source, last=True),
        "utf8_header": false_utf8(name, source, last=False),
        "offset": far_offset(name, source),
        "bz2": method[zipfile.ZIP_BZIP2],
        "lzma": method[zipfile.ZIP_LZMA],
        "deflate64": patched(plain, b"PK\1\2\x14\x03\x14\0\0\0\0\0", b"PK\1\2\x14\x03\x14\0\0\0\x09\0"),
        "other_name": patched(plain, name.encode(), b"x" * len(name)),
        "encrypted": patched(plain, b"PK\1\2\x14\x03\x14\0\0\0", b"PK\1\2\x14\x03\x14\0\1\0"),
        "many": many_entries(f"{number}.txt" for number in range(6_000)),
        "bomb": pack({name: b"#" * (50 << 20)}),
    }
    made: dict[str, Maker] = {
        f"{key}.zip": lambda path, b=content: path.write_bytes(b) for key, content in zips.items()
    }
    return made | {
        "pipe.zip": os.mkfifo,
        "fifo.py": os.mkfifo,
        "zero.ipynb": lambda path: path.symlink_to("/dev/zero"),
        "bob.zip": lambda path: path.symlink_to("alice.zip"),
        "deep": lambda path: nested_folders(path, 1_200),
        "cells.ipynb": lambda path: path.write_bytes(b'{"cells":[' + b"{}," * 1_000_000 + b"{}]}"),
        "empty": Path.mkdir,
    }
