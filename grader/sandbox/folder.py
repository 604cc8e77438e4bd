"""The folder that a job may write to: measured while the job runs, removed after it, whatever was built in it.

Its owner may have made folders a million levels deep or without any permission; so nothing here recurses, and what
cannot be measured counts as too much.
"""

import os
import secrets


def exceeds(folder: str, *, most_bytes: int, most_entries: int) -> bool:
    """True if the folder holds more than that, or something in it cannot be looked at."""
    size, count, waiting = 0, 0, [folder]
    while waiting:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    count += 1
                    size += entry.stat(follow_symlinks=False).st_blocks * 512
                    if size > most_bytes or count > most_entries:
                        return True
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
        except OSError:  # deeper than a path may be long, or closed to us
            return True
    return False


def remove(folder: str) -> None:
    """Remove a folder with everything in it; a folder that is gone already is no error.

    Raises:
        OSError: something in it cannot be removed.
    """
    # Folders below the first level are lifted up to it under new names, so no path ever grows long.
    prefix, lifted = secrets.token_hex(8), 0
    while True:
        inner = _clear_files(folder)
        if inner is None:
            return
        if not inner:
            os.rmdir(folder)
            return
        for path in inner:
            for deeper in _clear_files(path) or []:
                # Moving a folder changes its "..", which needs the right to write to the folder itself.
                os.chmod(deeper, 0o700)
                os.rename(deeper, os.path.join(folder, f"{prefix}-{lifted}"))
                lifted += 1
            os.rmdir(path)


def _clear_files(folder: str) -> list[str] | None:
    """Unlink all that is no folder and return the folders' paths; None if there is no such folder."""
    try:
        # The job may have made it with mode 0.
        os.chmod(folder, 0o700)
        with os.scandir(folder) as entries:
            found = list(entries)
    except FileNotFoundError:
        return None
    for entry in found:
        if not entry.is_dir(follow_symlinks=False):
            os.unlink(entry.path)
    return [entry.path for entry in found if entry.is_dir(follow_symlinks=False)]
