"""The collections of a kata's author: other right answers, and known mistakes with their tags.

solutions/NN_slug/right/*.py     answers that must get full marks
solutions/NN_slug/wrong/TAG*.py  known mistakes, each to fail with the tag that its name begins with; one that passes
                                 all public checks says why in its first line, "# Green at home: ..."
solutions/NN_slug/wrong.toml     known mistakes that are a few lines away from another answer:

    [bias_forgotten]                     the name, as a file's without its ending
    of = "right/plain.py"                which answer; left out: the reference
    green = "..."                        why it passes all public checks; left out: it does not
    edits = [{ was = "...", now = "..." }]   whole lines, each `was` once in that answer
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.authoring.stub import read_reference, strip_markers
from grader.bank.kata import Kata
from grader.errors import ContentError
from grader.words.authored import read_toml

EDITS = "wrong.toml"
GREEN = "# Green at home:"
"""How the first line of a known mistake begins that passes all public checks; the reason follows."""


@dataclass(frozen=True)
class Answer:
    """One answer of a collection."""

    name: str
    """A file's name without its ending."""
    place: str
    """Where it stands, for a message: a path, or a path and a key."""
    source: str
    green: str = ""
    """Of a known mistake: why it passes all public checks; "": it does not."""


def reference_of(kata: Kata) -> Answer:
    """Return the reference as a student would have written it.

    Raises:
        ContentError: the kata has none.
    """
    text, file = read_reference(kata)
    return Answer(file.stem, str(file), strip_markers(text))


def right_answers(kata: Kata) -> list[Answer]:
    """Return the other right answers, by name."""
    return [_read(path) for path in sorted((kata.secrets / "right").glob(f"*{kata.suffix}"))]


def wrong_answers(kata: Kata) -> list[Answer]:
    """Return the known mistakes, by name.

    Raises:
        ContentError: wrong.toml is no TOML, names an answer that is not there, an edit does not fit it, or a mistake
            stands there and as a file.
    """
    found = [_read(path) for path in (kata.secrets / "wrong").glob(f"*{kata.suffix}")]
    names = {answer.name for answer in found}
    file = kata.secrets / EDITS
    for answer in _edited(kata, file) if file.exists() else ():
        if answer.name in names:
            raise ContentError(file, answer.name, "is a file of wrong/, too")
        found.append(answer)
    return sorted(found, key=lambda answer: answer.name)


def _edited(kata: Kata, file: Path) -> Iterator[Answer]:
    tables = read_toml(file)
    bases = {"": reference_of(kata).source}
    for name, table in tables.items():
        if not isinstance(table, dict):
            raise ContentError(file, name, "is no table of a known mistake")
        of = table.get("of", "")
        if of not in bases:
            path = kata.secrets / of
            if not path.is_file():
                raise ContentError(file, f"{name}.of", f"there is no {path}")
            bases[of] = path.read_text("utf-8")
        source = _edit(bases[of], table.get("edits"), file, name)
        yield Answer(name, f"{file}: [{name}]", source, str(table.get("green", "")))


def _edit(source: str, edits: Any, file: Path, name: str) -> str:
    if not isinstance(edits, list) or not edits:
        raise ContentError(file, f"{name}.edits", "is no list of edits, [{ was = ..., now = ... }]")
    for number, edit in enumerate(edits, 1):
        if not isinstance(edit, dict) or {type(edit.get(key)) for key in ("was", "now")} != {str}:
            raise ContentError(file, f"{name}.edits", f"edit {number} has no `was` and `now`")
        # Whole lines: "x1" must not be found in "x10".
        was, text = f"\n{edit['was']}\n", f"\n{source}"
        if text.count(was) != 1:
            raise ContentError(file, f"{name}.edits", f"the lines of edit {number} stand there {text.count(was)} times")
        now = f"\n{edit['now']}\n" if edit["now"] else "\n"
        source = text.replace(was, now)[1:]
    return source


def _read(path: Path) -> Answer:
    source = path.read_bytes().decode("utf-8")  # its line ends as they are
    first = source.partition("\n")[0]
    return Answer(path.stem, str(path), source, first.removeprefix(GREEN).strip() if first.startswith(GREEN) else "")
