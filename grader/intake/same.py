"""Which of the places that were found are one student's, and which only have one name."""

from collections.abc import Iterable
from dataclasses import replace

from grader.intake.submission import Found, Problem, decoded, list_names, shown


def tell_apart(found: Iterable[Found]) -> list[Found]:
    """Return one of each id: merged where a platform knows the student, else unreadable and naming them all."""
    by_id: dict[str, list[Found]] = {}
    for place in found:
        by_id.setdefault(place.id, []).append(place)
    return [same[0] if len(same) == 1 else _merge(same) or _refuse(same) for same in by_id.values()]


def _merge(same: list[Found]) -> Found | None:
    """One student's hand-ins in several exports of one platform; None if they may be of several students."""
    students = [place.student for place in same if place.student is not None and place.problem is None]
    if len(students) < len(same) or len({(one.platform, one.platform_id, one.number) for one in students}) > 1:
        return None
    others = ", ".join(one.others for one in students if one.others)
    late = next((one.late for one in students if one.late), "")
    # Handed in at several times: none of them is that of every kata.
    times = {one.handed_in for one in students}
    handed_in = times.pop() if len(times) == 1 else ""
    student = replace(students[0], others=others, late=late, handed_in=handed_in)
    return replace(same[0], also=tuple(same), student=student)


def _refuse(same: list[Found]) -> Found:
    names = [place.label() for place in same]
    if len(set(names)) < len(names):
        names = [f"{place.path.absolute().parent.name}/{name}" for place, name in zip(same, names, strict=True)]
    values = {"name": shown(same[0].id), "files": list_names(decoded(name) for name in names)}
    return replace(same[0], problem=Problem("same_id", values), also=tuple(same))
