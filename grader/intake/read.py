"""Reads one submission: walks to it, has its files picked, and merges what one student handed in at several places."""

from dataclasses import replace
from pathlib import PurePath

from grader.bank.kata import Kata
from grader.intake.ipynb import MAX_NOTEBOOK_BYTES, RawCell, answer_id, answer_mark, parse_notebook, read_answer
from grader.intake.names import plain_name
from grader.intake.pick import Picked, pick
from grader.intake.reading import Reading
from grader.intake.submission import (
    ARCHIVE,
    NAMED,
    Found,
    Piece,
    Problem,
    Refused,
    Submission,
    border,
    list_names,
    notebook_file,
    own_names,
    wanted_files,
)
from grader.intake.tree import Node
from grader.intake.untouched import is_untouched
from grader.intake.wrappers import Kind, known_names, list_all, walk_in
from grader.students import latest


def read_submission(found: Found, katas: tuple[Kata, ...]) -> Submission:
    """Read one submission; whatever is wrong with it stands in it, never raised."""
    if not found.also or found.problem is not None:
        return _read_one(found, katas)
    parts = [(place, _read_one(place, katas)) for place in found.also]
    readable = [(place, part) for place, part in parts if part.unreadable is None]
    if not readable:
        return parts[0][1]
    picked = Picked(
        not_read=[f"{place.label()}/{name}" for place, part in readable for name in part.not_read],
        no_answer=[f"{place.label()}/{name}" for place, part in readable for name in part.no_answer],
    )
    times: dict[str, str] = {}
    for kata in katas:
        held = [(place, part) for place, part in readable if kata.name in {**part.files, **part.problems}]
        # The file that was given out is no answer beside one, be that in another place.
        held = [(place, part) for place, part in held if kata.name not in part.untouched] or held
        if not held:
            continue
        where, counts = held[0]
        if len({part.files.get(kata.name) for _, part in held}) > 1:
            last = _last_by_time(held) or _last_by_upload(held, kata)
            if last is None:
                files = list_names(place.label() for place, _ in held)
                picked.problems[kata.name] = Problem("two_files", {"files": files})
                continue
            where, counts = last
            picked.not_read += [place.label() for place, part in held if part is not counts]
        picked.files |= {kata.name: counts.files[kata.name]} if kata.name in counts.files else {}
        picked.problems |= {kata.name: counts.problems[kata.name]} if kata.name in counts.problems else {}
        if where.student is not None and where.student.handed_in:
            times[kata.name] = where.student.handed_in
    times = times if len({place.student.handed_in for place, _ in parts if place.student is not None}) > 1 else {}
    return replace(_submission(found, picked, katas), times=times)


_Place = tuple[Found, Submission]
_Held = list[_Place]
"""Of one student and kata: where a file is, and what was read there."""


def _last_by_time(held: _Held) -> _Place | None:
    """What was handed in last by the platform's own time stamps; None where they do not say."""
    last = latest([place.student.handed_in if place.student else "" for place, _ in held])
    return None if last is None else held[last]


def _last_by_upload(held: _Held, kata: Kata) -> _Place | None:
    """What was uploaded last by the platform's own numbers of one file; None where they do not say."""
    uploads = [piece for piece in (_upload(place, kata) for place, _ in held) if piece is not None]
    numbers = [piece.upload for piece in uploads]
    if len(uploads) < len(held) or len({piece.name for piece in uploads}) > 1 or numbers.count(max(numbers)) > 1:
        return None
    return held[numbers.index(max(numbers))]


def _upload(place: Found, kata: Kata) -> Piece | None:
    """What a platform has of a student that is the kata's file, or holds it; None where that is not certain."""
    own = own_names(kata)
    named = [piece for piece in place.pieces if plain_name(piece.name, own)[0] in own] or place.pieces
    return named[0] if len(named) == 1 else None


def _read_one(found: Found, katas: tuple[Kata, ...]) -> Submission:
    try:
        if found.problem is not None:
            return Submission(found.id, {}, unreadable=found.problem)
        with border(found.path.name, damaged="file_damaged"), Reading() as reading:
            return _submission(found, _read(found, katas, reading), katas)
    except Refused as refused:
        return Submission(found.id, {}, unreadable=refused.problem)


def _submission(found: Found, picked: Picked, katas: tuple[Kata, ...]) -> Submission:
    return Submission(
        found.id,
        picked.files,
        picked.problems,
        not_read=tuple(dict.fromkeys(picked.not_read)),
        no_answer=tuple(dict.fromkeys(picked.no_answer)),
        untouched=frozenset(
            kata.name for kata in katas if kata.name in picked.files and is_untouched(picked.files[kata.name], kata)
        ),
    )


def _read(found: Found, katas: tuple[Kata, ...], reading: Reading) -> Picked:
    node, kind = walk_in(found, katas, reading)
    if kind is Kind.FOLDER:
        lone = _lone_piece(found, node)
        files = {_lone_name(lone, katas): lone} if lone is not None else list_all(node, katas, reading)
        return pick(files, katas, reading)
    if kind is Kind.NOTEBOOK:
        return _read_lone_notebook(node, katas, reading)
    if kind is Kind.FILE:
        return pick({_lone_name(node, katas): node}, katas, reading)
    raise Refused({Kind.LINK: "not_a_file", Kind.TEXT: "text_unread"}.get(kind, "archive_unread"), file=node.name)


def _lone_piece(found: Found, node: Node) -> Node | None:
    """What a platform has of a student if it is a single file that is no zip: as good as one of a plain class."""
    children = list(node.children()) if len(found.pieces) == 1 and found.pieces[0].name else []
    is_file = len(children) == 1 and not children[0].is_folder and not children[0].name.lower().endswith(ARCHIVE)
    return children[0] if is_file else None


def _lone_name(node: Node, katas: tuple[Kata, ...]) -> str:
    """A lone file of any name is the answer to the one kata that is graded; else its own name says which."""
    known = plain_name(node.name, known_names(katas))[0] in known_names(katas)
    if len(katas) == 1 and not known and PurePath(node.name).suffix.lower() == katas[0].suffix:
        return katas[0].file_name
    return node.name


def _read_lone_notebook(node: Node, katas: tuple[Kata, ...], reading: Reading) -> Picked:
    """A notebook of any name: its answer cell says which kata it is, else its own name, as for a .py."""
    content = reading.read(node, MAX_NOTEBOOK_BYTES)
    with border(node.name, damaged="notebook_damaged"):
        cells = parse_notebook(content)
        found = [kata for kata in katas if notebook_file(kata) == node.name or _is_of(cells, kata)]
        kata = found[0] if found else katas[0] if len(katas) == 1 else None
        if kata is None:
            raise Refused("nothing_found", wanted=wanted_files(katas[:NAMED]), found=node.name)
        return Picked({kata.name: read_answer(cells, kata)})


def _is_of(cells: list[RawCell], kata: Kata) -> bool:
    return any(cell.grade_id == answer_id(kata) or answer_mark(kata) in cell.source.splitlines() for cell in cells)
