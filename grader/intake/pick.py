"""Which of a submission's files are the katas' answers: found by name, within limits, and never guessed at.

A name has a rank. The plain one counts wherever it is; then what a person keeps beside it, "gates_final.py"; last what
only holds the kata's name, "홍길동_gates2.py", if the answer stands in it. Of one rank all have to hold the same.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from grader.bank.kata import Kata
from grader.bank.package import SHARED, SUPPORT
from grader.intake.ipynb import (
    MAX_FILE_BYTES,
    MAX_NOTEBOOK_BYTES,
    answer_mark,
    defined_names,
    holds_answer,
    parse_notebook,
    read_answer,
)
from grader.intake.names import holds_name, plain_name, plain_place
from grader.intake.reading import Reading
from grader.intake.submission import (
    NAMED,
    NOTEBOOK,
    Problem,
    Refused,
    border,
    documented_places,
    list_names,
    own_names,
    wanted_files,
)
from grader.intake.tree import Node
from grader.intake.untouched import is_untouched
from grader.intake.wrappers import Kind, find_home, kind_of, known_names


@dataclass
class Picked:
    """What was read of a submission."""

    files: dict[str, bytes] = field(default_factory=dict)
    """By kata name."""
    problems: dict[str, Problem] = field(default_factory=dict)
    """By kata name."""
    not_read: list[str] = field(default_factory=list)
    """Places of what could be an answer, where another file counts."""
    no_answer: list[str] = field(default_factory=list)
    """Places of what only has a kata's name in its own, where no file counts."""


class Rank(IntEnum):
    """How a file's name stands for a kata's."""

    PLAIN = 0
    BACKUP = 1
    HELD = 2


@dataclass(frozen=True)
class Candidate:
    """A file that may be the answer to a kata."""

    place: str
    plain: str
    """The place, with the name that the kata's file has."""
    rank: Rank
    content: bytes | Problem
    """The answer, or why it cannot be read."""


def pick(files: Mapping[str, Node], katas: tuple[Kata, ...], reading: Reading) -> Picked:
    """Choose and read each kata's file.

    Raises:
        Refused: there is no answer, and no file of a name that is known.
    """
    known = known_names(katas)
    plain = {place: plain_place(place, known) for place in files}
    documented = {kata.name: documented_places(kata) for kata in katas}
    every = [place for places in documented.values() for place in places]
    home = find_home(set(plain.values()), every, past_zips=True)
    picked = Picked()
    for kata in katas:
        top = {home + place for place in documented[kata.name]}
        named = [place for place in files if _name(plain[place]) in own_names(kata) and not _is_given(place, kata)]
        held = [place for place in files if _name(plain[place]) not in known and has_name_of(kata, place)]
        _pick_one(kata, named, held, top, files, reading, picked)
    if not picked.files and not picked.problems and not known.intersection(map(_name, plain.values())):
        raise _nothing(files, katas)
    return picked


def _pick_one(
    kata: Kata,
    named: Iterable[str],
    held: Collection[str],
    top: Collection[str],
    files: Mapping[str, Node],
    reading: Reading,
    picked: Picked,
) -> None:
    candidates = [*_named(kata, named, files, reading), *_held(kata, held, files, reading)]
    if not candidates:
        picked.no_answer += held
    # Beside another file, the one that was given out is nobody's answer.
    begun = [one for one in candidates if isinstance(one.content, Problem) or not is_untouched(one.content, kata)]
    candidates = counting = begun or candidates
    # The three documented places first; a copy further down counts only where none of them is filled.
    for is_better in (
        lambda one: one.rank < Rank.HELD,
        lambda one: one.plain in top,
        lambda one: one.rank is Rank.PLAIN,
    ):
        counting = [one for one in counting if is_better(one)] or counting
    picked.not_read += [one.place for one in candidates if one not in counting]
    problem = next((one.content for one in counting if isinstance(one.content, Problem)), None)
    answers = {one.content for one in counting if isinstance(one.content, bytes)}
    if problem is None and len(answers) > 1:
        problem = Refused("two_files", files=list_names(one.place for one in counting)).problem
    if problem is not None:
        picked.problems[kata.name] = problem
    elif answers:
        picked.files[kata.name] = answers.pop()


def _named(kata: Kata, places: Iterable[str], files: Mapping[str, Node], reading: Reading) -> Iterator[Candidate]:
    own = own_names(kata)
    for place in places:
        name, is_backup = plain_name(_name(place), own)
        rank = Rank.BACKUP if is_backup else Rank.PLAIN
        try:
            content: bytes | Problem = _read(place, files[place], kata, reading)
        except Refused as refused:
            content = refused.problem
        yield Candidate(place, _beside(place, name), rank, content)


def _held(kata: Kata, places: Iterable[str], files: Mapping[str, Node], reading: Reading) -> Iterator[Candidate]:
    """Those in which the answer stands: most of the names that the kata asks for."""
    names = defined_names(kata.student_file.read_text("utf-8"), kata) if places and kata.student_file.is_file() else []
    for place in places if names else ():
        try:
            content = _read(place, files[place], kata, reading)
        except Refused:
            continue
        if place.endswith(NOTEBOOK) or holds_answer(content.decode("utf-8", "replace"), names, answer_mark(kata)):
            yield Candidate(place, _beside(place, kata.file_name), Rank.HELD, content)


def _read(place: str, node: Node, kata: Kata, reading: Reading) -> bytes:
    """A file's bytes; of a notebook those of its answer cell.

    Raises:
        Refused: it cannot be read.
    """
    if not place.endswith(NOTEBOOK):
        return reading.read(node, MAX_FILE_BYTES)
    content = reading.read(node, MAX_NOTEBOOK_BYTES)
    with border(place, damaged="notebook_damaged"):
        return read_answer(parse_notebook(content), kata)


def has_name_of(kata: Kata, place: str) -> bool:
    """Return True if a file's name holds the kata's, and it is neither the kit's nor that of another kata's file."""
    name = _name(place)
    stem, dot, ending = name.rpartition(".")
    if dot + ending.lower() not in (kata.suffix, NOTEBOOK) or not holds_name(stem, kata.slug):
        return False
    others = {f"{folder.name[3:]}{kata.suffix}" for folder in kata.exercise.parent.iterdir()}
    return name not in others and not name.startswith("test_") and not _is_given(place, kata)


def _is_given(place: str, kata: Kata) -> bool:
    """True for the kit's own files beside the katas': nobody's answers, whatever they are called."""
    outer, folder, name = ("", "", *place.split("/"))[-3:]
    if folder == SUPPORT:
        return outer[:2].isdigit()
    return folder == SHARED and (outer == "exercises" or (kata.exercise.parent / SHARED / name).is_file())


def _name(place: str) -> str:
    return place.rpartition("/")[2]


def _beside(place: str, name: str) -> str:
    folder, slash, _ = place.rpartition("/")
    return f"{folder}{slash}{name}"


def _nothing(files: Mapping[str, Node], katas: tuple[Kata, ...]) -> Refused:
    kinds = {place: kind_of(place, katas) for place in files}
    closed = [_name(place) for place, kind in kinds.items() if kind is Kind.ARCHIVE]
    if closed and set(kinds.values()) <= {Kind.ARCHIVE, None}:
        # Nothing here could be an answer but what is packed: no name is to blame.
        return Refused("archive_unread", file=list_names(closed))
    tag = "nothing_found" if files else "empty"
    return Refused(tag, wanted=wanted_files(katas[:NAMED]), found=list_names(files))
