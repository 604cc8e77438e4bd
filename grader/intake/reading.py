"""What reading one submission may cost in all, and what it holds open meanwhile."""

import io
from contextlib import ExitStack
from typing import Self

from grader.intake.archives import open_archive
from grader.intake.submission import MAX_TOTAL_BYTES, Refused
from grader.intake.tree import Disk, Node

MAX_INNER_BYTES = 16 * 1024 * 1024
"""Of a zip within a zip, which is unpacked in memory."""
MAX_DIRECTORY_BYTES = 8 * 1024 * 1024
"""Of the directories of all zips that are opened for one submission: about 80,000 entries, 100 MB in memory."""


class Reading:
    """What reading one submission may still cost, and the files it has open; a context manager."""

    def __init__(self) -> None:
        """Begin with everything that is allowed."""
        self._left = MAX_TOTAL_BYTES
        self._directory_left = MAX_DIRECTORY_BYTES
        self._open = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def read(self, node: Node, most: int) -> bytes:
        """Return a file's bytes, within what is left of the allowance.

        Raises:
            Refused: the file is larger than `most`, the submission than it may be, or see `Node.read`.
        """
        content = node.read(min(most, self._left)) if self._left >= 0 else b""
        if len(content) > most:
            tag = "zip_too_big" if most == MAX_INNER_BYTES else "file_too_big"
            raise Refused(tag, file=node.place or node.name, most=in_words(most))
        self._left -= len(content)
        if self._left < 0:
            raise Refused("too_much", most=in_words(MAX_TOTAL_BYTES))
        return content

    def unpack(self, node: Node) -> Node:
        """Return the tree that a zip holds; it stays open as long as this reading.

        Raises:
            Refused: it is no zip, or none that is read here.
        """
        if isinstance(node, Disk):
            stream = self._open.enter_context(node.open())
        else:
            stream = io.BytesIO(self.read(node, MAX_INNER_BYTES))
        tree, size = open_archive(stream, node.place or node.name, self._open, most_bytes=self._directory_left)
        self._directory_left = max(0, self._directory_left - size)
        return tree


def in_words(count: int) -> str:
    """Return a number of bytes as people say it: "256 KiB", "8 MiB"."""
    return f"{count // 1024} KiB" if count < 1024 * 1024 else f"{count // (1024 * 1024)} MiB"
