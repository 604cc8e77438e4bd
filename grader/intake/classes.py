"""Tells a class from one submission where both are folders in a zip, or in a folder: by what several entries hold."""

from grader.bank.kata import Kata
from grader.intake.names import plain_name, plain_place
from grader.intake.pick import has_name_of
from grader.intake.reading import Reading
from grader.intake.submission import Refused, documented_places, own_names
from grader.intake.tree import Node, list_files
from grader.intake.wrappers import Kind, find_home, kind_of, known_names

MAX_CLASS_ENTRIES = 100_000
"""Entries of a zip with a whole class in it."""


def class_in(root: Node, katas: tuple[Kata, ...], reading: Reading) -> list[tuple[str, ...]]:
    """Return the places of the submissions below a node, if it holds several: two entries with a file of one kata.

    Raises:
        Refused: it cannot be listed.
    """
    files = list_files(root, known_names(katas), most=MAX_CLASS_ENTRIES)
    documented = [place for kata in katas for place in documented_places(kata)]
    known = known_names(katas)
    plain = {plain_place(place, known) for place in files}
    home = find_home(plain, documented, past_zips=False)
    tops: dict[str, list[str]] = {}
    for place in files:
        if place.startswith(home):
            top, *rest = place[len(home) :].split("/", 1)
            tops.setdefault(top, []).extend(rest)
    lead = tuple(home.split("/")[:-1])
    entries = [top for top, rest in tops.items() if rest or kind_of(top, katas) is not None]
    if any(home + place in plain for place in documented) or not entries:
        return []
    if len(entries) == 1 and not tops[entries[0]] and kind_of(entries[0], katas) is Kind.ZIP:
        wrapper = (*lead, entries[0])
        return [(*wrapper, *inner) for inner in class_in(reading.unpack(files["/".join(wrapper)]), katas, reading)]
    seen: set[str] = set()
    for top in entries:
        held = _held_by(top, tops[top], files.get(home + top), katas, reading)
        if seen & held:
            return [(*lead, entry) for entry in entries]
        seen |= held
    return []


def _held_by(name: str, places: list[str], node: Node | None, katas: tuple[Kata, ...], reading: Reading) -> set[str]:
    """The katas that an entry holds a file of: a folder's, a zip's, or those that a lone file may answer."""
    if not places and node is not None:
        kind = kind_of(name, katas)
        if kind is Kind.NOTEBOOK or (kind is Kind.FILE and len(katas) == 1):
            return {kata.name for kata in katas}
        if kind is not Kind.ZIP:
            return set()
        try:
            places = list(list_files(reading.unpack(node), known_names(katas)))
        except Refused:
            return set()
    known = known_names(katas)
    names = {plain_name(place.split("/")[-1], known)[0] for place in places}
    held = {kata.name for kata in katas if names.intersection(own_names(kata))}
    return held or {kata.name for kata in katas if any(has_name_of(kata, place) for place in places)}
