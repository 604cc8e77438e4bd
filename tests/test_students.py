"""A class list in every usual form, joined with what platforms say; two who could be meant are a sentence."""

from datetime import datetime

import pytest

from grader.errors import UsageError
from grader.students import Student, join_roster, read_roster, read_students, render_students, when


def roster(tmp_path, content):
    (tmp_path / "class.csv").write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_roster(tmp_path / "class.csv")


TWO = [("s01", "Ann O'Neil", "a@x.kr"), ("s02", "김민수", "m@x.kr")]


@pytest.mark.parametrize(
    "content",
    [
        "id,name,email\ns01,Ann O'Neil,a@x.kr\ns02,김민수,m@x.kr\n",
        "\ufeffID number,Full name,Email address\r\ns01,Ann O'Neil,a@x.kr\r\ns02,김민수,m@x.kr\r\n",
        "학번;이름;이메일\ns01;Ann O'Neil;a@x.kr\n\ns02;김민수;m@x.kr\n".encode("cp949"),
        "id\tname\temail\ns01\tAnn O'Neil\ta@x.kr\ns02\t김민수\tm@x.kr\n".encode("utf-16"),
        'email,id,name\n"a@x.kr","s01","Ann O\'Neil"\n"m@x.kr","s02","김민수"\n,,\n',
    ],
    ids=["plain", "Excel's mark", "semicolons and cp949", "UTF-16 and tabs", "another order"],
)
def test_a_class_list_of_any_usual_form_is_read(tmp_path, content):
    assert [(one.id, one.name, one.email) for one in roster(tmp_path, content)] == TWO


def test_any_of_the_columns_is_enough_and_others_are_kept(tmp_path):
    (one,) = roster(tmp_path, "username,first name,last name,late days\nana,Ana,Kim,2\n")
    assert (one.id, one.login, one.name, one.more) == ("ana", "ana", "Ana Kim", {"late days": "2"})
    (one,) = roster(tmp_path, "email\nana@x.kr\n")
    assert one.id == "ana@x.kr"
    (one,) = roster(tmp_path, "name,platform id\nAna,4711\n")
    assert (one.id, one.platform_id) == ("4711", "4711")


def test_family_and_given_names_are_one_name_as_it_is_written(tmp_path):
    names = [one.name for one in roster(tmp_path, "학번,성,이름\n1,김,민수\n2,Kim,Ana\n3,,지우\n")]
    assert names == ["김민수", "Ana Kim", "지우"]
    assert [one.name for one in roster(tmp_path, "id,full name,last name\n1,Ana Kim,Kim\n")] == ["Ana Kim"]


def test_the_platforms_own_files_are_class_lists(tmp_path):
    canvas = (
        'Student,ID,SIS User ID,SIS Login ID,Section,A (1)\n    Points Possible,,,,,5\n"Kim, Ana",4711,2021,ana,S,\n'
    )
    (one,) = roster(tmp_path, canvas)
    assert (one.name, one.platform_id, one.number, one.login) == ("Kim, Ana", "4711", "2021", "ana")
    (one,) = roster(tmp_path, "Identifier,Full name,Email address,Grade\nParticipant 301,Ana Kim,a@x,\n")
    assert (one.name, one.platform_id, one.email) == ("Ana Kim", "301", "a@x")


WORKSHEETS = {
    "Korean": (
        "식별,성명 정보,우편,상태,성적,최고,변경,제출한 때,채점한 때,댓글",
        "참여자 ",
        "2026년 11월 20일 금요일, 오후 9:12",
    ),
    "German": ("Kennung,Wer,Mail,Status,Bew,Max,Geht,Abgabe,Bewertet,Kommentar", "Teilnehmer/in", "2026-11-20 21:12"),
}


@pytest.mark.parametrize(("header", "word", "time"), WORKSHEETS.values(), ids=WORKSHEETS)
def test_moodles_worksheet_is_a_class_list_in_whatever_language(tmp_path, header, word, time):
    rows = [f'{word}301,Ana Kim,a@x,Abc,,20,Ja,"{time}",-,', f"{word}302,Bob,b@x,Def,,20,Ja,-,-,"]
    ana, bob = roster(tmp_path, "\n".join([header, *rows]))
    assert (ana.platform_id, ana.name, ana.email) == ("301", "Ana Kim", "a@x")
    assert [when(one.handed_in) for one in (ana, bob)] == [datetime(2026, 11, 20, 21, 12), None]


def test_student_numbers_with_a_letter_before_them_are_no_participants(tmp_path):
    (one,) = roster(tmp_path, "username,name,a,b,c,d,e,f\ns01,Ana,,,,,,\n")
    assert (one.login, one.platform_id) == ("s01", "")


def test_the_only_times_of_a_worksheet_may_be_those_of_grading_and_are_nobodys(tmp_path):
    (ana,) = roster(
        tmp_path, "Kennung,Name,Mail,Status,Bew,Max,Geht,Bewertet\nTn 301,Ana,a@x,-,3,20,Ja,2026-11-20 21:12\n"
    )
    assert (ana.platform_id, ana.handed_in) == ("301", "")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("", "empty_table"),
        ("id,name\n", "empty_table"),
        ("name,section\nAna,1\n", "roster_no_id"),
        ("id,name\ns1,A\ns2,B\n\ns1,C\n", r"roster_twice.*'line': 5.*'first': 2"),
        ("id,email\ns1,a@x\ns2,A@x\n", r"roster_twice.*'line': 3"),
        ("id,name\n,Ana\n", r"roster_bad_id.*'line': 2"),
        ('id,name\ns1,"Ana\n', "bad_table"),
        (b"id,name\ns1,\xff\xff\n", "cannot_read"),
    ],
)
def test_a_class_list_that_cannot_be_used_is_one_sentence_with_its_line(tmp_path, content, problem):
    with pytest.raises(UsageError, match=problem):
        roster(tmp_path, content)


def test_one_that_is_not_there_or_a_folder_is_refused(tmp_path):
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(UsageError, match="cannot_read"):
            read_roster(path)


CLASS = [
    Student("2021", "Ana Kim", "2021", "ana@x", "ana", "4711"),
    Student("2022", "Bob", "2022", "bob@x", "bob-9", "4712"),
    Student("2023", "Cho", "2023", "cho@x", "cho", "4713"),
]


@pytest.mark.parametrize(
    "handed_in",
    [
        Student("4711", "kimana", platform_id="4711", platform="Canvas"),
        Student("2021", "A. K.", number="2021", platform="Gradescope"),
        Student("ana", login="ana", platform="GitHub Classroom"),
        Student("x", "Ana Kim", email="ANA@x", platform="Gradescope"),
        Student("2021"), Student("ana"), Student("ana@x"), Student("4711"),
        Student("Ana Kim", "Ana Kim", platform="Google Drive"),
        Student("999", "kimana", platform_id="", platform="Canvas"),
    ],
)  # fmt: skip
def test_a_hand_in_finds_its_student_by_what_both_sides_have(handed_in):
    (one,), missing, strangers = join_roster([handed_in], CLASS)
    assert (one.id, one.name, one.number) == (handed_in.id, "Ana Kim", "2021")
    assert ([other.id for other in missing], strangers) == (["2022", "2023"], [])


def test_a_platforms_id_is_not_taken_for_somebodys_number():
    handed_in = Student("2022", "x", platform_id="2022", platform="Canvas")
    (one,), missing, strangers = join_roster([handed_in], CLASS)
    assert (one.name, strangers, len(missing)) == ("x", ["2022"], 3)


def test_where_the_list_knows_no_platform_its_ids_may_be_the_platforms():
    (one,), _, _ = join_roster(
        [Student("301", "?", platform_id="301", platform="Moodle")], [Student("301", "Ana", "301")]
    )
    assert one.name == "Ana"


def test_a_name_that_two_have_finds_nobody():
    two = [Student("1", "Kim Minsu", "1"), Student("2", "Minsu Kim", "2")]
    (one,), missing, strangers = join_roster([Student("9", "kimminsu", platform_id="9", platform="Canvas")], two)
    assert (one.number, len(missing), strangers) == ("", 2, ["9"])


def test_two_hand_ins_of_one_student_are_a_sentence():
    with pytest.raises(UsageError, match="roster_same_student"):
        join_roster([Student("ana"), Student("2021")], CLASS)


def test_what_is_written_beside_the_results_is_read_back(tmp_path):
    students = [
        Student(
            "a", 'Ana "the" Kim,\n', "1", "a@x", "ana", "4711", "Canvas", "2026-11-20", "late", "x", {"late days": "2"}
        ),
        # Nobody's cell of a column is left out: a column in which nobody has anything yet is one all the same.
        Student("b", "김", more={"late days": ""}),
        Student("=cmd()", "'tis", more={"late days": "-1"}),
    ]
    assert not any(cell.startswith('"=') for cell in render_students(students).decode().splitlines()[-1].split(","))
    (tmp_path / "students.csv").write_bytes(render_students(students))
    assert read_students(tmp_path) == students
    assert read_students(tmp_path / "none") == []
    (tmp_path / "students.csv").write_text("a,b\n1,2\n", "utf-8")
    with pytest.raises(UsageError, match="bad_table"):
        read_students(tmp_path)


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2026년 11월 20일 금요일, 오후 9:12", datetime(2026, 11, 20, 21, 12)),
        ("2026년 11월 22일 일요일, 오전 12:30", datetime(2026, 11, 22, 0, 30)),
        ("2026년 11월 20일, 금요일, 12:05 PM", datetime(2026, 11, 20, 12, 5)),
        ("2026년 11월 20일 (금) 21:12", datetime(2026, 11, 20, 21, 12)),
        ("2026. 11. 20 오후 9:12:30", datetime(2026, 11, 20, 21, 12, 30)),
        ("2026년 11월 20일 오후 21:12", None),
        ("2026년 13월 1일 9:00", None),
        ("2026년 11월 20일", None),
        ("-", None),
    ],
)
def test_a_time_in_korean_is_read_and_what_is_no_time_is_none(text, time):
    assert when(text) == time
