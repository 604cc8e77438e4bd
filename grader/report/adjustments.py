"""adjustments.toml: what a person decided, beside the results and never in them.

    [[points]]   student, kata, points (or add), comment     a mark by hand
    [[drop]]     kata, check, reason, give                   a check that counts for nobody (give: for everybody)
    [[exempt]]   student, reason, kata                       a kata, or everything, that somebody need not do
    [late]       percent_a_day, deadline, most, of, katas, column, reason     taken off for each day begun
    [[group]]    name, students, hands_in, reason            one hand-in for several students

Every decision has its reason and shows with it. Whatever the file says that cannot be meant (a student, kata, check or
key that does not exist) is one sentence with its line, and nothing is adjusted: a decision is not guessed at.
"""

import math
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from grader.bank.kata import select_names
from grader.errors import UsageError
from grader.students import Student, listed, spellings

FILE_NAME = "adjustments.toml"
"""In the results' folder."""

_MOST_POINTS = 1_000_000
_KEYS = {
    "points": (("student", "kata", "comment"), ("points", "add")),
    "drop": (("kata", "check", "reason"), ("give",)),
    "exempt": (("student", "reason"), ("kata",)),
    "late": (("percent_a_day",), ("deadline", "most", "of", "katas", "column", "reason")),
    "group": (("name", "students"), ("hands_in", "reason")),
}
"""Table -> the keys that it needs, and those that it may have."""


@dataclass(frozen=True)
class Points:
    """A mark by hand."""

    points: float
    comment: str
    is_added: bool
    """To what the judge gave, instead of in its place."""


@dataclass(frozen=True)
class Drop:
    """A check that does not count."""

    check: str
    reason: str
    give: bool
    """Everybody gets its points; else they are no points of the kata any more."""
    line: int


@dataclass(frozen=True)
class Late:
    """What being late costs."""

    deadline: datetime
    percent_a_day: float
    most: float
    """Per cent that are taken off at most."""
    of: str
    """earned | max: of what the per cent are."""
    katas: tuple[str, ...]
    """Empty: all."""
    column: str
    """Of the class list, with times or days late; empty: the platform's time stamps."""
    reason: str
    line: int


@dataclass(frozen=True)
class Group:
    """Students with one hand-in."""

    name: str
    members: tuple[str, ...]
    hands_in: str
    """Whose hand-in counts; empty: that of the only one who has one."""
    reason: str
    line: int


@dataclass(frozen=True)
class Adjustments:
    """All of a file, names settled: students by the id of their row, katas by folder."""

    path: Path
    points: Mapping[tuple[str, str], Points] = field(default_factory=dict)
    """By student and kata."""
    drops: Mapping[str, tuple[Drop, ...]] = field(default_factory=dict)
    """By kata."""
    exempt: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """By student and kata: the reason."""
    late: tuple[Late, ...] = ()
    groups: Mapping[str, Group] = field(default_factory=dict)
    """By member."""


def read_adjustments(
    folder: Path, katas: Collection[str], students: Iterable[Student], deadlines: Mapping[str, datetime]
) -> Adjustments:
    """Read the file of a results' folder; where there is none, nothing is adjusted.

    Args:
        folder: of the results.
        katas: names of those that were graded.
        students: everybody with a row.
        deadlines: by kata, as the course says; they count where [late] has none of its own.

    Raises:
        UsageError: the file cannot be used; says which line and why.
    """
    path = folder / FILE_NAME
    try:
        text = path.read_text("utf-8-sig")
        data = tomllib.loads(text)
    except (FileNotFoundError, NotADirectoryError):
        return Adjustments(path)
    except OSError as problem:
        raise UsageError("cannot_read", path=path, reason=problem.strerror or problem) from None
    except (ValueError, RecursionError) as problem:
        raise UsageError("adjust_toml", path=path, reason=problem) from None
    return _Reader(path, text, data, tuple(katas), tuple(students), deadlines).read()


class _Reader:
    """Turns a file's tables into decisions."""

    def __init__(
        self,
        path: Path,
        text: str,
        data: dict[str, Any],
        katas: tuple[str, ...],
        students: tuple[Student, ...],
        deadlines: Mapping[str, datetime],
    ) -> None:
        self._path = path
        self._lines = text.splitlines()
        self._data = data
        self._katas = katas
        self._deadlines = deadlines
        self._columns = tuple(dict.fromkeys(header for student in students for header in student.more))
        self._ids: dict[str, list[str]] = {}
        for student in students:
            for key in {*student.keys(), student.name} - {""}:
                self._ids.setdefault(key, []).append(student.id)
        self._own = {student.id for student in students}
        self._names: dict[str, list[str]] = {}
        for student in students:
            for spelling in spellings(student.name):
                self._names.setdefault(spelling, []).append(student.id)

    def read(self) -> Adjustments:
        for table in self._data:
            if table not in _KEYS:
                raise self._wrong("adjust_table", self._line_with(table), name=table, known=", ".join(_KEYS))
        points = {}
        for entry in self._entries("points"):
            if ("points" in entry.values) is ("add" in entry.values):
                raise self._wrong("adjust_missing", entry.line, table="points", key="points / add")
            key, is_added = ("add", True) if "add" in entry.values else ("points", False)
            value = self._number(entry, key, least=-math.inf if is_added else 0)
            decided = Points(value, self._text(entry, "comment"), is_added)
            for one in self._places(entry):
                if one in points:
                    raise self._wrong("adjust_twice", entry.line, student=one[0], kata=one[1])
                points[one] = decided
        drops: dict[str, tuple[Drop, ...]] = {}
        for entry in self._entries("drop"):
            give = entry.values.get("give", False)
            if not isinstance(give, bool):
                raise self._bad(entry, "give", "true")
            one_drop = Drop(self._text(entry, "check"), self._text(entry, "reason"), give, entry.line_of("check"))
            for kata in self._kata(entry):
                drops[kata] = (*drops.get(kata, ()), one_drop)
        exempt = {
            place: self._text(entry, "reason") for entry in self._entries("exempt") for place in self._places(entry)
        }
        late = tuple(one for entry in self._entries("late") for one in self._late(entry))
        return Adjustments(self._path, points, drops, exempt, late, self._groups())

    def _entries(self, table: str) -> list["_Entry"]:
        found = self._data.get(table, [])
        found = [found] if isinstance(found, dict) else found
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            raise self._wrong("adjust_table", self._line_with(table), name=table, known=f"[[{table}]]")
        entries = [_Entry(table, values, self._lines, number) for number, values in enumerate(found)]
        needed, more = _KEYS[table]
        for entry in entries:
            for key in entry.values:
                if key not in (*needed, *more):
                    known = ", ".join((*needed, *more))
                    raise self._wrong("adjust_key", entry.line_of(key), table=table, key=key, known=known)
            for key in needed:
                if key not in entry.values:
                    raise self._wrong("adjust_missing", entry.line, table=table, key=key)
        return entries

    def _places(self, entry: "_Entry") -> list[tuple[str, str]]:
        student = self._student(entry, "student", entry.values["student"])
        return [(student, kata) for kata in self._kata(entry)]

    def _kata(self, entry: "_Entry", key: str = "kata") -> tuple[str, ...]:
        wanted = entry.values.get(key, [])
        names = [str(name) for name in (wanted if isinstance(wanted, list) else [wanted])]
        try:
            return select_names(self._katas, tuple(names))
        except UsageError as problem:
            line = entry.line_of(key)
            text = {"unknown_kata": "adjust_unknown_kata", "two_katas": "adjust_two_katas"}[problem.text]
            raise self._wrong(text, line, **problem.values) from None

    def _student(self, entry: "_Entry", key: str, name: object) -> str:
        if name in self._own:
            return str(name)
        # "Ana Kim" is whom Canvas calls "Kim, Ana".
        alike = (one for spelling in spellings(str(name))[:1] for one in self._names.get(spelling, []))
        found = list(dict.fromkeys(self._ids.get(str(name)) or alike))
        if not found:
            raise self._wrong("adjust_student", entry.line_of(key, name), name=name)
        if len(found) > 1:
            raise self._wrong("adjust_two_students", entry.line_of(key, name), name=name, known=", ".join(found))
        return found[0]

    def _number(self, entry: "_Entry", key: str, *, least: float = 0, most: float = math.inf) -> float:
        value = entry.values[key]
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        # An integer of TOML may have more digits than a float can hold.
        if not is_number or not -_MOST_POINTS <= value <= _MOST_POINTS:
            raise self._bad(entry, key, "4.5")
        if not least <= value <= most:
            raise self._bad(entry, key, f"{max(least, 0):g} ... {'' if most == math.inf else f'{most:g}'}".strip())
        return float(value)

    def _text(self, entry: "_Entry", key: str) -> str:
        value = entry.values.get(key, "")
        if not isinstance(value, str) or (not value.strip() and key in _KEYS[entry.table][0]):
            raise self._bad(entry, key, '"..."')
        return value.strip()

    def _late(self, entry: "_Entry") -> Iterator[Late]:
        most = self._number(entry, "most", most=100) if "most" in entry.values else 100.0
        of = entry.values.get("of", "earned")
        if of not in ("earned", "max"):
            raise self._bad(entry, "of", '"earned", "max"')
        percent = self._number(entry, "percent_a_day", most=100)
        katas = self._kata(entry, "katas") if "katas" in entry.values else ()
        column, reason = self._text(entry, "column"), self._text(entry, "reason")
        if column and column not in self._columns:
            text = "adjust_column" if self._columns else "adjust_no_list"
            known = listed(self._columns)
            raise self._wrong(text, entry.line_of("column"), name=column, known=known)
        if "deadline" in entry.values:
            deadlines = {katas: self._deadline(entry)}
        else:
            deadlines = {(kata,): self._deadlines[kata] for kata in katas or self._katas if kata in self._deadlines}
            if not deadlines:
                raise self._wrong("adjust_deadline", entry.line)
        for those, deadline in deadlines.items():
            yield Late(deadline, percent, most, of, those, column, reason, entry.line_of("deadline"))

    def _deadline(self, entry: "_Entry") -> datetime:
        deadline = entry.values["deadline"]
        if isinstance(deadline, str):
            with suppress(ValueError):
                deadline = datetime.fromisoformat(deadline)
        if isinstance(deadline, date) and not isinstance(deadline, datetime):
            # A day ends at midnight.
            deadline = datetime.combine(deadline, time.max)
        if not isinstance(deadline, datetime):
            raise self._bad(entry, "deadline", "2026-11-20T23:59:00+09:00")
        return deadline

    def _groups(self) -> dict[str, Group]:
        groups: dict[str, Group] = {}
        for entry in self._entries("group"):
            named = entry.values["students"]
            if not isinstance(named, list) or len(named) < 2:
                raise self._bad(entry, "students", '["ana", "bob"]')
            members = tuple(self._student(entry, "students", name) for name in named)
            hands_in = ""
            if "hands_in" in entry.values:
                hands_in = self._student(entry, "hands_in", entry.values["hands_in"])
                if hands_in not in members:
                    raise self._bad(entry, "hands_in", members[0])
            name, reason = self._text(entry, "name"), self._text(entry, "reason")
            group = Group(name, members, hands_in, reason, entry.line)
            for member in members:
                if member in groups:
                    raise self._wrong("adjust_two_groups", entry.line_of("students"), name=member)
                groups[member] = group
        return groups

    def _bad(self, entry: "_Entry", key: str, example: str) -> UsageError:
        value = str(entry.values.get(key))[:60]
        return self._wrong("adjust_value", entry.line_of(key), key=key, value=value, example=example)

    def _wrong(self, text: str, line: int, **values: object) -> UsageError:
        return UsageError(text, path=self._path, line=line, **values)

    def _line_with(self, word: str) -> int:
        return next((number for number, line in enumerate(self._lines, 1) if word in line), 1)


class _Entry:
    """One table of the file, and where it stands: TOML's reader does not say."""

    def __init__(self, table: str, values: dict[str, Any], lines: list[str], number: int) -> None:
        self.table = table
        self.values = values
        heads = [
            at for at, line in enumerate(lines) if line.replace(" ", "").startswith((f"[[{table}]]", f"[{table}]"))
        ]
        start = heads[number] if number < len(heads) else 0
        behind = (at for at in range(start + 1, len(lines)) if lines[at].lstrip().startswith("["))
        self._own = list(enumerate(lines, 1))[start : next(behind, len(lines)) if heads else len(lines)]
        self.line = start + 1

    def line_of(self, key: str, value: object = None) -> int:
        """Return the line with a key, or with one value of a list that it has."""
        named = [number for number, line in self._own if value is not None and f'"{value}"' in line]
        keyed = [number for number, line in self._own if line.lstrip().startswith((key, f'"{key}"'))]
        inline = [number for number, line in self._own if f"{key} =" in line or f"{key}=" in line]
        return next(iter([*named, *keyed, *inline]), self.line)


def require_checks(adjustments: Adjustments, checks: Mapping[str, Collection[str]]) -> None:
    """Refuse a dropped check that its kata has not; of katas that are not in `checks` nothing is known.

    Raises:
        UsageError: there is one; says which line, and what there is.
    """
    for kata, drops in adjustments.drops.items():
        for drop in drops if kata in checks else ():
            if drop.check not in checks[kata]:
                path, known = adjustments.path, ", ".join(checks[kata])
                raise UsageError("adjust_check", path=path, line=drop.line, kata=kata, name=drop.check, known=known)


def days_late(handed_in: datetime, late: Late) -> int:
    """Return how many days after the deadline have begun; 0 for in time.

    Raises:
        ValueError: one of the two times has an offset from UTC and the other none.
    """
    deadline = late.deadline
    if deadline.tzinfo is not None and handed_in.tzinfo is None:
        # A class list's times are those of the place where the deadline is.
        handed_in = handed_in.replace(tzinfo=deadline.tzinfo)
    if deadline.tzinfo is None and handed_in.tzinfo is not None:
        raise ValueError("the deadline has no offset from UTC")
    after = (handed_in - deadline).total_seconds()
    return math.ceil(after / 86400) if after > 0 else 0
