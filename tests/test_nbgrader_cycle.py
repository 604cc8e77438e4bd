"""nbgrader's own way through a course, by its own commands, from the release to the feedback and the marks as CSV."""

import csv
import html
import json
import re
import zipfile

import pytest
from nbgrader.api import Gradebook

from grader.authoring.answers import reference_of, wrong_answers
from grader.bank.kata import load_katas, select_katas
from grader.intake import Submission
from grader.intake.ipynb import answer_id
from grader.judge.judge import Judge
from grader.nbgrader.ids import grade_id
from grader.nbgrader.writing import write_course
from tests.conftest import ROOT
from tests.nbgrader_course import nbgrader

pytestmark = pytest.mark.tensorflow

KATAS = select_katas(load_katas(ROOT), ("02", "06", "14"))


def reference(kata):
    return reference_of(kata).source


def stub(kata):
    return kata.student_file.read_text("utf-8")


WRONG = {"02_gates": "named_gate", "14_heads": "k_ignored"}

CLASS = {
    "s01": {kata.name: reference(kata) for kata in KATAS},
    # Without the Keras kata, here and below: its kernel alone takes as long as all the others.
    "s02": {kata.name: stub(kata) for kata in KATAS if kata.name in WRONG},
    "s03": {
        kata.name: answer.source
        for kata in KATAS
        for answer in wrong_answers(kata)
        if answer.name == WRONG.get(kata.name)
    },
}
"""Student -> kata -> what stands in the answer cell below its mark."""


COMMANDS = [
    "generate_assignment katas",
    "db student import students.csv",
    "zip_collect katas",
    "autograde katas",
    "generate_feedback katas",
    "export",
]
"""What the guide tells an instructor to type, with its assignment for this one; between the second and the third come
`release_assignment`, which needs to be told of the test's exchange folder, and what students do."""


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """The course after the whole cycle."""
    course = tmp_path_factory.mktemp("nbgrader") / "course"
    exchange = course.parent / "exchange"
    exchange.mkdir()
    exchange.chmod(0o777)
    roster = "id,last_name,first_name,email\n" + "".join(f"{student},김,민수,\n" for student in CLASS)
    write_course(KATAS, course, one_assignment=True, language="ko", roster=roster)
    for command in COMMANDS[:2]:
        nbgrader(course, *command.split())
    nbgrader(course, "release_assignment", "katas", f"--Exchange.root={exchange}")
    pack(course)
    for command in COMMANDS[2:]:
        nbgrader(course, *command.split())
    return course


def pack(course):
    """A zip for each student, as a platform hands them over."""
    archive = course / "downloaded" / "katas" / "archive"
    archive.mkdir(parents=True)
    for student, answers in CLASS.items():
        with zipfile.ZipFile(archive / f"{student}.zip", "w") as packed:
            for kata in KATAS:
                if kata.name not in answers:
                    continue
                notebook = json.loads((course / "release" / "katas" / f"{kata.name}.ipynb").read_text("utf-8"))
                for cell in notebook["cells"]:
                    if cell["metadata"]["nbgrader"]["grade_id"] == answer_id(kata):
                        cell["source"] = f"# {kata.file_name}\n{answers[kata.name]}"
                packed.writestr(f"{kata.name}.ipynb", json.dumps(notebook))


@pytest.fixture(scope="module")
def reports():
    """What the judge says about the same files."""
    with Judge(KATAS, isolation="none") as judge:
        return {student: judge.grade(Submission(student, handed_in(answers))) for student, answers in CLASS.items()}


def handed_in(answers):
    return {kata.name: f"# {kata.file_name}\n{answers[kata.name]}".encode() for kata in KATAS if kata.name in answers}


def test_what_is_released_is_the_stub_to_the_letter(course):
    for kata in KATAS:
        notebook = json.loads((course / "release" / "katas" / f"{kata.name}.ipynb").read_text("utf-8"))
        (cell,) = [cell for cell in notebook["cells"] if cell["metadata"]["nbgrader"]["solution"]]
        assert "".join(cell["source"]) == f"# {kata.file_name}\n{stub(kata)}".rstrip("\n")


@pytest.mark.parametrize("place", ["course/release", "exchange", "course/feedback"])
def test_what_students_can_read_holds_no_line_of_a_hidden_check(course, place):
    files = [path for path in (course.parent / place).rglob("*") if path.suffix in (".ipynb", ".html")]
    assert len(files) >= len(KATAS)
    text = "\n".join(html.unescape(re.sub("<[^>]*>", "", path.read_text("utf-8"))) for path in files)
    public = "\n".join(path.read_text("utf-8") for path in (KATAS[0].bank / "exercises").rglob("*.*"))
    for kata in KATAS:
        lines = {line.strip() for line in kata.hidden_checks.read_text("utf-8").splitlines()}
        # Titles are told when a hidden check did not pass.
        secret = {line for line in lines if len(line) >= 25 and line not in public and not line.startswith('"""')}
        assert len(secret) > 3
        assert [line for line in secret if line in text] == []


@pytest.mark.parametrize("student", CLASS)
def test_autograde_gives_the_judges_points_for_every_check(course, reports, student):
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        submission = gradebook.find_submission("katas", student)
        grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
        assert not any(grade.needs_manual_grade for grade in grades)
        scores = {grade.name: grade.auto_score for grade in grades}
    expected = {
        grade_id(kata, check.id): check.points
        for kata, result in zip(KATAS, reports[student].katas, strict=True)
        for check in result.checks
    }
    assert scores == expected


def test_the_reference_has_everything_the_untouched_nothing_and_the_half_right_something(course):
    with (course / "grades.csv").open(encoding="utf-8") as stream:
        scores = {row["student_id"]: float(row["score"]) for row in csv.DictReader(stream)}
    assert scores["s01"] == pytest.approx(6 + 8 + 4)
    assert scores["s02"] == 0
    assert 0 < scores["s03"] < 6 + 4


def test_feedback_shows_the_kits_own_sentences(course, reports):
    for kata, result in zip(KATAS, reports["s03"].katas, strict=True):
        if kata.name not in CLASS["s03"]:
            continue
        page = (course / "feedback" / "s03" / "katas" / f"{kata.name}.html").read_text("utf-8")
        said = " ".join(html.unescape(re.sub("<[^>]*>", "", page)).split())
        failed = [check for check in result.checks if check.message and not check.points]
        assert failed
        for check in failed:
            assert " ".join(check.message["ko"].split()) in said


@pytest.mark.parametrize("guide", ["nbgrader.md", "nbgrader.ko.md"])
def test_the_guide_has_every_command_of_the_cycle(guide):
    text = (ROOT / "docs" / guide).read_text("utf-8")
    for command in [*COMMANDS, "release_assignment katas"]:
        assert f"$ nbgrader {command.replace('katas', '02_gates')}\n" in text
