"""kata marks and kata diff: what is filled in is read back by the platforms' own rules, written here a second time."""

import csv
import io
import re

import pytest
from click.testing import CliRunner

from grader.cli import kata as command
from grader.cli.marks import marks_command
from grader.errors import UsageError
from grader.report.book import open_book
from grader.report.fill import fill
from grader.report.platform_files import read_form
from grader.students import Student
from tests.results_folder import ALL, report, the_class, write_results

TITLES = {"02_gates": ("Choose the weights", "가중치 고르기"), "03_xor": ("XOR from gates", "게이트로 XOR")}
CANVAS = """Student,ID,SIS User ID,SIS Login ID,Integration ID,Section,Notes,02_gates (901),XOR from gates (902),\
Quiz (903),Katas Current Score,Current Score,Final Grade
    Points Possible,,,,,,,6.00,5.00,10.00,(read only),(read only),(read only)
"Kim, Ana",4711,20210001,login0,,S1,,,,7,50,50,C
"O'Neil, Bob",4712,20210002,login1,,S1,late,1,,,,,
김민수,4713,20210003,login2,,S1,,,,,,,
"van der Berg, Dora",4714,20210004,login3,,S1,,,,,,,
"Li, Eve",4715,20210005,login4,,S1,,,,,,,
"Ghost, Gail",4799,20219999,login9,,S1,,3,3,,,,
"Student, Test",4800,,,,S1,,,,,,,
"""
MARKS = {"4711": ("6", "5"), "4712": ("2", "3"), "4713": ("0", "0"), "4714": ("3.5", "2"), "4715": ("", "")}
MOODLE = (
    "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,Last modified (submission),"
    "Last modified (grade),Feedback comments\r\n"
    '"Participant 301","Kim Ana",s0@x.kr,"Submitted for grading",,6.00,Yes,"Friday, 20 November 2026, 9:00 PM",-,\r\n'
    '"Participant 302","Bob O\'Neil",s1@x.kr,Submitted,1.00,6.00,Yes,"Friday, 20 November 2026",-,well\r\n'
    '"Participant 303",김민수,s2@x.kr,"Submitted for grading",-,6.00,Yes,-,-,\r\n'
    '"Participant 304","Dora van der Berg",s3@x.kr,"No submission",,6.00,Yes,-,-,\r\n'
    '"Participant 305","Eve Li",s4@x.kr,"Submitted for grading",,6.00,Yes,-,-,\r\n'
    '"Participant 399","Gail Ghost",g@x.kr,"No submission",,6.00,Yes,-,-,\r\n'
)


def canvas_import(content):
    """What Canvas takes from a file: (user id, column) -> grade, by lib/gradebook_importer.rb."""
    text = content.decode("utf-8-sig")
    first = text.splitlines()[:3]
    wide = {sign: {len(next(csv.reader([line], delimiter=sign))) for line in first} for sign in ";,"}
    counts = {sign: found.pop() if len(found) == 1 else 0 for sign, found in wide.items()}
    rows = list(csv.reader(io.StringIO(text), delimiter=";" if counts[";"] > counts[","] else ","))
    header = rows[0]
    assert "Student" in header[0]
    assert "ID" in header[1]
    width = 3
    if re.search(r"SIS\s+Login\s+ID", header[2]):
        width += 1
    elif "SIS User ID" in header[2] and "SIS Login ID" in header[3]:
        width += 2 + ("Integration ID" in header[4])
        width += "Root Account" in header[width - 1]
    assert "Section" in header[width - 1]
    computed = re.compile(
        "Current Score|Current Points|Current Grade|Final Score|Final Points|Final Grade|Override Score"
    )
    (points,) = (row for row in rows if "Points Possible" in row[0])
    taken = {}
    for row in rows[1:]:
        if "Points Possible" in row[0]:
            continue
        for place in range(width, len(header)):
            found = re.fullmatch(r"(.*) \((\d+)\)", header[place])
            if found and not computed.search(header[place]) and "read only" not in points[place]:
                grade = row[place].strip()
                if re.fullmatch(r"-?[0-9.,]+%?", grade):
                    *whole, last = re.split("[,.]", grade)
                    grade = f"{''.join(whole)}.{last}" if whole else last
                taken[row[1], found[2]] = grade
    return taken


def moodle_import(content, participant="Participant ", most=None):
    """What Moodle takes from a worksheet: number -> grade, by mod/assign/feedback/offline."""
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    header, taken = rows[0], {}
    grade, limit = (4, 5)
    assert len(header) == 10
    for row in rows[1:]:
        number = row[0][len(participant) :]
        text = row[grade].strip().replace(" ", "").replace(",", ".")
        if text in ("", "-") or not 0 <= float(text) <= float(most or row[limit].replace(",", ".")):
            continue
        taken[number] = float(text)
    return taken


def moodle_class():
    reports, students = the_class()
    reports = [report(str(301 + at), *(check.id for kata in one.katas for check in kata.checks if check.points),
                      status=one.status) for at, one in enumerate(reports)]  # fmt: skip
    students = [
        Student(str(301 + at), one.name, one.number, one.email, one.login, str(301 + at), "Moodle")
        for at, one in enumerate(students)
    ]
    return reports, students


def filled(tmp_path, content, folder, chosen=None, name="export.csv", titles=TITLES):
    file = tmp_path / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return fill(read_form(file), open_book(folder, {}), titles, chosen or {})


@pytest.fixture
def results(tmp_path):
    return write_results(tmp_path / "out", *the_class())


def test_canvas_takes_back_the_same_marks_and_nothing_else_changes(tmp_path, results):
    done = filled(tmp_path, CANVAS, results)
    taken = canvas_import(done.content)
    before = canvas_import(CANVAS.encode())
    assert {(user, kata): taken[user, kata] for user in MARKS for kata in ("901", "902")} == {
        (user, kata): mark for user, marks in MARKS.items() for kata, mark in zip(("901", "902"), marks, strict=True)
    }
    changed = {place for place, grade in taken.items() if before[place] != grade}
    assert changed <= {(user, kata) for user in MARKS for kata in ("901", "902")}
    was, now = (list(csv.reader(io.StringIO(text))) for text in (CANVAS, done.content.decode()))
    assert [[cell for at, cell in enumerate(row) if at not in (7, 8)] for row in now] == [
        [cell for at, cell in enumerate(row) if at not in (7, 8)] for row in was
    ]


def test_who_is_on_one_side_only_is_named(tmp_path, results):
    done = filled(tmp_path, CANVAS.replace('"Kim, Ana",4711', '"Kim, Ana",4720'), results)
    assert done.not_in_results == ("Kim, Ana", "Ghost, Gail")
    # Her number and her login stand there, too, but Canvas says that 4711 is somebody else.
    assert done.not_in_file == ("Kim, Ana",)
    assert done.without_mark == ("Li, Eve",)


def test_moodle_takes_back_the_same_marks_and_keeps_the_rest(tmp_path):
    folder = write_results(tmp_path / "out", *moodle_class())
    done = filled(tmp_path, MOODLE, folder, {"Grade": "02_gates"})
    assert moodle_import(done.content) == {"301": 6.0, "302": 2.0, "303": 0.0, "304": 3.5}
    was, now = (list(csv.reader(io.StringIO(text, newline=""))) for text in (MOODLE, done.content.decode()))
    assert [row[:4] + row[5:] for row in now] == [row[:4] + row[5:] for row in was]
    assert done.not_in_results == ("Gail Ghost",)


SPANISH = (
    "Identificador,Nombre completo,Número de ID,Dirección de correo,Estado,Calificación,Calificación máxima,"
    "La calificación puede ser cambiada,Última modificación (entrega),Última modificación (calificación)\r\n"
    'Participante 301,Kim Ana,20210001,s0@x.kr,Enviado,,"10,00",Sí,-,-\r\n'
    'Participante 304,Dora van der Berg,20210004,s3@x.kr,Enviado,,"10,00",Sí,-,-\r\n'
)


def test_a_worksheet_in_another_language_is_filled_by_position_and_in_its_own_numbers(tmp_path):
    folder = write_results(tmp_path / "out", *moodle_class())
    done = filled(tmp_path, SPANISH, folder, {"Calificación": "02_gates"})
    rows = list(csv.reader(io.StringIO(done.content.decode())))
    assert [row[5] for row in rows[1:]] == ["6", "3,5"]
    assert [(column.header, points) for column, points in done.other_points] == [("Calificación", 6.0)]


def test_a_mark_that_moodle_would_leave_out_without_a_word_is_refused(tmp_path):
    folder = write_results(tmp_path / "out", *moodle_class())
    with pytest.raises(UsageError, match=r"fill_too_much.*'line': 2"):
        filled(tmp_path, MOODLE.replace("6.00", "5.00"), folder, {"Grade": "02_gates"})


def test_a_worksheet_whose_participants_are_others_is_of_another_assignment(tmp_path):
    folder = write_results(tmp_path / "out", *moodle_class())
    names = ["Kim Ana", "Bob O'Neil", "김민수", "Dora van der Berg", "Eve Li"]
    text = MOODLE
    for at, name in enumerate(names):
        text = text.replace(name, f"@{at}")
    for at, name in enumerate(names[1:] + names[:1]):
        text = text.replace(f"@{at}", name)
    with pytest.raises(UsageError, match="fill_other_course"):
        filled(tmp_path, text, folder, {"Grade": "02_gates"})


def test_a_worksheet_of_blind_marking_has_no_names_and_is_filled_all_the_same(tmp_path):
    reports, students = moodle_class()
    students = [Student(one.id, "Participant", platform_id=one.id, platform="Moodle") for one in students]
    folder = write_results(tmp_path / "out", reports, students)
    rows = list(csv.reader(io.StringIO(MOODLE)))
    stream = io.StringIO()
    csv.writer(stream).writerows([row[:1] + row[3:] for row in rows])
    done = filled(tmp_path, stream.getvalue(), folder, {"Grade": "02_gates"})
    marks = {row[0]: row[2] for row in csv.reader(io.StringIO(done.content.decode()))}
    assert (marks["Participant 301"], marks["Participant 304"]) == ("6", "3.5")


def test_a_locked_row_and_one_that_is_not_assigned_stay_as_they_are(tmp_path, results):
    folder = write_results(tmp_path / "moodle", *moodle_class())
    content = MOODLE.replace('"Kim Ana",s0@x.kr,"Submitted for grading",,6.00,Yes', "Kim Ana,s0@x.kr,x,,6.00,No")
    done = filled(tmp_path, content, folder, {"Grade": "02_gates"})
    assert "301" not in moodle_import(done.content)
    assert done.locked == ("Kim, Ana",)
    done = filled(tmp_path, CANVAS.replace("login0,,S1,,,,7", "login0,,S1,,N/A,,7"), results)
    assert (canvas_import(done.content)["4711", "901"], done.locked) == ("N/A", ("Kim, Ana (02_gates (901))",))


@pytest.mark.parametrize(
    ("title", "fits"),
    [
        ("02", True), ("2", True), ("02_gates", True), ("gates", True), ("Choose the weights", True),
        ("가중치 고르기", True), ("Kata 02", True), ("카타 2", True), ("02 - Choose the weights!", True),
        ("02_gates: week one", True), ("Week 2", False), ("Assignment 2", False), ("12", False),
        ("Gates and more", False), ("22 gates", False), ("2 essays", False),
    ],
)  # fmt: skip
def test_a_column_is_a_katas_by_number_folder_or_title_and_by_nothing_like_it(tmp_path, results, title, fits):
    content = CANVAS.replace("02_gates (901)", f"{title} (901)")
    done = filled(tmp_path, content, results)
    assert ("02_gates" in [name for _, name in done.columns]) is fits


def test_a_column_that_somebody_names_counts_alone_and_total_is_the_sum(tmp_path, results):
    done = filled(tmp_path, CANVAS, results, {"Quiz": "total"})
    taken = canvas_import(done.content)
    assert [taken[user, "903"] for user in MARKS] == ["11", "5", "0", "5.5", ""]
    assert taken["4712", "901"] == "1"


def test_katas_that_get_no_column_are_named_unless_the_sum_has_them(tmp_path, results):
    assert filled(tmp_path, CANVAS, results).without_column == ()
    assert filled(tmp_path, CANVAS, results, {"Quiz": "total"}).without_column == ()
    assert filled(tmp_path, CANVAS, results, {"Quiz": "03_xor"}).without_column == ("02_gates",)
    (tmp_path / "canvas.csv").write_text(CANVAS, "utf-8")
    paths = [str(results), "--fill", str(tmp_path / "canvas.csv"), "--to", str(tmp_path / "new.csv")]
    done = CliRunner().invoke(marks_command, [*paths, "--column", "Quiz=03", "--lang", "en"], catch_exceptions=False)
    assert "In no column of the file (1): 02_gates" in done.output


@pytest.mark.parametrize(
    ("change", "chosen", "problem"),
    [
        (("6.00", "(read only)"), {}, "fill_read_only"),
        (("x", "x"), {"Final Grade": "02_gates"}, "fill_read_only"),
        (("Quiz (903)", "Gates (903)"), {}, "fill_two_columns"),
        (("x", "x"), {"Nothing": "02_gates"}, "fill_which_column"),
        (("4711,20210001,login0", "1,2,3"), {"Quiz": "total"}, None),
        (("02_gates (901),XOR from gates (902)", "A (901),B (902)"), {}, "fill_no_column"),
        (("Student,ID", "Name,Number"), {}, "fill_unknown"),
        ((",Section", ",Part"), {}, "fill_unknown"),
    ],
)
def test_a_file_that_cannot_be_filled_is_refused(tmp_path, results, change, chosen, problem):
    if problem is None:
        filled(tmp_path, CANVAS.replace(*change), results, chosen)
        return
    with pytest.raises(UsageError, match=problem):
        filled(tmp_path, CANVAS.replace(*change), results, chosen)


def test_the_file_of_another_course_is_refused(tmp_path, results):
    content = CANVAS
    for at in range(5):
        content = content.replace(f"{4711 + at},2021000{at + 1},login{at}", f"{99 + at},{at},z{at}")
    with pytest.raises(UsageError, match="fill_nobody"):
        filled(tmp_path, content, results)


def test_two_students_of_one_name_are_told_apart_by_ids_and_by_nothing_else(tmp_path):
    two = [report("a", *ALL), report("b")]
    content = CANVAS.replace("김민수", '"Kim, Ana"')
    folder = write_results(tmp_path / "out", two, [Student("a", "Ana Kim"), Student("b", "Bob O'Neil")])
    done = filled(tmp_path, content, folder)
    assert done.not_in_file == ("Ana Kim",)
    folder = write_results(tmp_path / "ids", two, [Student("a", "Ana Kim", number="20210003"), Student("b")])
    assert canvas_import(filled(tmp_path, content, folder).content)["4713", "901"] == "6"


def test_a_number_that_is_another_students_canvas_id_is_not_taken_for_it(tmp_path):
    """20210003 is a student number here, and Bob's id in Canvas."""
    content = CANVAS.replace("4712,20210002", "20210003,20210002")
    folder = write_results(tmp_path / "out", [report("20210003", *ALL)], [Student("20210003", number="20210003")])
    taken = canvas_import(filled(tmp_path, content, folder).content)
    assert (taken["4713", "901"], taken["20210003", "901"]) == ("6", "1")


@pytest.mark.parametrize("form", ["bom", "semicolons", "cp949", "crlf"])
def test_the_copy_has_the_files_own_form(tmp_path, results, form):
    encoding = {"bom": "utf-8-sig", "cp949": "cp949"}.get(form, "utf-8")
    text = CANVAS
    if form == "semicolons":
        rows = list(csv.reader(io.StringIO(CANVAS)))
        stream = io.StringIO()
        csv.writer(stream, delimiter=";", lineterminator="\n").writerows(
            [[cell.replace(".00", ",00") for cell in row] for row in rows]
        )
        text = stream.getvalue()
    if form == "crlf":
        text = text.replace("\n", "\r\n")
    done = filled(tmp_path, text.encode(encoding), results)
    assert done.content.startswith(b"\xef\xbb\xbf") is (form == "bom")
    assert done.content.count(b"\r\n") == (text.count("\r\n"))
    taken = canvas_import(done.content.decode(encoding).encode())
    assert [taken[user, "901"] for user in MARKS] == [marks[0] for marks in MARKS.values()]
    assert ("3,5" in done.content.decode(encoding)) is (form == "semicolons")


def test_an_exempt_student_is_ex_in_canvas_and_an_adjusted_mark_is_what_is_filled(tmp_path):
    decided = """
[[exempt]]
student = "login0"
kata = "gates"
reason = "ill"
[[points]]
student = "O'Neil, Bob"
kata = "02"
points = 4.25
comment = "said it right"
"""
    folder = write_results(tmp_path / "out", *the_class(), decided)
    taken = canvas_import(filled(tmp_path, CANVAS, folder).content)
    assert (taken["4711", "901"], taken["4711", "902"], taken["4712", "901"]) == ("EX", "5", "4.25")


def test_the_command_writes_a_new_file_names_both_sides_and_overwrites_nothing(tmp_path, results):
    (tmp_path / "canvas.csv").write_text(CANVAS, "utf-8")
    arguments = [
        str(results),
        "--fill",
        str(tmp_path / "canvas.csv"),
        "--to",
        str(tmp_path / "new.csv"),
        "--lang",
        "en",
    ]
    runner = CliRunner()
    done = runner.invoke(marks_command, arguments, catch_exceptions=False)
    assert done.exit_code == 0
    assert "02_gates (901) <- 02_gates" in done.output
    assert "In the file, without a result here (1): Ghost, Gail" in done.output
    assert "No mark, cells left as they were (1): Li, Eve" in done.output
    written = (tmp_path / "new.csv").read_bytes()
    assert canvas_import(written)["4714", "901"] == "3.5"
    with pytest.raises(UsageError, match="exists"):
        runner.invoke(marks_command, arguments, catch_exceptions=False)
    assert (tmp_path / "new.csv").read_bytes() == written
    assert sorted(path.name for path in tmp_path.iterdir()) == ["canvas.csv", "new.csv", "out"]


@pytest.mark.parametrize("text", ["=02", "Gates", "Gates=", "Gates=77"])
def test_a_column_option_that_says_nothing_is_refused(tmp_path, results, text):
    (tmp_path / "canvas.csv").write_text(CANVAS, "utf-8")
    arguments = [
        "marks",
        str(results),
        "--fill",
        str(tmp_path / "canvas.csv"),
        "--to",
        str(tmp_path / "n"),
        "--column",
        text,
    ]
    with pytest.raises(UsageError, match=r"bad_column|unknown_kata"):
        CliRunner().invoke(command, arguments, catch_exceptions=False, standalone_mode=False)
    assert not (tmp_path / "n").exists()
