"""Reads one submission: looks through its tree, picks out the katas' files by exact name, reads them within limits."""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import PurePath

from grader.bank.kata import Kata
from grader.bank.package import SHARED
from grader.intake.ipynb import (
    MAX_NOTEBOOK_BYTES,
    BadNotebook,
    RawCell,
    answer_id,
    answer_mark,
    parse_notebook,
    read_answer,
)
from grader.intake.names import plain_name, plain_place
from grader.intake.reading import Reading
from grader.intake.submission import (
    ARCHIVE,
    MAX_FILE_BYTES,
    NAMED,
    NOTEBOOK,
    Found,
    Piece,
    Problem,
    Refused,
    Submission,
    border,
    documented_places,
    list_names,
    notebook_file,
    own_names,
    wanted_files,
)
from grader.intake.tree import Node
from grader.intake.wrappers import Kind, find_home, kind_of, known_names, list_all, walk_in
from grader.students import when


def read_submission(found: Found, katas: tuple[Kata, ...]) -> Submission:
    """Read one submission; whatever is wrong with it stands in it, never raised."""
    if not found.also or found.problem is not None:
        return _read_one(found, katas)
    parts = [(place, _read_one(place, katas)) for place in found.also]
    readable = [(place, part) for place, part in parts if part.unreadable is None]
    if not readable:
        return parts[0][1]
    files: dict[str, bytes] = {}
    problems: dict[str, Problem] = {}
    times: dict[str, str] = {}
    not_read = [f"{place.label()}/{name}" for place, part in readable for name in part.not_read]
    for kata in katas:
        held = [(place, part) for place, part in readable if kata.name in {**part.files, **part.problems}]
        if not held:
            continue
        where, counts = held[0]
        if len({part.files.get(kata.name) for _, part in held}) > 1:
            last = _last_by_time(held) or _last_by_upload(held, kata)
            if last is None:
                problems[kata.name] = Problem("two_files", {"files": list_names(place.label() for place, _ in held)})
                continue
            where, counts = last
            not_read += [place.label() for place, part in held if part is not counts]
        files |= {kata.name: counts.files[kata.name]} if kata.name in counts.files else {}
        problems |= {kata.name: counts.problems[kata.name]} if kata.name in counts.problems else {}
        if where.student is not None and where.student.handed_in:
            times[kata.name] = where.student.handed_in
    times = times if len({place.student.handed_in for place, _ in parts if place.student is not None}) > 1 else {}
    return Submission(found.id, files, problems, not_read=tuple(dict.fromkeys(not_read)), times=times)


_Place = tuple[Found, Submission]
_Held = list[_Place]
"""Of one student and kata: where a file is, and what was read there."""


def _last_by_time(held: _Held) -> _Place | None:
    """What was handed in last by the platform's own time stamps; None where they do not say."""
    times = [when(place.student.handed_in) if place.student else None for place, _ in held]
    known = [time for time in times if time is not None]
    if len(known) < len(times) or len({time.tzinfo is None for time in known}) > 1 or known.count(max(known)) > 1:
        return None
    return held[known.index(max(known))]


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
            files, problems, not_read = _read(found, katas, reading)
            return Submission(found.id, files, problems, not_read=not_read)
    except Refused as refused:
        return Submission(found.id, {}, unreadable=refused.problem)


KITS_OWN = f"/exercises/{SHARED}"
"""A folder that everybody was given: its files are nobody's answers, whatever they are called."""
_Read = tuple[dict[str, bytes], dict[str, Problem], tuple[str, ...]]
"""Files and problems, by kata name; and what was not read, because another file counts."""


def _read(found: Found, katas: tuple[Kata, ...], reading: Reading) -> _Read:
    node, kind = walk_in(found, katas, reading)
    if kind is Kind.FOLDER:
        lone = _lone_piece(found, node)
        files = {_lone_name(lone, katas): lone} if lone is not None else list_all(node, katas, reading)
        return _pick(files, katas, reading)
    if kind is Kind.NOTEBOOK:
        return _read_lone_notebook(node, katas, reading)
    if kind is Kind.FILE:
        return _pick({_lone_name(node, katas): node}, katas, reading)
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


def _read_lone_notebook(node: Node, katas: tuple[Kata, ...], reading: Reading) -> _Read:
    """A notebook of any name: its answer cell says which kata it is, else its own name, as for a .py."""
    content = reading.read(node, MAX_NOTEBOOK_BYTES)
    with border(node.name, damaged="notebook_damaged"):
        cells = parse_notebook(content)
        found = [kata for kata in katas if notebook_file(kata) == node.name or _is_of(cells, kata)]
        kata = found[0] if found else katas[0] if len(katas) == 1 else None
        if kata is None:
            raise Refused("nothing_found", wanted=wanted_files(katas[:NAMED]), found=node.name)
        return {kata.name: _answer_in(cells, kata)}, {}, ()


def _is_of(cells: list[RawCell], kata: Kata) -> bool:
    return any(cell.grade_id == answer_id(kata) or answer_mark(kata) in cell.source.splitlines() for cell in cells)


def _answer_in(cells: list[RawCell], kata: Kata) -> bytes:
    """The answer cell of a notebook.

    Raises:
        BadNotebook: there is none, or it is longer than a file may be.
    """
    answer = read_answer(cells, kata)
    if len(answer) > MAX_FILE_BYTES:
        raise BadNotebook("notebook_too_long")
    return answer


def _pick(files: Mapping[str, Node], katas: tuple[Kata, ...], reading: Reading) -> _Read:
    """Choose and read each kata's file.

    Raises:
        Refused: no name among the files is known.
    """
    known = known_names(katas)
    # By place: the place with its plain name, and whether that is a backup's.
    plain = {place: (plain_place(place, known), plain_name(place.split("/")[-1], known)[1]) for place in files}
    if not known.intersection(place.split("/")[-1] for place, _ in plain.values()):
        kinds = {place: kind_of(place, katas) for place in files}
        closed = [place.split("/")[-1] for place, kind in kinds.items() if kind is Kind.ARCHIVE]
        if closed and set(kinds.values()) <= {Kind.ARCHIVE, None}:
            # Nothing here could be an answer but what is packed: no name is to blame.
            raise Refused("archive_unread", file=list_names(closed))
        tag = "nothing_found" if files else "empty"
        raise Refused(tag, wanted=wanted_files(katas[:NAMED]), found=list_names(files))
    documented = {kata.name: documented_places(kata) for kata in katas}
    every = [place for places in documented.values() for place in places]
    home = find_home({place for place, _ in plain.values()}, every, past_zips=True)
    picked: dict[str, bytes] = {}
    problems: dict[str, Problem] = {}
    not_read: list[str] = []
    for kata in katas:
        own = [
            place
            for place in files
            if plain[place][0].split("/")[-1] in own_names(kata)
            and not f"/{place}".rpartition("/")[0].endswith(KITS_OWN)
        ]
        own = _without_untouched(own, files, kata, reading)
        # The three documented places first; a copy further down (a backup) counts only where none of them is filled.
        top = {home + place for place in documented[kata.name]}
        copies = [place for place in own if plain[place][0] in top] or own
        copies = [place for place in copies if not plain[place][1]] or copies
        not_read += [place for place in own if place not in copies]
        try:
            content = _read_equal({place: files[place] for place in copies}, kata, reading)
        except Refused as refused:
            problems[kata.name] = refused.problem
            continue
        if content is not None:
            picked[kata.name] = content
    return picked, problems, tuple(not_read)


def _without_untouched(places: list[str], files: Mapping[str, Node], kata: Kata, reading: Reading) -> list[str]:
    """The places of a kata's file, without the file as it was given out: beside another it is nobody's answer."""
    if len(places) < 2 or not kata.student_file.is_file():
        return places
    given = _plain(kata.student_file.read_bytes())
    answers = []
    for place in places:
        # What cannot be read is somebody's answer: it is refused by name.
        with suppress(Refused):
            if not place.endswith(NOTEBOOK) and _plain(reading.read(files[place], MAX_FILE_BYTES)) == given:
                continue
        answers.append(place)
    return answers or places


def _plain(source: bytes) -> list[bytes]:
    """A file's lines without what an editor changes by itself: marks, line ends, spaces at the end."""
    return [line.rstrip() for line in source.removeprefix(b"\xef\xbb\xbf").strip().splitlines()]


def _read_equal(copies: Mapping[str, Node], kata: Kata, reading: Reading) -> bytes | None:
    """Return what all copies of a kata's file hold; None if there is no copy.

    Raises:
        Refused: two of them differ, or one cannot be read.
    """
    answer: bytes | None = None
    seen: set[bytes] = set()
    for place, node in copies.items():
        is_notebook = place.endswith(NOTEBOOK)
        content = reading.read(node, MAX_NOTEBOOK_BYTES if is_notebook else MAX_FILE_BYTES)
        if content in seen:
            continue
        seen.add(content)
        if is_notebook:
            with border(place, damaged="notebook_damaged"):
                content = _answer_in(parse_notebook(content), kata)
        if answer is not None and content != answer:
            raise Refused("two_files", files=list_names(copies))
        answer = content
    return answer
