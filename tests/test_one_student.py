"""One student in several exports of a platform: one row where that is certain, and where it is not the rows say so."""

import pytest

from grader.bank.kata import load_katas
from grader.cli.pages import open_class
from grader.cli.shared import cli_texts
from grader.intake import find_submissions, read_submission
from grader.pages.write import write_pages
from grader.report.book import open_book
from grader.report.doubles import find_doubles
from grader.report.table import render_notes
from grader.students import Student
from tests.conftest import ROOT
from tests.damage import pack
from tests.page_reports import read_page
from tests.platform_exports import RIGHT
from tests.results_folder import ALL, report, write_results
from tests.test_cli import kata
from tests.test_platforms import unpack


def gradescope(file, *students):
    """An export with one hand-in each; a student is (name, number, email)."""
    text, files = "", {}
    for at, (name, number, email) in enumerate(students):
        key = f"submission_{file[0]}{at}"
        text += f"{key}:\n  :submitters:\n  - :name: {name}\n    :sid: '{number}'\n    :email: '{email}'\n"
        text += f"  :created_at: 2026-11-2{len(file) % 10} 10:00:00 Z\n"
        files[f"{key}/{file}"] = RIGHT
    return pack({"submission_metadata.yml": text.encode(), **files})


def found_in(tmp_path, gates, xor, katas):
    zips = {"gates.zip": gradescope("gates.py", *gates), "xor.zip": gradescope("xor.py", *xor)}
    return find_submissions([unpack(zips, tmp_path / "both")], katas)


@pytest.mark.parametrize("turned", [False, True])
def test_who_has_a_number_in_one_export_only_is_known_by_her_email_and_has_one_row(tmp_path, turned):
    katas = load_katas(ROOT)[:3]
    exports = [("김민수", "20231234", "min@x.kr")], [("Minsu Kim", "", "Min@X.kr")]
    (found,) = found_in(tmp_path, *(reversed(exports) if turned else exports), katas)
    assert (found.id, found.student.id, found.student.number) == ("20231234",) * 3
    read = read_submission(found, katas)
    assert (read.files, read.problems) == ({"02_gates": RIGHT, "03_xor": RIGHT}, {})
    assert sorted(read.times) == ["02_gates", "03_xor"]


def test_one_email_without_any_number_is_one_row_however_it_is_written(tmp_path):
    katas = load_katas(ROOT)[:3]
    (found,) = found_in(tmp_path, [("A", "", "a@x.kr")], [("A", "", "A@x.kr")], katas)
    assert (found.id, len(read_submission(found, katas).files)) == ("a@x.kr", 2)


@pytest.mark.parametrize(
    ("gates", "xor"),
    [
        ([("A", "1", "a@x.kr")], [("A", "", "")]),
        ([("A", "1", "")], [("A", "", "a@x.kr")]),
        ([("A", "1", "a@x.kr"), ("B", "2", "a@x.kr")], [("A", "", "a@x.kr")]),
    ],
    ids=["a name only", "nothing in common", "an email that two numbers have"],
)
def test_a_name_is_not_certain_and_the_rows_say_so(tmp_path, gates, xor):
    found = found_in(tmp_path, gates, xor, load_katas(ROOT)[:3])
    assert len(found) == len(gates) + len(xor)
    doubles = find_doubles(place.student for place in found)
    assert doubles.keys() == {"1", found[-1].id}
    assert doubles["1"] == (found[-1].id,)


def test_other_keys_tell_two_of_one_name_apart_but_not_numbers_that_moodle_gives_anew():
    def alike(one, other):
        return bool(find_doubles([Student("1", "Kim Ana", **one), Student("2", "ana  kim", **other)]))

    assert alike({}, {})
    assert alike({"number": "1"}, {"email": "a@x"})
    assert not alike({"number": "1", "email": "a@x"}, {"number": "2"})
    assert not alike({"platform": "Canvas", "platform_id": "1"}, {"platform": "Canvas", "platform_id": "2"})
    assert alike({"platform": "Moodle", "platform_id": "1"}, {"platform": "Moodle", "platform_id": "2"})
    assert not alike({"platform": "Moodle", "platform_id": "1"}, {"platform_id": "2"})
    assert not alike({"platform_id": "2"}, {"platform": "Moodle", "platform_id": "1"})
    assert find_doubles([Student(str(number), "anonymous") for number in range(500)]) == {}
    assert find_doubles([Student("1"), Student("2"), Student("3", "A"), Student("4", "B")]) == {}


def test_the_class_page_and_the_gradebook_say_it_and_the_students_pages_name_nobody(tmp_path):
    students = [Student("1", "Ana Kim", number="1"), Student("ana@x.kr", "Ana Kim", email="ana@x.kr")]
    folder = write_results(tmp_path / "out", [report(one.id, *ALL) for one in students], students)
    write_pages(open_class(folder, ()), (), ("en", "ko"))
    page = read_page(folder / "report.html").words
    assert "perhaps the same student as ana@x.kr" in page
    assert "한 학생일 수 있는 행: 1" in page
    assert "perhaps" not in read_page(folder / "feedback" / "1.html").words
    assert "ana@x.kr" not in read_page(folder / "feedback" / "1.html").words
    # It is no decision.
    assert render_notes(open_book(folder, {}), cli_texts(), "en") == []


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_grade_names_the_rows(tmp_path, lang):
    zips = {"gates.zip": gradescope("gates.py", ("A", "1", "")), "xor.zip": gradescope("xor.py", ("A", "", "a@x.kr"))}
    path = unpack(zips, tmp_path / "both")
    run = ("grade", path, "--out", tmp_path / "out", "--kata", "02", "--kata", "03", "--pictures", "none")
    done = kata(*run, cwd=ROOT, lang=lang)
    assert done.returncode == 0, done.stderr
    assert ("perhaps one student, in several rows" if lang == "en" else "한 학생일 수 있는 행이에요") in done.stderr
    assert "1, a@x.kr" in done.stderr
    text = (tmp_path / "out" / "gradebook.csv").read_text("utf-8-sig")
    assert ("perhaps the same student as a@x.kr" if lang == "en" else "한 학생일 수 있는 행: a@x.kr") in text
