"""What a browser, a drive and an editor make of a file's name: "gates (1).py", "Copy of gates.py"; and back again."""

import re
from collections.abc import Collection, Iterable

_SAME = (
    re.compile(r"(?P<stem>.+?) ?\(\d+\)(?P<ending>\.\w+)?"),
    re.compile(r"(?:Copy of|사본 -) ?(?P<stem>.+)(?P<ending>)"),
    re.compile(r"(?P<stem>.+?)의 사본(?P<ending>\.\w+)?"),
)
"""A second download, a copy in Google Drive: as good as a file of the plain name, and as likely what counts."""
_BACKUPS = (
    re.compile(r"(?P<stem>.+?)(?: - Copy| - 복사본| copy| 복사본)(?: ?\(?\d+\)?)?(?P<ending>\.\w+)"),
    re.compile(r"(?P<stem>.+)-\d+(?P<ending>\.\w+)"),
)
"""What a student keeps beside the file: it counts only where there is no other."""


def plain_name(name: str, known: Collection[str]) -> tuple[str, bool]:
    """Return the known name that a file's name stands for, and whether it is a backup's; else the name itself.

    Args:
        name: as it is, "Copy of gates (1).py".
        known: the names that katas' files have, "gates.py".
    """
    if name in known:
        return name, False
    if not any(one.rpartition(".")[0] in name for one in known):
        return name, False
    plain = _stripped(name, _SAME, known)
    if plain in known:
        return plain, False
    plain = _stripped(name, _SAME + _BACKUPS, known)
    return (plain, True) if plain in known else (name, False)


def plain_place(place: str, known: Collection[str]) -> str:
    """Return a place with the plain name at its end; see `plain_name`."""
    folder, slash, name = place.rpartition("/")
    return f"{folder}{slash}{plain_name(name, known)[0]}"


def _stripped(name: str, patterns: Iterable[re.Pattern[str]], known: Collection[str]) -> str:
    """The name without what the patterns know, taken off again and again: a copy of a copy."""
    while name not in known:
        found = next((match for pattern in patterns if (match := pattern.fullmatch(name))), None)
        if found is None:
            break
        name = found["stem"] + (found["ending"] or "")
    return name
