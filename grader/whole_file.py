"""Files and folders that take their name only when they are complete.

They are made in a hidden folder beside the target, with a name of its own, so that two processes never share one and
nothing is left of an attempt that failed; then one rename puts the whole in place. On Windows a rename fails while any
other program (an editor, a virus scanner, a copy to a cloud) has the target open, mostly for a moment: it is tried for
half a second.
"""

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from grader.errors import UsageError

_TRIES = 10
_PAUSE_S = 0.05


@contextmanager
def made_whole(target: Path, *, make_parents: bool = False) -> Iterator[Path]:
    """Give a path for a file or folder, of the target's name; it takes the target's place when the block ends well.

    Args:
        target: what is to be there in the end; a file that is there before stays until then.
        make_parents: make the folders above it first.

    Raises:
        UsageError: "cannot_write", "held_open" when another program has the target; the target is as before.
    """
    try:
        if make_parents:
            target.parent.mkdir(parents=True, exist_ok=True)
        room = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
        try:
            yield room / target.name
            move(room / target.name, target)
        finally:
            shutil.rmtree(room, ignore_errors=True)
    except OSError as problem:
        raise UsageError("cannot_write", path=target, reason=problem.strerror or problem) from None


def write_whole(target: Path, data: bytes) -> None:
    """Write a file.

    Raises:
        UsageError: as `made_whole`.
    """
    with made_whole(target) as partial:
        partial.write_bytes(data)


def require_writable(target: Path, *, make_parents: bool = False) -> None:
    """Try whether a file could be written there, before somebody waits for what will be in it.

    Args:
        target: the file.
        make_parents: make the folders above it first.

    Raises:
        UsageError: "cannot_write".
    """
    if target.is_dir():
        raise UsageError("cannot_write", path=target, reason="is a directory")
    try:
        if make_parents:
            target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=target.parent):
            pass
    except OSError as problem:
        raise UsageError("cannot_write", path=target, reason=problem.strerror or problem) from None


def move(source: Path, target: Path) -> None:
    """Give a file or folder another name in the same file system, in place of a file that has that name.

    Raises:
        UsageError: "held_open": it was refused again and again.
        OSError: anything else.
    """
    for _ in range(_TRIES):
        try:
            source.replace(target)
            return
        except PermissionError:
            time.sleep(_PAUSE_S)
    raise UsageError("held_open", path=target)
