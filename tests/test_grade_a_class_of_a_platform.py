"""From a platform's zip to marks in its own file: the commands one after the other, as an instructor runs them."""

import csv
import io

import pytest

from tests.conftest import ROOT, write_bank
from tests.damage import pack
from tests.platform_exports import MEMBERS, RIGHT, canvas, gradescope, moodle
from tests.test_cli import kata

ROSTER = "\ufeff학번;이름;canvas id\n" + "".join(f"{one.number};{one.name};{one.canvas}\n" for one in MEMBERS)
ROSTER += "20210006;Zoe Late;4716\n"
GRADEBOOK = "Student,ID,SIS User ID,SIS Login ID,Section,Double (901)\n    Points Possible,,,,,2\n"
GRADEBOOK += "".join(f'"{one.sortable}",{one.canvas},{one.number},{one.login},S,\n' for one in MEMBERS)
GRADEBOOK += '"Late, Zoe",4716,20210006,zoe,S,\n'


@pytest.fixture
def course(tmp_path):
    write_bank(tmp_path / "bank")
    (tmp_path / "submissions.zip").write_bytes(pack(canvas()))
    (tmp_path / "roster.csv").write_text(ROSTER, "utf-8")
    (tmp_path / "gradebook.csv").write_text(GRADEBOOK, "utf-8")
    return tmp_path


def rows(file):
    return list(csv.reader(io.StringIO(file.read_text("utf-8-sig"))))


def test_from_the_platforms_zip_to_its_own_file(course):
    bank_folder, out = course / "bank", course / "out"
    run = ("grade", course / "submissions.zip", "--out", out, "--roster", course / "roster.csv")
    done = kata(*run, cwd=bank_folder)
    assert done.returncode == 0, done.stderr
    assert "Canvas: 5 students" in done.stdout
    assert "4711 Ana Kim" in done.stdout
    book = {row[0]: row for row in rows(out / "gradebook.csv")}
    assert {one.canvas: float(book[one.canvas][1]) for one in MEMBERS} == {one.canvas: one.marks for one in MEMBERS}
    # One column of ids is of one kind: Canvas's for the absent too, not her student number.
    assert book["4716"] == ["4716", "", "", "2.0", "missing", "Zoe Late"]

    (out / "adjustments.toml").write_text(
        '[[points]]\nstudent = "Bob O\'Neil"\nkata = "double"\npoints = 1.25\ncomment = "half of it"\n'
        '[[points]]\nstudent = "20210006"\nkata = "double"\npoints = 1\ncomment = "on paper"\n',
        "utf-8",
    )
    again = kata(*run, "--resume", cwd=bank_folder)
    assert again.returncode == 0, again.stderr
    assert "4712 Bob O'Neil, 01_double: 1.25 by hand: half of it" in again.stdout
    assert {row[0]: row[-1] for row in rows(out / "gradebook.csv")}["4712"] == "01_double: 1.25 by hand: half of it"

    done = kata("marks", out, "--fill", course / "gradebook.csv", "--to", course / "new.csv", cwd=bank_folder)
    assert done.returncode == 0, done.stderr
    marks = {row[1]: row[5] for row in rows(course / "new.csv")[2:]}
    assert marks == {"4711": "2", "4712": "1.25", "4713": "2", "4714": "0", "4715": "2", "4716": "1"}


@pytest.mark.parametrize(
    ("list_of", "own"),
    [("number,name,canvas id\n{0},Zoe,4716\n", "4716"), ("number,name\n{0},Zoe\n", "20210006")],
    ids=["the list has the platform's ids", "it has not"],
)
def test_the_absent_have_ids_of_the_kind_that_the_others_have_where_the_list_knows_it(course, list_of, own):
    text = list_of.format("20210006").replace("number", "id")
    more = [
        f"{one.number},{one.name},{one.canvas}" if "canvas" in text else f"{one.number},{one.name}" for one in MEMBERS
    ]
    (course / "roster.csv").write_text(text + "\n".join(more), "utf-8")
    done = kata("grade", course / "submissions.zip", "--out", course / "out", "--roster", course / "roster.csv",
                cwd=course / "bank")  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert {row[0] for row in rows(course / "out" / "gradebook.csv")[1:]} == {own, *(one.canvas for one in MEMBERS)}


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_a_decision_that_cannot_be_meant_stops_the_run_before_anything_is_graded(course, lang):
    out = course / "out"
    out.mkdir()
    (out / "adjustments.toml").write_text('\n[[exempt]]\nstudent = "Who"\nreason = "x"\n', "utf-8")
    done = kata("grade", course / "submissions.zip", "--out", out, cwd=course / "bank", lang=lang)
    assert done.returncode == 2
    assert ("line 3" if lang == "en" else "3번째 줄") in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (out / "results.jsonl").exists()


def test_a_check_that_does_not_exist_is_told_before_anything_is_graded(course):
    out = course / "out"
    out.mkdir()
    (out / "adjustments.toml").write_text('[[drop]]\nkata = "01"\ncheck = "dubles"\nreason = "x"\n', "utf-8")
    done = kata("grade", course / "submissions.zip", "--out", out, cwd=course / "bank")
    assert done.returncode == 2
    assert "line 3" in done.stderr
    assert sorted(path.name for path in out.iterdir()) == ["adjustments.toml"]


def test_who_handed_in_twice_is_named(course):
    (course / "g.zip").write_bytes(pack(gradescope()))
    done = kata("grade", course / "g.zip", "--out", course / "out", cwd=course / "bank")
    assert done.returncode == 0, done.stderr
    assert "Gradescope: 5 students" in done.stdout
    assert "20210002 (submission_99)" in done.stdout
    table = {row[0]: row for row in rows(course / "out" / "students.csv")}
    assert table["20210002"][7:] == ["2026-11-20T21:01:51.478527+09:00", "", "submission_99"]


def test_of_exports_of_several_assignments_each_kata_is_late_by_its_own_time(course):
    for day, (number, slug) in zip((20, 22), (("02", "gates"), ("03", "xor")), strict=True):
        text = f"submission_1:\n  :submitters:\n  - :sid: '1'\n  :created_at: 2026-11-{day} 10:00:00 Z\n"
        answer = (ROOT / "solutions" / f"{number}_{slug}" / f"{slug}.py").read_bytes()
        files = {"submission_metadata.yml": text.encode(), f"submission_1/{slug}.py": answer}
        (course / f"{slug}.zip").write_bytes(pack(files))
    out = course / "out"
    out.mkdir()
    (out / "adjustments.toml").write_text("[late]\ndeadline = 2026-11-21T00:00:00Z\npercent_a_day = 10\n", "utf-8")
    zips = (course / "gates.zip", course / "xor.zip")
    done = kata("grade", *zips, "--out", out, "--kata", "02", "--kata", "03", "--pictures", "none", cwd=ROOT)
    assert done.returncode == 0, done.stderr
    assert "for being late" not in done.stderr
    assert rows(out / "gradebook.csv")[1][:3] == ["1", "6.0", "4.0"]


def test_times_of_a_class_list_stay_without_the_list_where_the_platform_says_none(course):
    lines = [f"{one.moodle},{one.name},2026-11-22 10:00" for one in MEMBERS]
    (course / "roster.csv").write_text("\n".join(["platform id,name,submitted", *lines, "399,Zoe Late,-"]), "utf-8")
    (course / "m.zip").write_bytes(pack(moodle()))
    out = course / "out"
    out.mkdir()
    (out / "adjustments.toml").write_text('[late]\ndeadline = "2026-11-21T23:59:00"\npercent_a_day = 10\n', "utf-8")
    run = ("grade", course / "m.zip", "--out", out, "--pictures", "none")
    done = kata(*run, "--roster", course / "roster.csv", cwd=course / "bank")
    assert done.returncode == 0, done.stderr
    before = rows(out / "gradebook.csv")
    assert {row[0]: row[1] for row in before[1:]} == {
        **{one.moodle: str(float(f"{0.9 * one.marks:g}")) for one in MEMBERS},
        "399": "",
    }
    assert {row[0]: row[7] for row in rows(out / "students.csv")}["399"] == ""
    done = kata(*run, "--resume", cwd=course / "bank")
    assert "for being late" not in done.stderr
    assert rows(out / "gradebook.csv") == before


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_every_command_that_shows_marks_says_from_whom_nothing_is_taken_off(course, lang):
    out = course / "out"
    said = "nothing is taken off for being late: 4712. " if lang == "en" else "감점을 하지 않은 제출물 1개: 4712. "
    done = kata("grade", course / "submissions.zip", "--out", out, cwd=course / "bank", lang=lang)
    assert said not in done.stderr
    (out / "adjustments.toml").write_text("[late]\ndeadline = 2026-11-20\npercent_a_day = 10\n", "utf-8")
    fill = ("marks", out, "--fill", course / "gradebook.csv", "--to", course / "new.csv")
    for run in (("report", out), fill, ("grade", course / "submissions.zip", "--out", out, "--resume")):
        done = kata(*run, cwd=course / "bank", lang=lang)
        assert done.returncode == 0, done.stderr
        assert said in done.stderr


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_what_was_not_read_is_named_at_the_end(course, lang):
    files = {"ana/double.py": RIGHT, "ana/double_final.py": b"", "bob/double.py": RIGHT}
    (course / "c.zip").write_bytes(pack(files))
    done = kata("grade", course / "c.zip", "--out", course / "out", cwd=course / "bank", lang=lang)
    assert done.returncode == 0, done.stderr
    assert ("Not read" if lang == "en" else "읽지 않았어요") in done.stderr
    assert "ana/double_final.py" in done.stderr
    assert "bob" not in done.stderr


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_a_file_with_a_katas_name_and_no_answer_is_named_at_the_end(tmp_path, lang):
    gates = (ROOT / "solutions" / "02_gates" / "gates.py").read_bytes()
    files = {"ana/gates.py": gates, "ana/xor_plot.py": RIGHT, "bob/홍길동_gates2.py": gates, "bob/gates_plot.py": RIGHT}
    (tmp_path / "c.zip").write_bytes(pack(files))
    run = ("grade", tmp_path / "c.zip", "--out", tmp_path / "out", "--kata", "02", "--kata", "03", "--pictures", "none")
    done = kata(*run, cwd=ROOT, lang=lang)
    assert done.returncode == 0, done.stderr
    assert "ana/xor_plot.py" in done.stderr
    assert "stands in them" in done.stderr if lang == "en" else "답이 없어서 읽지 않았어요" in done.stderr
    assert "gates" not in done.stderr
    assert {row[0]: row[1] for row in rows(tmp_path / "out" / "gradebook.csv")[1:]} == {"ana": "6.0", "bob": "6.0"}


def test_a_doubled_class_list_is_one_sentence_and_nothing_is_written(course):
    (course / "roster.csv").write_text("id,name\n1,A\n1,B\n", "utf-8")
    done = kata("grade", course / "submissions.zip", "--out", course / "out", "--roster", course / "roster.csv",
                cwd=course / "bank")  # fmt: skip
    assert done.returncode == 2
    assert "roster.csv, line 3: 1 stands in line 2 already" in done.stderr
    assert not (course / "out").exists()


def test_the_pages_say_names_marks_that_count_and_the_reasons(course):
    out = course / "out"
    run = ("grade", course / "submissions.zip", "--out", out, "--roster", course / "roster.csv", "--pictures", "none")
    done = kata(*run, cwd=course / "bank")
    assert done.returncode == 0, done.stderr
    (out / "adjustments.toml").write_text(
        '[[points]]\nstudent = "4712"\nkata = "01"\npoints = 1.25\ncomment = "half <b>of</b> it"\n', "utf-8"
    )
    done = kata("report", out, cwd=course / "bank")
    assert done.returncode == 0, done.stderr
    pages = [(out / "report.html").read_text("utf-8"), (out / "feedback" / "4712.html").read_text("utf-8")]
    for page in pages:
        assert "Bob O&#39;Neil" in page
        assert "1.25" in page
        assert "half &lt;b&gt;of&lt;/b&gt; it" in page
    assert "Zoe Late" in pages[0]
    zoe = (out / "feedback" / "4716.html").read_text("utf-8")
    assert "Nothing was handed in." in zoe
    assert "Bob" not in zoe


@pytest.mark.parametrize("absent", ["4716", "20210006"])
@pytest.mark.parametrize("with_roster", [True, False])
def test_who_hands_in_late_has_one_row_and_the_others_stay_who_they_are(course, with_roster, absent):
    if absent != "4716":
        lines = (line.split(";")[:2] for line in ROSTER.splitlines())
        (course / "roster.csv").write_text("".join(f"{number};{name}\n" for number, name in lines), "utf-8")
    out, roster = course / "out", ("--roster", course / "roster.csv")
    run = ("--out", out, "--pictures", "none")
    done = kata("grade", course / "submissions.zip", *run, *roster, cwd=course / "bank")
    assert done.returncode == 0, done.stderr
    before = rows(out / "gradebook.csv")
    (course / "late").mkdir()
    # Canvas's number of Zoe, who stood on the class list without a submission.
    (course / "late" / "latezoe_LATE_4716_9900_double.py").write_bytes(RIGHT)
    done = kata("grade", course / "late", *run, "--resume", *(roster if with_roster else ()), cwd=course / "bank")
    assert done.returncode == 0, done.stderr
    after = {row[0]: row for row in rows(out / "gradebook.csv")}
    assert after.pop("4716")[-2:] == ["graded", "Zoe Late"]
    assert sorted(after.values()) == sorted(row for row in before if row[0] != absent)
    assert absent in {row[0] for row in before}
    assert absent == "4716" or not (out / "feedback" / f"{absent}.html").exists()
    assert "Nothing was handed in." not in (out / "feedback" / "4716.html").read_text("utf-8")
