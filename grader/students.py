"""Who the students are: what a platform says of them, what a class list adds, and the file beside the results.

A row of the results has an id, and it stays the only thing that ties a student to marks. Everything else here (name,
e-mail, login, the platform's own id, when something was handed in) is for people and for the platform's own files. A
class list is joined by what it has in common with a submission, first the platform's id, then the others; two students
who could both be meant are a sentence, never a choice.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from grader.csv_file import Table, read_table
from grader.errors import UsageError

FILE_NAME = "students.csv"
"""In the results' folder, beside results.jsonl."""

COLUMNS = {
    "number": ("id", "student_id", "student id", "sis user id", "id number", "sid", "학번", "학생 id"),
    "name": ("name", "full name", "student", "student name", "이름", "성명", "전체 이름"),
    "last_name": ("last_name", "last name", "lastname", "surname", "성"),
    "first_name": ("first_name", "first name", "firstname", "given name"),
    "email": ("email", "e-mail", "email address", "mail", "이메일", "이메일 주소", "메일"),
    "login": ("login", "sis login id", "username", "user name", "github_username", "github username", "아이디"),
    "platform_id": ("platform_id", "platform id", "canvas id", "moodle id", "identifier", "식별자"),
    "handed_in": ("handed_in", "submitted", "datetime", "last modified (submission)", "제출 시각"),
}
"""What a column is -> headers that mean it, in small letters; of several in one file the first one here counts."""
_GIVEN = ("name", "이름")
"""Headers of the given name where a column of family names stands beside it."""
TEST_STUDENT = "Student, Test"
"""Whom Canvas lets an instructor be, as its gradebook has it: in every course, and nobody."""
_HANGUL = re.compile("[가-힣]+")
_KEYS = ("platform_id", "number", "login", "email")
"""By what a student of a class list is found, in this order."""


@dataclass(frozen=True)
class Student:
    """One student; every field but the id may be empty."""

    id: str
    """Of the row in the results."""
    name: str = ""
    number: str = ""
    """The class list's own id: a student number, as a rule."""
    email: str = ""
    login: str = ""
    platform_id: str = ""
    platform: str = ""
    """What the platform is called: Canvas, Moodle ..."""
    handed_in: str = ""
    """When, as ISO 8601, with the offset from UTC where the platform says it; see `join_times` for several."""
    late: str = ""
    """"late" where the platform says so; Canvas does without saying when."""
    others: str = ""
    """Hand-ins that do not count, because a later one does."""
    more: Mapping[str, str] = field(default_factory=dict)
    """Further columns of the class list, by header."""

    def keys(self) -> tuple[str, ...]:
        """Return what may stand for the student in a file, but for the name."""
        return tuple(
            dict.fromkeys(key for key in (self.id, self.platform_id, self.number, self.login, self.email) if key)
        )


def join_times(times: Mapping[str, str]) -> str:
    """Return several times of handing in as one text, "02_gates 2026-11-20T21:00; 03_xor 2026-11-27T09:00"."""
    return "; ".join(f"{kata} {time}" for kata, time in times.items())


def time_of(handed_in: str, kata: str) -> str:
    """Return the time of one kata, where there are several, else the only one."""
    times = dict(part.split(" ", 1) for part in handed_in.split("; ") if " " in part)
    return times.get(kata, handed_in)


def listed(names: Sequence[str]) -> str:
    """Return names one after the other; parted by semicolons where one has a comma in it, "Kim, Ana; Lee, Bo"."""
    return ("; " if any("," in name for name in names) else ", ").join(names)


def when(text: str) -> datetime | None:
    """Return the time that a platform's text says; None where it says none that is known here."""
    text = text.strip()
    with suppress(ValueError):
        return datetime.fromisoformat(text)
    for form in _TIMES:
        with suppress(ValueError):
            return datetime.strptime(text, form)
    return _korean_time(text)


def latest(texts: Sequence[str]) -> int | None:
    """Return the place of the last of several times; None where they do not say which it is.

    Two may be equal, one no time at all, or one without the offset from UTC that another one has.
    """
    times = [when(text) for text in texts]
    known = [time for time in times if time is not None]
    if len(known) < len(times) or len({time.utcoffset() is None for time in known}) > 1:
        return None
    last = max(known)
    return known.index(last) if known.count(last) == 1 else None


_TIMES = (
    "%A, %d %B %Y, %I:%M %p",
    "%A, %d %B %Y, %H:%M",
    "%Y-%m-%d %H:%M:%S %z",
    "%Y. %m. %d. %H:%M",
    "%Y/%m/%d %H:%M",
)
"""Moodle's, in English; Ruby's, which Gradescope writes; and what spreadsheets make of a time."""
_KOREAN = re.compile(
    r"(?P<year>\d{4})[년.]\s*(?P<month>\d{1,2})[월.]\s*(?P<day>\d{1,2})[일.]?[\s,]*(?:\(?[월화수목금토일](?:요일)?\)?)?[\s,]*"
    r"(?P<half>오전|오후|AM|PM)?\s*(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?\s*(?P<after>AM|PM|오전|오후)?",
    re.IGNORECASE,
)
"""2026년 11월 20일 금요일, 오후 9:12, as Moodle in Korean; 2026. 11. 20 오후 9:12:00, as Google's sheets."""


def _korean_time(text: str) -> datetime | None:
    found = _KOREAN.fullmatch(text)
    if found is None:
        return None
    year, month, day, hour, minute, second = (
        int(found[name] or 0) for name in ("year", "month", "day", "hour", "minute", "second")
    )
    half = (found["half"] or found["after"] or "").lower()
    if half and not 1 <= hour <= 12:
        return None
    if half:
        hour = hour % 12 + (12 if half in ("오후", "pm") else 0)
    with suppress(ValueError):
        return datetime(year, month, day, hour, minute, second)
    return None


_OWN = ("id", "name", "number", "email", "login", "platform_id", "platform", "handed_in", "late", "others")


def read_roster(file: Path) -> list[Student]:
    """Return the students of a class list; the gradebook that Canvas exports and Moodle's worksheet are such lists.

    A student's id is the column `id`; where it is missing or empty the login, else the e-mail, else the platform's id.

    Raises:
        UsageError: the file is no table, has no column that tells students apart, or names one of them twice.
    """
    table = read_table(file)
    places = find_columns(table.header)
    word = _participant(table)
    if word:
        places |= {name: place for name, place in _worksheet_columns(table).items() if places[name] is None}
    if all(places[key] is None for key in _KEYS):
        wanted = ", ".join(dict.fromkeys(COLUMNS[key][0] for key in ("number", "login", "email", "platform_id")))
        raise UsageError("roster_no_id", path=file, known=wanted)
    students = []
    for line, row in zip(table.lines[1:], table.rows[1:], strict=True):
        student = _student(row, places, table, word)
        if _is_canvas(table.header) and student.name == TEST_STUDENT:
            continue
        if not student.id:
            # Rows without a student: an empty one, and Canvas's "Points Possible".
            if not student.name or "points possible" in student.name.lower():
                continue
            raise UsageError("roster_bad_id", path=file, line=line, name=student.name)
        students.append((line, student))
    _require_distinct(students, file)
    if not students:
        raise UsageError("empty_table", path=file)
    return [student for _, student in students]


def find_columns(header: tuple[str, ...]) -> dict[str, int | None]:
    """Return the place of each of COLUMNS in a table's header; None where it has none."""
    known = [cell.lower() for cell in header]
    places = {name: _place(known, headers) for name, headers in COLUMNS.items()}
    if _is_canvas(header):
        places |= {"platform_id": known.index("id"), "number": _place(known, ("sis user id",))}
    name = places["name"]
    if name is not None and known[name] in _GIVEN and places["last_name"] is not None and places["first_name"] is None:
        places |= {"name": None, "first_name": name}
    return places


_PARTICIPANT = re.compile(r"(?P<word>\D{3,}?) ?\d+")


def _participant(table: Table) -> str:
    """What the site's language calls a participant, if this is Moodle's grading worksheet; "" if it is none.

    Its first column is "Participant 301", and at least a mark, its maximum and two further columns stand behind a name.
    """
    cells = [_PARTICIPANT.fullmatch(row[0].strip()) for row in table.rows[1:]]
    words = {found["word"] if found else "" for found in cells}
    return words.pop() if len(words) == 1 and len(table.header) > 6 else ""


def _worksheet_columns(table: Table) -> dict[str, int]:
    """The columns of a worksheet by what stands in them, for its headers are in the site's language.

    Behind the participant a name, an e-mail, ..., when it was handed in, ..., when it was graded; "-" where it was not.
    """
    cells = [
        [row[place].strip() if place < len(row) else "" for row in table.rows[1:]] for place in range(len(table.header))
    ]
    found = {"platform_id": 0}
    emails = [place for place, column in enumerate(cells) if place > 1 and all("@" in cell for cell in column)]
    if emails:
        found |= {"name": 1, "email": emails[0]}
    times = [place for place, column in enumerate(cells) if all(cell == "-" or when(cell) for cell in column)]
    # One alone may be when a person graded; the first without any time is that of marks, which has no entry yet.
    dated = [place for place in times if any(cell != "-" for cell in cells[place])]
    if dated and dated[0] != times[-1]:
        found["handed_in"] = dated[0]
    return found


def _place(known: list[str], headers: Iterable[str]) -> int | None:
    return next((known.index(header) for header in headers if header in known), None)


def _is_canvas(header: tuple[str, ...]) -> bool:
    """True for a gradebook of Canvas, whose column ID is Canvas's own and not the school's."""
    return header[0] in ("Student", "LastName") and "ID" in header[1:3] and any("Section" in cell for cell in header)


def _student(row: tuple[str, ...], places: Mapping[str, int | None], table: Table, participant: str) -> Student:
    cells = {
        name: row[place].strip() if place is not None and place < len(row) else "" for name, place in places.items()
    }
    name = cells["name"] or _full_name(cells["first_name"], cells["last_name"])
    # "Participant 123" is Moodle's way to write the number 123, in some languages without the space.
    number = cells["platform_id"].removeprefix(participant).rpartition(" ")[2]
    used = {place for place in places.values() if place is not None}
    return Student(
        id=cells["number"] or cells["login"] or cells["email"] or number,
        name=name,
        number=cells["number"],
        email=cells["email"],
        login=cells["login"],
        platform_id=number,
        # Moodle's for nothing.
        handed_in="" if cells["handed_in"] == "-" else cells["handed_in"],
        more={
            header: row[place].strip()
            for place, header in enumerate(table.header)
            if header and place < len(row) and (place not in used or place == places["handed_in"])
        },
    )


def _full_name(first: str, last: str) -> str:
    """A name as it is written: 김민수, Ana Kim."""
    is_korean = bool(_HANGUL.fullmatch(first) and _HANGUL.fullmatch(last))
    return f"{last}{first}" if is_korean else " ".join(part for part in (first, last) if part)


def _require_distinct(students: list[tuple[int, Student]], file: Path) -> None:
    for key in ("id", *_KEYS):
        seen: dict[str, int] = {}
        for line, student in students:
            value = getattr(student, key).lower()
            if value and value in seen:
                raise UsageError("roster_twice", path=file, line=line, name=value, first=seen[value])
            seen[value] = line


def join_roster(handed_in: Iterable[Student], roster: list[Student]) -> tuple[list[Student], list[Student], list[str]]:
    """Return the students who handed in, with what the class list says of them; those who did not; ids not on the list.

    Raises:
        UsageError: two of those who handed in are the same student of the list.
    """
    by_key = {key: _index((student, getattr(student, key)) for student in roster) for key in _KEYS}
    names = _index((student, name) for student in roster for name in spellings(student.name))
    joined, strangers = [], []
    taken: dict[str, str] = {}
    for student in handed_in:
        found = _on_list(student, by_key) or _one(names, *spellings(student.name)[:1])
        if found is None:
            strangers.append(student.id)
            joined.append(student)
            continue
        if found.id in taken:
            raise UsageError("roster_same_student", name=found.id, first=taken[found.id], second=student.id)
        taken[found.id] = student.id
        joined.append(_merged(student, found))
    missing = [student for student in roster if student.id not in taken]
    return joined, missing, strangers


_Index = Mapping[str, list[Student]]


def _index(pairs: Iterable[tuple[Student, str]]) -> _Index:
    found: dict[str, list[Student]] = {}
    for student, value in pairs:
        if value and student not in found.setdefault(value.lower(), []):
            found[value.lower()].append(student)
    return found


def spellings(name: str) -> tuple[str, ...]:
    """Return a name as platforms write it, without spaces and signs ("Kim, Ana" in Canvas: kimana), in both orders."""
    words = re.findall(r"\w+", name.lower())
    return tuple(dict.fromkeys(("".join(words), "".join(words[1:] + words[:1])))) if words else ()


def _on_list(student: Student, by_key: Mapping[str, _Index]) -> Student | None:
    for key in _KEYS:
        if found := _one(by_key[key], getattr(student, key)):
            return found
    if student.platform_id:
        # The platform's own id is compared with a student number only where the list has no ids of the platform.
        return None if by_key["platform_id"] else _one(by_key["number"], student.platform_id)
    return next(
        (found for key in ("number", "login", "email", "platform_id") if (found := _one(by_key[key], student.id))), None
    )


def _one(index: _Index, value: str = "") -> Student | None:
    students = index.get(value.lower(), [])
    return students[0] if len(students) == 1 else None


def _merged(student: Student, listed: Student) -> Student:
    return replace(
        student,
        name=listed.name or student.name,
        number=listed.number or student.number,
        email=listed.email or student.email,
        login=listed.login or student.login,
        platform_id=student.platform_id or listed.platform_id,
        handed_in=student.handed_in or listed.handed_in,
        more=listed.more,
    )


def render_students(students: Iterable[Student]) -> bytes:
    """Return the file of a results' folder."""
    students = list(students)
    more = list(dict.fromkeys(header for student in students for header in student.more if header not in _OWN))
    stream = io.StringIO()
    writer = csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow([*_OWN, *more])
    for student in students:
        own = [getattr(student, name) for name in _OWN]
        writer.writerow(map(_guarded, [*own, *(student.more.get(header, "") for header in more)]))
    return stream.getvalue().encode("utf-8", "replace")


_FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")


def _guarded(text: str) -> str:
    """A cell that no spreadsheet runs; `read_students` takes the apostrophe off again."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def read_students(folder: Path) -> list[Student]:
    """Return the students of a results' folder, in its order; none where it has no such file (one of an older kit).

    Raises:
        UsageError: the file is damaged.
    """
    file = folder / FILE_NAME
    if not file.exists():
        return []
    table = read_table(file)
    if table.header[: len(_OWN)] != _OWN:
        raise UsageError("bad_table", path=file, line=1, reason=", ".join(_OWN))
    more = table.header[len(_OWN) :]
    rows = ([cell.removeprefix("'") for cell in row] for row in table.rows[1:])
    return [
        Student(
            **dict(zip(_OWN, row, strict=False)),
            # Empty cells too: a column in which nobody has anything yet is one all the same.
            more=dict(zip(more, row[len(_OWN) :], strict=False)),
        )
        for row in rows
    ]
