"""What programs and people make of a file's name, "gates (1).py", "gates_final.py", and back again: one rule for all.

Alone, such a file is read as the kata's. Beside one of the plain name, a second download is as likely what counts, so
the two have to be the same; a name that a person gave is passed over and told to the instructor. A
name that only holds the kata's ("홍길동_gates2.py") is one of many that a helper's file may have, so there the answer
has to stand in the file. Canvas numbers uploads: of those the last counts.
"""

import re
from collections.abc import Collection, Iterable

_SAME = (
    re.compile(r"(?P<stem>.+?) ?\(\d+\)(?P<ending>\.\w+)?"),
    re.compile(r"(?:Copy of|사본 -) ?(?P<stem>.+)(?P<ending>)"),
    re.compile(r"(?P<stem>.+?)의 사본(?P<ending>\.\w+)?"),
)
"""A second download, a copy in Google Drive: as good as a file of the plain name, and as likely what counts."""
_WORDS = (
    "copy|backup|bak|old|orig(?:inal)?|new|last|final|fix(?:ed)?|edit(?:ed)?|done|submit(?:ted)?|submission|ver(?:sion)?"
    "|복사본|사본|백업|원본|이전|최종|최종본|진짜|진짜최종|수정|수정본|완성|완성본|완료|제출|제출본|제출용"
)
_BACKUPS = (
    re.compile(
        rf"(?P<stem>.+?)(?: - |[ _-])\(?(?:{_WORDS}|v\d+)\)?(?:[ _.-]?\(?\d+\)?)?(?P<ending>\.\w+)", re.IGNORECASE
    ),
    re.compile(r"(?P<stem>.+)-\d+(?P<ending>\.\w+)"),
)
"""What a person keeps beside the file, or calls it on the way: it counts only where there is no other."""
_NUMBERED = re.compile(r"(?P<stem>.+)-(?P<number>\d{1,3})(?P<ending>\.\w+)")


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


def holds_name(stem: str, slug: str) -> bool:
    """True if a file's name, without its ending, holds a kata's as words of their own: "20231234_Fit-New 2"."""
    first, *rest = slug.split("_")
    if first not in stem.lower():
        return False
    return re.search(rf"(?<![a-z]){'[ _-]?'.join((first, *rest))}(?![a-z])", stem, re.IGNORECASE) is not None


def number_of_upload(name: str) -> tuple[str, int]:
    """Return a file's name and which upload of it this is, as Canvas numbers them: gates.py, gates-1.py, gates-2.py."""
    found = _NUMBERED.fullmatch(name)
    return (found["stem"] + found["ending"], int(found["number"])) if found else (name, 0)


def _stripped(name: str, patterns: Iterable[re.Pattern[str]], known: Collection[str]) -> str:
    """The name without what the patterns know, taken off again and again: a copy of a copy."""
    while name not in known:
        found = next((match for pattern in patterns if (match := pattern.fullmatch(name))), None)
        if found is None:
            break
        name = found["stem"] + (found["ending"] or "")
    return name
