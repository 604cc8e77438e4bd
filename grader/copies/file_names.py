"""Names of files that are safe whatever an id is: on every file system, in a link, and beside each other."""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

_MOST_BYTES = 100
"""Of a name without its ending; a file system that encrypts names leaves 143."""
_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)
"""Source: Microsoft, "Naming Files, Paths, and Namespaces": reserved with any ending, the superscript digits too."""
_HASHED = re.compile(r".*-[0-9a-f]{10}")


def file_stem(submission: str) -> str:
    """Return an id as a file's name without its ending: the id itself where every system takes it, else a short form
    of it and a digest, so that two ids never share a name.
    """
    plain = unicodedata.normalize("NFC", submission)
    short = _only_safe(plain)
    if not plain or short != plain or plain != submission or _RESERVED.fullmatch(plain) or _HASHED.fullmatch(plain):
        return hashed_stem(submission)
    return plain


def hashed_stem(submission: str) -> str:
    """Return an id as a file's name that no other id has."""
    # Without dots: "con.txt-0f3a..." would still be the device CON.
    short = _only_safe(unicodedata.normalize("NFC", submission)).replace(".", "-")[:40].strip("-_ ") or "id"
    digest = hashlib.sha256(submission.encode("utf-8", "surrogatepass")).hexdigest()[:10]
    return f"{short}-{digest}"


def folded(stem: str) -> str:
    """Return what two names have in common that are one file on a system without capitals, or with other accents."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", stem).casefold())


def _only_safe(text: str) -> str:
    safe = "".join(char if char.isalnum() or char in "-_. " else "-" for char in text)
    safe = re.sub(" +", " ", safe).strip(". ").lstrip("-")
    while len(safe.encode("utf-8", "replace")) > _MOST_BYTES:
        safe = safe[:-1].rstrip(". ")
    return safe


class FileNames:
    """The names for one class's ids; ids that are equal but for capitals all get a digest."""

    def __init__(self, submissions: Iterable[str]) -> None:
        """Look at every id once."""
        counts = Counter(folded(file_stem(submission)) for submission in submissions)
        self._shared = {name for name, count in counts.items() if count > 1}

    def stem(self, submission: str) -> str:
        """Return the file's name without its ending."""
        stem = file_stem(submission)
        return hashed_stem(submission) if folded(stem) in self._shared else stem
