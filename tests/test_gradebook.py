"""A real nbgrader gradebook, filled by the kit's judge: what is written, what stays, and what is refused."""

import contextlib
import json
import shutil
import sqlite3

import nbformat
import pytest
from nbgrader.api import Gradebook
from nbgrader.nbgraderformat import MetadataValidator

from grader.errors import UsageError
from grader.nbgrader.gradebook import compare, write_reports
from grader.nbgrader.opening import open_course, read_submitted
from grader.nbgrader.writing import collect_checks
from tests.nbgrader_course import answered, cell_of, hand_in, make_course, nbgrader
from tests.test_cli import kata

RIGHT = "def double(x):\n    return 2 * x\n"
HALF = "def double(x):\n    return {3: 6, 4: 8}.get(x, 0)\n"
WRONG = "def double(x):\n    return x + 2\n"
NAME = "01_double"


@pytest.fixture(scope="module")
def template(tmp_path_factory, tiny_katas):
    return make_course(tiny_katas, tmp_path_factory.mktemp("nbgrader") / "course", students=["ana", "bob", "cho"])


@pytest.fixture
def course(tmp_path, template):
    return shutil.copytree(template, tmp_path / "course")


@pytest.fixture
def fill(course, tiny_katas, tiny_judge):
    """Grade what was handed in and write it; gives the changes that were found before."""

    def run(*, write=True, language="en"):
        opened = open_course(course, "katas", tiny_katas, collect_checks(tiny_katas))
        reports = [tiny_judge.grade(read_submitted(found, opened.katas)) for found in opened.submitted]
        changes = compare(opened, reports)
        if write:
            write_reports(opened, reports, language)
        return {change.student: change for change in changes}

    return run


def rows(course, student):
    """The scores as (grade cell -> auto, manual, needs a look), the comment, and the notebook's score and penalty."""
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        notebook = gradebook.find_submission_notebook(NAME, "katas", student)
        grades = {
            grade.name: (grade.auto_score, grade.manual_score, grade.needs_manual_grade) for grade in notebook.grades
        }
        (comment,) = [comment.auto_comment for comment in notebook.comments]
        return grades, comment, notebook.score, notebook.late_submission_penalty


def edit(course, student, grade_id, **values):
    """What an instructor does in formgrader."""
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        grade = gradebook.find_grade(grade_id, NAME, "katas", student)
        for name, value in values.items():
            setattr(grade, name, value)
        gradebook.db.commit()


@contextlib.contextmanager
def opened_base(course):
    """The gradebook's database itself, for what nbgrader does not offer."""
    with contextlib.closing(sqlite3.connect(course / "gradebook.db")) as base, base:
        yield base


def dump(course):
    """Every row of the gradebook."""
    with opened_base(course) as base:
        return list(base.iterdump())


def test_scores_and_comments_are_those_of_the_report(course, fill):
    hand_in(course, "ana", NAME, answered(course, NAME, RIGHT))
    hand_in(course, "bob", NAME, answered(course, NAME, HALF))
    fill()
    right, half = rows(course, "ana"), rows(course, "bob")
    assert right[0] == {
        "double_doubles": (0.7, None, False),
        "double_again": (0.5, None, False),
        "double_random": (0.8, None, False),
    }
    assert (right[1], right[2]) == (None, 2)
    assert half[0]["double_random"] == (0, None, False)
    assert half[1] == (
        "    A hidden check did not pass: any number is doubled.\n"
        "    Work this case out by hand: where does the result part from yours?"
    )


def test_formgrader_has_a_valid_notebook_for_every_submission(course, fill):
    hand_in(course, "ana", NAME, answered(course, NAME, WRONG))
    hand_in(course, "bob", NAME, b"{ no notebook")
    fill()
    for student in ("ana", "bob"):
        path = course / "autograded" / student / "katas" / f"{NAME}.ipynb"
        notebook = nbformat.read(path, 4)
        nbformat.validate(notebook)
        MetadataValidator().validate_nb(notebook)
        ids = [cell.metadata.nbgrader.grade_id for cell in notebook.cells]
        assert ids == [f"double_{name}" for name in ("lesson", "setup", "answer", "doubles", "again", "random")]
        assert not path.stat().st_mode & 0o222
    notebook = nbformat.read(course / "autograded" / "ana" / "katas" / f"{NAME}.ipynb", 4)
    assert notebook.cells[3].outputs[0].text.startswith("double(3): expected 6, got 5.0.")
    assert notebook.cells[3].outputs[0].name == "stderr"
    assert (course / "autograded" / "ana" / "katas" / "timestamp.txt").read_text("utf-8").startswith("2026-03-01")


def test_a_broken_notebook_gets_its_cells_back_and_its_scores(course, fill):
    notebook = answered(course, NAME, RIGHT)
    answer, check = cell_of(notebook, "double_answer"), cell_of(notebook, "double_doubles")
    answer["metadata"]["nbgrader"] = {}
    check["metadata"]["nbgrader"]["grade_id"] = ""
    check["source"] = "print('all right')"
    notebook["cells"].remove(cell_of(notebook, "double_again"))
    notebook["cells"].insert(0, {**notebook["cells"][-1], "id": answer["id"]})
    hand_in(course, "ana", NAME, notebook)
    fill()
    path = course / "autograded" / "ana" / "katas" / f"{NAME}.ipynb"
    made = nbformat.read(path, 4)
    nbformat.validate(made)
    MetadataValidator().validate_nb(made)
    ids = [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in made.cells]
    assert {f"double_{name}" for name in ("lesson", "setup", "answer", "doubles", "again", "random")} <= set(ids)
    assert RIGHT in made.cells[ids.index("double_answer")].source
    assert rows(course, "ana")[2] == 2


def test_the_whole_release_of_a_check_stands_in_its_cell_whatever_the_student_wrote(course, fill):
    notebook = answered(course, NAME, WRONG)
    cell_of(notebook, "double_doubles")["source"] = "1 + 1"
    hand_in(course, "ana", NAME, notebook)
    fill()
    made = nbformat.read(course / "autograded" / "ana" / "katas" / f"{NAME}.ipynb", 4)
    assert 'kata.check("doubles")' in made.cells[3].source


def test_a_manual_score_is_never_touched_and_is_looked_at_again_when_the_points_change(course, fill):
    hand_in(course, "ana", NAME, answered(course, NAME, WRONG))
    fill()
    edit(course, "ana", "double_doubles", manual_score=0.35, extra_credit=0.1, needs_manual_grade=False)
    fill()
    assert rows(course, "ana")[0]["double_doubles"] == (0, 0.35, False)
    hand_in(course, "ana", NAME, answered(course, NAME, RIGHT))
    fill()
    grades, _, score, _ = rows(course, "ana")
    assert grades["double_doubles"] == (0.7, 0.35, True)
    assert score == pytest.approx(0.35 + 0.1 + 0.5 + 0.8)


def test_regrading_says_who_changes_by_how_much_and_a_dry_run_writes_nothing(course, fill):
    hand_in(course, "ana", NAME, answered(course, NAME, WRONG))
    hand_in(course, "bob", NAME, answered(course, NAME, RIGHT))
    first = fill()
    assert (first["ana"].before, first["ana"].after) == (None, 0)
    hand_in(course, "ana", NAME, answered(course, NAME, HALF))
    before = dump(course)
    change = fill(write=False)
    assert (change["ana"].before, change["ana"].after) == (0, 1.2)
    assert change["ana"].checks == (("01_double doubles", 0, 0.7), ("01_double again", 0, 0.5))
    assert (change["bob"].before, change["bob"].after, change["bob"].checks) == (2, 2, ())
    assert dump(course) == before


def test_a_late_submission_gets_the_penalty_of_the_courses_own_plugin(course, fill):
    with (course / "nbgrader_config.py").open("a", encoding="utf-8") as config:
        config.write('\nc.LateSubmissionPlugin.penalty_method = "zero"\n')
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        gradebook.update_or_create_assignment("katas", duedate="2026-03-01 12:00:00 UTC")
    hand_in(course, "ana", NAME, answered(course, NAME, HALF), time="2026-03-01 12:00:01 UTC")
    hand_in(course, "bob", NAME, answered(course, NAME, HALF), time="2026-03-01 11:59:59 UTC")
    fill()
    assert rows(course, "ana")[2:] == (1.2, 1.2)
    assert rows(course, "bob")[2:] == (1.2, None)


@pytest.mark.parametrize("text", ["", "yesterday, honestly", "9" * 500, "9" * 30 + "m"])
def test_a_timestamp_that_says_no_time_is_told_and_costs_nothing(course, tiny_katas, tiny_judge, text):
    hand_in(course, "ana", NAME, answered(course, NAME, RIGHT), time=text)
    opened = open_course(course, "katas", tiny_katas, collect_checks(tiny_katas))
    reports = [tiny_judge.grade(read_submitted(found, opened.katas)) for found in opened.submitted]
    assert write_reports(opened, reports, "en") == ["ana"]
    assert rows(course, "ana")[2] == 2


def test_a_notebook_that_was_not_handed_in_scores_0_and_says_which_is_missing(course, fill):
    hand_in(course, "ana", "notes", answered(course, NAME, RIGHT))
    fill()
    _, comment, score, _ = rows(course, "ana")
    assert comment.startswith(f"    There is no file {NAME}.ipynb for this kata.\n")
    assert score == 0


def test_a_check_that_came_later_is_written_for_old_submissions_too(course, fill):
    hand_in(course, "ana", NAME, answered(course, NAME, RIGHT))
    fill()
    with opened_base(course) as base:
        # As if the check had been added after ana was first graded: nbgrader makes no row for it.
        base.execute("DELETE FROM grade WHERE cell_id IN (SELECT id FROM base_cell WHERE name = 'double_again')")
    fill()
    assert rows(course, "ana")[0]["double_again"] == (0.5, None, False)


def test_a_link_in_a_submission_leads_nowhere(course, fill, tmp_path):
    secret = tmp_path / "secret.ipynb"
    secret.write_text(json.dumps(answered(course, NAME, RIGHT)), "utf-8")
    folder = hand_in(course, "ana", "x", b"{}")
    (folder / f"{NAME}.ipynb").symlink_to(secret)
    fill()
    assert rows(course, "ana")[2] == 0
    assert "return 2 * x" not in (course / "autograded" / "ana" / "katas" / f"{NAME}.ipynb").read_text("utf-8")


def test_feedback_and_export_show_what_was_written_and_nothing_of_a_hidden_check(course, fill):
    hand_in(course, "ana", NAME, answered(course, NAME, WRONG + '"<b>bold</b>"\n'))
    fill(language="both")
    nbgrader(course, "generate_feedback", "katas")
    page = (course / "feedback" / "ana" / "katas" / f"{NAME}.html").read_text("utf-8")
    assert "double(3): expected 6, got 5.0." in page
    assert "두 배는 얼마일까요?" in page
    assert "student.rng" not in page
    nbgrader(course, "export")
    assert ",ana,,,,0.0,0.0,0.0,2.0" in (course / "grades.csv").read_text("utf-8")


# --- bad input ------------------------------------------------------------------------------------------------------


def no_course(course):
    (course / "nbgrader_config.py").unlink()


def broken_config(course):
    (course / "nbgrader_config.py").write_text("c = get_config()\n1 / 0\n", "utf-8")


def no_gradebook(course):
    (course / "gradebook.db").unlink()


def old_schema(course):
    with opened_base(course) as base:
        base.execute("UPDATE alembic_version SET version_num = '50a4d84c131a'")


def ancient_schema(course):
    with opened_base(course) as base:
        base.execute("DROP TABLE alembic_version")


def no_sqlite(course):
    (course / "gradebook.db").write_bytes(b"not a database at all" * 100)


def stranger(course):
    hand_in(course, "mallory", NAME, answered(course, NAME, RIGHT))


def nothing_handed_in(course):
    shutil.rmtree(course / "submitted")


def changed_points(course):
    with opened_base(course) as base:
        base.execute("UPDATE grade_cells SET max_score = 7")


BAD = {
    no_course: "no_nbgrader_course",
    broken_config: "bad_nbgrader_config",
    no_gradebook: "no_gradebook",
    old_schema: "old_gradebook",
    ancient_schema: "old_gradebook",
    no_sqlite: "bad_gradebook",
    stranger: "not_on_roster",
    nothing_handed_in: "nothing_submitted",
    changed_points: "stale_assignment",
}


@pytest.mark.parametrize(("spoil", "text"), BAD.items(), ids=lambda value: getattr(value, "__name__", value))
def test_bad_input_is_one_sentence_and_nothing_is_written(course, fill, spoil, text):
    hand_in(course, "ana", NAME, answered(course, NAME, RIGHT))
    spoil(course)
    before = sorted(path.relative_to(course).as_posix() for path in course.rglob("*"))
    content = (course / "gradebook.db").read_bytes() if (course / "gradebook.db").exists() else None
    with pytest.raises(UsageError) as refused:
        fill()
    assert refused.value.text == text
    after = [path.relative_to(course).as_posix() for path in course.rglob("*")]
    assert sorted(name for name in after if "__pycache__" not in name) == before
    assert content is None or (course / "gradebook.db").read_bytes() == content


def test_an_assignment_that_was_never_generated_is_refused_with_what_there_is(course, tiny_katas):
    hand_in(course, "ana", NAME, answered(course, NAME, RIGHT))
    with pytest.raises(UsageError) as refused:
        open_course(course, "katas2", tiny_katas, collect_checks(tiny_katas))
    assert (refused.value.text, refused.value.values["known"]) == ("no_assignment", "katas")


def test_a_gradebook_that_is_locked_at_the_start_or_at_the_end_is_left_as_it_was(course, fill, tiny_katas, tiny_judge):
    hand_in(course, "ana", NAME, answered(course, NAME, RIGHT))
    opened = open_course(course, "katas", tiny_katas, collect_checks(tiny_katas))
    reports = [tiny_judge.grade(read_submitted(found, opened.katas)) for found in opened.submitted]
    before = dump(course)
    other = sqlite3.connect(course / "gradebook.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        for attempt in (fill, lambda: write_reports(opened, reports, "en")):
            with pytest.raises(UsageError) as refused:
                attempt()
            assert refused.value.text == "gradebook_locked"
    finally:
        other.close()
    assert dump(course) == before
    assert not (course / "autograded").exists()


def test_a_run_that_fails_half_way_leaves_the_gradebook_as_it_was(course, tiny_katas, tiny_judge):
    hand_in(course, "ana", NAME, answered(course, NAME, RIGHT))
    hand_in(course, "bob", NAME, answered(course, NAME, RIGHT), time="2026-03-09 10:00:00 UTC")
    (course / "late.py").write_text(
        "from nbgrader.plugins import BasePlugin\n"
        "class Late(BasePlugin):\n"
        "    def late_submission_penalty(self, *args):\n"
        "        raise RuntimeError('no rule for bob')\n",
        "utf-8",
    )
    with (course / "nbgrader_config.py").open("a", encoding="utf-8") as config:
        config.write("\nimport sys, os\nsys.path.insert(0, os.path.dirname(__file__))\n")
        config.write("from late import Late\nc.AssignLatePenalties.plugin_class = Late\n")
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        gradebook.update_or_create_assignment("katas", duedate="2026-03-01 12:00:00 UTC")
    opened = open_course(course, "katas", tiny_katas, collect_checks(tiny_katas))
    reports = [tiny_judge.grade(read_submitted(found, opened.katas)) for found in opened.submitted]
    before = dump(course)
    with pytest.raises(UsageError) as refused:
        write_reports(opened, reports, "en")
    assert refused.value.text == "late_plugin"
    assert "no rule for bob" in refused.value.values["reason"]
    assert dump(course) == before
    assert not list(course.glob("autograded/*"))
    assert not list(course.glob(".autograded*"))


def test_the_command_grades_shows_and_writes(course, tiny_katas):
    bank = tiny_katas[0].exercise.parent.parent
    hand_in(course, "ana", NAME, answered(course, NAME, RIGHT))
    hand_in(course, "bob", NAME, b"\x00")
    asked = ("grade", "--nbgrader", course, "--assignment", "katas", "--out", course / "out")
    dry = kata(*asked, "--dry-run", cwd=bank)
    assert (dry.returncode, "nothing was written into the gradebook" in dry.stdout) == (0, True), dry.stderr
    done = kata(*asked, "--resume", cwd=bank)
    assert done.returncode == 0, done.stderr
    assert "automatic points: 2 students for the first time, 0 changed, 0 as before" in done.stdout
    assert "2 students written into the gradebook for katas" in done.stdout
    assert (rows(course, "ana")[2], rows(course, "bob")[2]) == (2, 0)
    refused = kata("grade", "--nbgrader", course, "--assignment", "other", cwd=bank)
    assert refused.returncode == 2
    assert refused.stderr.count("\n") == 1
    assert "nbgrader generate_assignment other" in refused.stderr
