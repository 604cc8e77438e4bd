"""Files as a zip, always the same bytes for the same files; or as a folder or a zip that is written whole."""

import io
import zipfile
from collections.abc import Collection, Mapping
from pathlib import Path

from grader.errors import UsageError
from grader.whole_file import made_whole

PROGRAM, DATA = 0o755, 0o644
"""Modes of a file that is run, and of any other."""


def pack(files: Mapping[str, bytes], *, top: str = "", programs: Collection[str] = ()) -> bytes:
    """Return a zip of files, in their order.

    Args:
        files: path -> bytes.
        top: a folder around all of them, "" for none.
        programs: paths of those that are run.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            # A fixed date: the same files make the same bytes.
            entry = zipfile.ZipInfo(f"{top}/{name}" if top else name, date_time=(2026, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (0o100000 | (PROGRAM if name in programs else DATA)) << 16
            archive.writestr(entry, content)
    return out.getvalue()


def write_files(files: Mapping[str, bytes], target: Path, *, top: str = "", programs: Collection[str] = ()) -> None:
    """Write files to a new folder or a new .zip; nothing is left behind when it fails half-way.

    Args:
        files: path -> bytes.
        target: a zip if its name ends in .zip, else a folder.
        top: as `pack`; a folder needs none.
        programs: paths of those that are run.

    Raises:
        UsageError: the target exists or cannot be written.
    """
    if target.exists():
        raise UsageError("exists", path=target)
    with made_whole(target, make_parents=True) as partial:
        if target.suffix == ".zip":
            partial.write_bytes(pack(files, top=top, programs=programs))
            return
        for name, content in files.items():
            path = partial / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            path.chmod(PROGRAM if name in programs else DATA)
