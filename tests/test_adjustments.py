"""adjustments.toml: a decision shows with its reason, survives grading again, and no name in it is guessed."""

import re
from datetime import datetime

import pytest

from grader.cli.pages import open_class
from grader.cli.shared import cli_texts, explain
from grader.errors import UsageError
from grader.pages.survey import take_survey
from grader.pages.write import write_pages
from grader.report.book import open_book
from grader.report.spreadsheet import render_gradebook
from grader.report.table import note_words, render_notes
from grader.result import Status
from grader.students import Student, join_times
from tests.conftest import ROOT
from tests.results_folder import ALL, report, the_class, write_results


def rows_of(tmp_path, adjustments, reports=None, students=None):
    known = the_class()
    folder = write_results(
        tmp_path / "out", reports or known[0], known[1] if students is None else students, adjustments
    )
    return {row.student.id: row for row in open_book(folder, {}).rows()}


def marks(row):
    return {mark.kata: (mark.points, mark.most) for mark in row.marks}


def words(row, language="en"):
    said = [(katas, note_words(note, cli_texts(), language)) for katas, note in row.notes]
    return [f"{katas}: {text}" if katas else text for katas, text in said]


def test_points_by_hand_stand_in_place_of_the_judges_and_added_ones_beside_them(tmp_path):
    rows = rows_of(
        tmp_path,
        """
[[points]]
student = "4712"
kata = "02"
points = 5.5
comment = "explained it at the board"

[[points]]
student = "s2@x.kr"
kata = "xor"
add = 1.5
comment = "typo in the task"
""",
    )
    assert marks(rows["4712"]) == {"02_gates": (5.5, 6.0), "03_xor": (3.0, 5.0)}
    assert (rows["4712"].total, rows["4712"].marks[0].judged) == (8.5, 2.0)
    assert words(rows["4712"]) == ["02_gates: 5.5 by hand: explained it at the board"]
    assert marks(rows["4713"])["03_xor"] == (1.5, 5.0)
    assert words(rows["4713"]) == ["03_xor: +1.5 by hand: typo in the task"]


def test_a_mark_by_hand_is_possible_where_nothing_could_be_read(tmp_path):
    rows = rows_of(tmp_path, '[[points]]\nstudent = "Li, Eve"\nkata = "02"\npoints = 4\ncomment = "on paper"\n')
    assert marks(rows["4715"]) == {"02_gates": (4.0, 6.0), "03_xor": (None, 5.0)}
    assert rows["4715"].total == 4.0


def test_a_dropped_check_counts_for_nobody_and_the_katas_points_are_fewer(tmp_path):
    text = '[[drop]]\nkata = "02"\ncheck = "secret"\nreason = "its text was wrong"\n'
    rows = rows_of(tmp_path, text)
    assert {name: marks(row)["02_gates"] for name, row in rows.items()} == {
        "4711": (3.5, 3.5), "4712": (2.0, 3.5), "4713": (0.0, 3.5), "4714": (3.5, 3.5), "4715": (None, 3.5),
    }  # fmt: skip
    assert (rows["4711"].total, rows["4711"].most) == (8.5, 8.5)


def test_a_dropped_check_may_be_given_to_everybody_instead(tmp_path):
    rows = rows_of(tmp_path, '[[drop]]\nkata = "02"\ncheck = "secret"\ngive = true\nreason = "its text was wrong"\n')
    assert marks(rows["4711"])["02_gates"] == (6.0, 6.0)
    assert marks(rows["4713"])["02_gates"] == (2.5, 6.0)
    assert marks(rows["4715"])["02_gates"] == (None, 6.0)


def test_an_exempt_kata_has_no_mark_and_its_points_are_not_there(tmp_path):
    rows = rows_of(tmp_path, '[[exempt]]\nstudent = "login0"\nkata = "02"\nreason = "ill"\n')
    assert (rows["4711"].total, rows["4711"].most) == (5.0, 5.0)
    assert words(rows["4711"]) == ["02_gates: exempt: ill"]
    everything = rows_of(tmp_path, '[[exempt]]\nstudent = "login0"\nreason = "ill"\n')
    assert (everything["4711"].total, everything["4711"].most) == (None, 0.0)
    assert words(everything["4711"]) == ["exempt: ill"]


# --- late -----------------------------------------------------------------------------------------------------------

DEADLINE = "[late]\ndeadline = 2026-11-20T23:59:00+09:00\npercent_a_day = 10\n"


@pytest.mark.parametrize(
    ("handed_in", "points", "days"),
    [
        ("2026-11-20T23:59:00+09:00", 6.0, 0),
        ("2026-11-20T14:59:00+00:00", 6.0, 0),
        ("2026-11-20T14:59:01+00:00", 5.4, 1),
        ("2026-11-21T23:59:00+09:00", 5.4, 1),
        ("2026-11-21T23:59:01+09:00", 4.8, 2),
        ("2026-12-25T00:00:00+09:00", 0.0, 35),
        # A class list says no offset: its times are those of the deadline's place.
        ("2026-11-21 00:10", 5.4, 1),
        ("Saturday, 21 November 2026, 12:10 AM", 5.4, 1),
    ],
)
def test_every_day_begun_after_the_deadline_costs_its_per_cent(tmp_path, handed_in, points, days):
    rows = rows_of(tmp_path, DEADLINE, [report("a", *ALL)], [Student("a", handed_in=handed_in)])
    assert marks(rows["a"])["02_gates"] == (points, 6.0)
    assert [note.values["days"] for _, note in rows["a"].notes] == ([str(days)] if days else [])


def test_being_late_may_cost_of_the_points_there_are_at_most_so_much_and_in_some_katas_only(tmp_path):
    text = DEADLINE + 'of = "max"\nmost = 15\nkatas = ["02"]\nreason = "rule 4"\n'
    reports = [report("a", "and_rows", "xor_rows")]
    rows = rows_of(tmp_path, text, reports, [Student("a", handed_in="2026-11-25T00:00:00Z")])
    assert marks(rows["a"]) == {"02_gates": (1.1, 6.0), "03_xor": (3.0, 5.0)}
    assert words(rows["a"]) == ["02_gates: 5 days late, -15 %: rule 4"]


def test_a_column_that_the_class_list_has_not_is_a_sentence_and_one_without_an_entry_is_none(tmp_path):
    students = [Student("a", more={"late days": "", "section": "1"}), Student("b")]
    with pytest.raises(UsageError, match=r"adjust_column.*'line': 4") as refused:
        rows_of(tmp_path / "1", DEADLINE + 'column = "late day"\n', [report("a", *ALL)], students)
    assert refused.value.values["known"] == "late days, section"
    for language in ("en", "ko"):
        assert "late day" in explain(refused.value, language)
    rows = rows_of(tmp_path / "2", DEADLINE + 'column = "late days"\n', [report("a", *ALL)], students)
    assert marks(rows["a"])["02_gates"] == (6.0, 6.0)


def test_a_column_of_the_class_list_may_say_how_late(tmp_path):
    students = [Student("a", more={"late days": "2"}), Student("b", more={"late days": "0"}), Student("c")]
    students.append(Student("d", more={"late days": "\N{SUPERSCRIPT TWO}"}))  # a digit, and no number
    reports = [report(name, *ALL) for name in "abcd"]
    folder = write_results(tmp_path / "o", reports, students, DEADLINE + 'column = "late days"\n')
    book = open_book(folder, {})
    assert [row.marks[0].points for row in book.rows()] == [4.8, 6.0, 6.0, 6.0]
    assert book.undated() == ["c", "d"]


def test_katas_that_were_handed_in_at_several_times_are_each_late_by_their_own(tmp_path):
    times = join_times({"02_gates": "2026-11-20T10:00:00+09:00", "03_xor": "2026-11-21T10:00:00+09:00"})
    students = [Student("a", handed_in=times), Student("b", handed_in="x 2026-11-25; y 2026-11-26")]
    folder = write_results(tmp_path / "o", [report(name, *ALL) for name in "ab"], students, DEADLINE)
    book = open_book(folder, {})
    row, other = book.rows()
    assert marks(row) == {"02_gates": (6.0, 6.0), "03_xor": (4.5, 5.0)}
    assert words(row) == ["03_xor: 1 day late, -10 %"]
    assert (other.total, book.undated()) == (11.0, ["b"])


def test_late_without_a_time_takes_nothing_off_and_says_so(tmp_path):
    # Canvas says who was late: it is no news that it does not say when the others handed in.
    students = [Student("a", platform="Canvas", late="late"), Student("b", platform="Canvas")]
    folder = write_results(tmp_path / "o", [report(name, *ALL) for name in "ab"], students, DEADLINE)
    book = open_book(folder, {})
    row, _ = book.rows()
    assert (row.total, book.undated()) == (11.0, ["a"])
    assert "not by how much" in words(row)[0]


def test_a_deadline_without_an_offset_says_nothing_of_times_that_have_one(tmp_path):
    text = DEADLINE.replace("+09:00", "")
    students = [Student("a", handed_in="2026-11-25T00:00:00Z"), Student("b", handed_in="2026-11-21 10:00")]
    book = open_book(write_results(tmp_path / "o", [report("a", *ALL), report("b", *ALL)], students, text), {})
    assert [row.marks[0].points for row in book.rows()] == [6.0, 5.4]
    assert book.undated() == ["a"]


def test_a_mark_by_hand_is_final_whatever_the_clock_says(tmp_path):
    text = DEADLINE + '[[points]]\nstudent = "a"\nkata = "02"\npoints = 6\ncomment = "the server was down"\n'
    rows = rows_of(tmp_path, text, [report("a", *ALL)], [Student("a", handed_in="2026-11-25T00:00:00Z")])
    assert rows["a"].marks[0].points == 6.0


# --- groups ---------------------------------------------------------------------------------------------------------


def test_a_group_has_the_marks_of_its_one_hand_in(tmp_path):
    text = '[[group]]\nname = "team 1"\nstudents = ["4711", "zoe"]\n'
    rows = rows_of(tmp_path, text, None, [*the_class()[1], Student("zoe", "Zoe")])
    assert (rows["zoe"].status, rows["zoe"].total) == ("missing", 11.0)
    assert words(rows["zoe"]) == ["the marks of group team 1"]
    assert rows["4711"].notes == ()


def test_of_two_hand_ins_of_a_group_a_person_names_the_one_that_counts(tmp_path):
    text = '# who with whom\n[[group]]\nname = "team 1"\nstudents = ["4711", "4712"]\n'
    with pytest.raises(UsageError, match=r"adjust_group.*'line': 2"):
        rows_of(tmp_path, text)
    rows = rows_of(tmp_path, text + 'hands_in = "4712"\n')
    assert (rows["4711"].total, rows["4712"].total) == (5.0, 5.0)


def test_one_of_a_group_may_have_points_of_her_own(tmp_path):
    text = '[[group]]\nname = "t"\nstudents = ["4711", "4715"]\nhands_in = "4711"\n'
    text += '[[points]]\nstudent = "4715"\nkata = "02"\npoints = 3\ncomment = "joined late"\n'
    rows = rows_of(tmp_path, text)
    assert (rows["4711"].total, rows["4715"].total) == (11.0, 8.0)


# --- what cannot be meant -------------------------------------------------------------------------------------------

GOOD = '# decided in week 3\n\n[[points]]\nstudent = "4711"\nkata = "02"\npoints = 1\ncomment = "x"\n\n'
WRONG = {
    'a student': ('[[points]]\nkata = "02"\nstudent = "nobody"\npoints = 1\ncomment = "x"\n', "adjust_student", 11),
    "a kata": ('[[exempt]]\nstudent = "4711"\nkata = "07"\nreason = "x"\n', "adjust_unknown_kata", 11),
    "a check": ('[[drop]]\nkata = "02"\nreason = "x"\ncheck = "xor_rows"\n', "adjust_check", 12),
    "a key": ('[[exempt]]\nstudent = "4711"\nreason = "x"\nwhy = "x"\n', "adjust_key", 12),
    "a key that is missing": ('[[exempt]]\nstudent = "4711"\n', "adjust_missing", 9),
    "a table": ("[[bonus]]\nstudent = 1\n", "adjust_table", 9),
    "points": ('[[points]]\nstudent = "4712"\nkata = "02"\npoints = "many"\ncomment = "x"\n', "adjust_value", 12),
    "infinite points": ('[[points]]\nstudent = "4712"\nkata = "02"\npoints = inf\ncomment = "x"\n', "adjust_value", 12),
    "more digits than a number": (
        f'[[points]]\nstudent = "4712"\nkata = "02"\npoints = {"9" * 400}\ncomment = "x"\n', "adjust_value", 12,
    ),
    "fewer than none": ('[[points]]\nstudent = "4712"\nkata = "02"\npoints = -1\ncomment = "x"\n', "adjust_value", 12),
    "no reason": ('[[points]]\nstudent = "4712"\nkata = "02"\npoints = 1\ncomment = " "\n', "adjust_value", 13),
    "both": ('[[points]]\nstudent = "4712"\nkata = "02"\npoints = 1\nadd = 1\ncomment = "x"\n', "adjust_missing", 9),
    "twice": ('[[points]]\nstudent = "4711"\nkata = "gates"\npoints = 2\ncomment = "x"\n', "adjust_twice", 9),
    "a deadline": ('[late]\npercent_a_day = 10\ndeadline = "Friday"\n', "adjust_value", 11),
    "per cent": ("[late]\ndeadline = 2026-11-20\npercent_a_day = 101\n", "adjust_value", 11),
    "a column": ('[late]\npercent_a_day = 10\ndeadline = 2026-11-20\ncolumn = "late day"\n', "adjust_no_list", 12),
    "a member": ('[[group]]\nname = "t"\nstudents = [\n  "4711",\n  "who",\n]\n', "adjust_student", 13),
    "two groups": ('[[group]]\nname="t"\nstudents=["4711","4712"]\nhands_in="4711"\n[[group]]\nname="u"\n'
                   'students=["4713","4711"]\n', "adjust_two_groups", 15),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_name_is_one_sentence_with_its_line_in_both_languages(tmp_path, what):
    text, problem, line = WRONG[what]
    with pytest.raises(UsageError) as refused:
        rows_of(tmp_path, GOOD + text)
    assert (refused.value.text, refused.value.values["line"]) == (problem, str(line))
    for language, start in (("en", f"line {line}"), ("ko", f"{line}번째 줄")):
        sentence = explain(refused.value, language)
        assert start in sentence
        assert "\n" not in sentence


def test_no_toml_is_one_sentence(tmp_path):
    with pytest.raises(UsageError, match="adjust_toml"):
        rows_of(tmp_path, "[[points]\n")


def test_a_name_that_two_students_have_is_not_guessed(tmp_path):
    students = [Student("a", "Kim Minsu"), Student("b", "Kim Minsu")]
    text = '[[exempt]]\nstudent = "Kim Minsu"\nreason = "x"\n'
    with pytest.raises(UsageError, match="adjust_two_students"):
        rows_of(tmp_path, text, [report("a"), report("b")], students)


# --- where it shows -------------------------------------------------------------------------------------------------


def test_decisions_show_with_their_reasons_under_the_table_and_in_the_gradebook(tmp_path):
    text = '[[drop]]\nkata = "02"\ncheck = "secret"\nreason = "wrong text"\n'
    text += '[[points]]\nstudent = "4713"\nkata = "03"\npoints = 2\ncomment = "=1+1 said"\n'
    folder = write_results(tmp_path / "o", *the_class(), text)
    book = open_book(folder, {})
    assert render_notes(book, cli_texts(), "en") == [
        "02_gates: the check secret does not count: wrong text",
        "4713 김민수, 03_xor: 2 by hand: =1+1 said",
    ]
    lines = b"".join(render_gradebook(book, lambda row: "; ".join(words(row)))).decode("utf-8-sig").splitlines()
    assert lines[0].endswith('"total","max","status","name","comment"')
    assert lines[3].startswith('"4713",0.0,2.0,2.0,8.5,"graded","김민수"')
    assert lines[5].startswith('"4715","","","",8.5,"unreadable","Li, Eve"')


def test_results_never_hold_what_a_person_decided(tmp_path):
    folder = write_results(tmp_path / "o", *the_class())
    before = (folder / "results.jsonl").read_bytes()
    (folder / "adjustments.toml").write_text('[[exempt]]\nstudent = "4711"\nreason = "x"\n', "utf-8")
    assert next(iter(open_book(folder, {}).rows())).total is None
    assert (folder / "results.jsonl").read_bytes() == before


def test_pages_measure_a_student_by_the_points_there_are_for_her(tmp_path):
    text = (
        '[[drop]]\nkata = "02"\ncheck = "nand_rows"\nreason = "x"\n'
        '[[exempt]]\nstudent = "b"\nkata = "03"\nreason = "ill"\n'
    )
    folder = write_results(tmp_path / "out", [report("a", *ALL), report("b", *ALL), report("c")], (), text)
    write_pages(open_class(folder, ()), (), ("en",))
    # Without the dropped 1.5, 02 has 4.5 points; 03 has 5.
    shown = {one: (folder / "feedback" / f"{one}.html").read_text("utf-8") for one in "abc"}
    assert {one: re.findall(r"[\d.]+ of [\d.]+ points", page) for one, page in shown.items()} == {
        "a": ["9.5 of 9.5 points"],
        "b": ["4.5 of 4.5 points"],
        "c": ["0 of 9.5 points"],
    }
    assert {one: re.findall(r">([\d.]+ / [\d.]+|–)</td>", page) for one, page in shown.items()} == {
        "a": ["4.5 / 4.5", "5 / 5"],
        "b": ["4.5 / 4.5", "–"],
        "c": ["0 / 4.5", "0 / 5"],
    }
    survey = take_survey(open_class(folder, ()).rows(), {}, {})
    assert (survey.max_score, survey.full) == (9.5, 2)


def test_ten_thousand_students_are_read_one_at_a_time(tmp_path):
    made = 0

    def reports():
        nonlocal made
        for number in range(10_000):
            made += 1
            yield report(f"s{number}", "and_rows", status=Status.GRADED)

    folder = write_results(tmp_path / "o", reports())
    rows = open_book(folder, {}).rows()
    assert next(rows).total == 2.0
    assert sum(1 for _ in rows) == made - 1


@pytest.mark.parametrize("guide", ["instructors.md", "instructors.ko.md"])
def test_the_guides_example_is_a_file_that_works(tmp_path, guide):
    text = (ROOT / "docs" / guide).read_text("utf-8").split("```toml\n")[1].split("```")[0]
    (dropped,) = re.findall(r'check = "(.*?)"', text)
    # A real check of kata 02: the example is copied as it stands.
    name, case = re.fullmatch(r"(\w+)\[(\w+)\]", dropped).groups()
    checks = (ROOT / "exercises" / "02_gates" / "test_gates.py").read_text("utf-8")
    assert f"def test_{name}(" in checks
    assert case in checks
    students = [Student("1", "Ana Kim", login="ana"), Student("2", login="bob", handed_in="2026-11-21T10:00:00+09:00")]
    # The class of these tests has invented checks.
    rows = rows_of(tmp_path, text.replace(dropped, "and_rows"), [report("2", *ALL)], students)
    assert {note.tag for _, note in rows["1"].notes} == {"drop", "late", "group", "points"}
    assert {note.tag for _, note in rows["2"].notes} == {"drop", "late", "exempt"}
    assert marks(rows["1"])["02_gates"] == (5.5, 4.0)


def test_a_name_is_the_same_in_the_order_in_which_a_platform_writes_it(tmp_path):
    text = '[[exempt]]\nstudent = "Ana Kim"\nkata = "02"\nreason = "ill"\n'
    rows = rows_of(
        tmp_path, text, [report("1", *ALL), report("2", *ALL)], [Student("1", "Kim, Ana"), Student("2", "Li")]
    )
    assert [one for one, row in rows.items() if row.notes] == ["1"]


def test_the_courses_deadlines_count_where_late_has_none(tmp_path):
    students = [Student("1", handed_in="2026-11-21T10:00:00+09:00")]
    folder = write_results(tmp_path / "o", [report("1", *ALL)], students, "[late]\npercent_a_day = 10\n")
    deadlines = {"02_gates": datetime.fromisoformat("2026-11-20T23:59:00+09:00")}
    (row,) = open_book(folder, deadlines).rows()
    assert marks(row) == {"02_gates": (5.4, 6.0), "03_xor": (5.0, 5.0)}
    with pytest.raises(UsageError) as refused:
        open_book(folder, {})
    assert (refused.value.text, refused.value.values["line"]) == ("adjust_deadline", "1")


def test_the_class_page_counts_what_counts_and_who_handed_in(tmp_path):
    katas = {"02_gates": {"and_rows": 2.0, "nand_rows": 2.0}}
    drop = '[[drop]]\nkata = "02"\ncheck = "and_rows"\nreason = "x"\n[[exempt]]\nstudent = "c"\nreason = "ill"\n'
    reports = [report("a", "nand_rows", katas=katas), report("b", katas=katas), report("c", katas=katas)]
    folder = write_results(tmp_path / "o", reports, [*map(Student, "abc"), Student("d", "Dora")], drop)
    shown = open_class(folder, ())
    survey = take_survey(shown.rows(), shown.dropped, shown.given)
    assert (survey.count, survey.absent, survey.unread_count) == (4, 1, 1)
    assert survey.unread[0].status == "missing"
    sums = survey.katas["02_gates"]
    # Of three, one is exempt; the dropped check's points are nobody's, and failing it is no mistake.
    assert (sums.marked, sums.points, sums.most, sums.full) == (2, 2.0, 4.0, 1)
    assert [sum_.is_dropped for sum_ in sums.checks.values()] == [True, False]
    assert sum(mistake.count for mistake in survey.mistakes) == 1
