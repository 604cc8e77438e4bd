"""Rows that may be one student's: nothing but the name says so, and a name is no proof."""

import re
from collections.abc import Iterable

from grader.students import Student

_KEYS = ("number", "login", "email", "platform_id")
_ANEW = ("Moodle",)
"""Platforms whose own ids are given anew for every assignment: two of them may be one student's."""

_MOST = 6
"""Rows of one name; what more have, "anonymous", is nobody's."""


def find_doubles(students: Iterable[Student]) -> dict[str, tuple[str, ...]]:
    """Return, by id, the other rows of that name, in any order of its words, that nothing else tells apart from it."""
    named: dict[str, list[Student]] = {}
    for student in students:
        if words := sorted(re.findall(r"\w+", student.name.lower())):
            named.setdefault(" ".join(words), []).append(student)
    found: dict[str, tuple[str, ...]] = {}
    for alike in (those for those in named.values() if len(those) <= _MOST):
        for one in alike:
            others = tuple(other.id for other in alike if other is not one and not _differ(one, other))
            found |= {one.id: others} if others else {}
    return found


def _differ(one: Student, other: Student) -> bool:
    # One without a platform comes from its list of this assignment.
    is_anew = one.platform in _ANEW and other.platform in _ANEW
    keys = [key for key in _KEYS if key != "platform_id" or not is_anew]
    values = ((getattr(one, key).lower(), getattr(other, key).lower()) for key in keys)
    return any(a and b and a != b for a, b in values)
