"""Which of the places that were found are one student's, and which only have one name.

A platform may know a student by her number in one export and only by her e-mail in another. One e-mail is one student,
unless two numbers have it; a name that two exports share is none, see report/doubles.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from grader.intake.submission import Found, Problem, decoded, list_names, shown
from grader.students import Student


def tell_apart(found: Iterable[Found]) -> list[Found]:
    """Return one of each id: merged where a platform knows the student, else unreadable and naming them all."""
    by_id: dict[str, list[Found]] = {}
    for place in _of_one_email(list(found)):
        by_id.setdefault(place.id, []).append(place)
    return [same[0] if len(same) == 1 else _merge(same) or _refuse(same) for same in by_id.values()]


def _of_one_email(found: list[Found]) -> list[Found]:
    """The places, those of one platform's student under one id where her e-mail says so: by number if possible."""
    known: dict[tuple[str, str], list[Student]] = {}
    for place in found:
        if place.student is not None and place.student.email:
            known.setdefault(_email(place.student), []).append(place.student)
    return [_renamed(place, known) for place in found]


def _email(student: Student) -> tuple[str, str]:
    return student.platform, student.email.lower()


def _renamed(place: Found, known: Mapping[tuple[str, str], list[Student]]) -> Found:
    if place.student is None or place.student.number or not place.student.email:
        return place
    alike = known[_email(place.student)]
    numbered = [one for one in alike if one.number]
    if len({one.number for one in numbered}) > 1:
        return place
    first = (numbered or alike)[0]
    return replace(place, id=decoded(first.id), student=replace(place.student, id=first.id, number=first.number))


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
    names, emails = ([one.name for one in students if one.name], [one.email for one in students if one.email])
    student = replace(
        students[0],
        name=(*names, "")[0],
        email=(*emails, "")[0],
        others=others,
        late=late,
        handed_in=handed_in,
    )
    return replace(same[0], also=tuple(same), student=student)


def _refuse(same: list[Found]) -> Found:
    names = [place.label() for place in same]
    if len(set(names)) < len(names):
        names = [f"{place.path.absolute().parent.name}/{name}" for place, name in zip(same, names, strict=True)]
    values = {"name": shown(same[0].id), "files": list_names(decoded(name) for name in names)}
    return replace(same[0], problem=Problem("same_id", values), also=tuple(same))
