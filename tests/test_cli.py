"""The command line as a user calls it: output, files and exit codes, in processes of its own."""

import csv
import io
import json
import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import click
import pytest

from grader.cli import kata as command
from grader.report.spreadsheet import safe_cell
from tests.conftest import PATIENCE_S, write_bank

RIGHT = "def double(x):\n    return 2 * x\n"
ENV = {key: value for key, value in os.environ.items() if key not in ("KATA_LANG", "LC_ALL", "LC_MESSAGES")}


def kata(*arguments, cwd, lang="en", **env):
    """Run `python -m grader` and return the finished process."""
    return subprocess.run(
        [sys.executable, "-m", "grader", *map(str, arguments)],
        cwd=cwd,
        env={**ENV, "KATA_LANG": lang, "COLUMNS": "100", **env},
        capture_output=True,
        text=True,
        encoding=env.get("PYTHONIOENCODING", "utf-8"),
        timeout=PATIENCE_S,
        check=False,
    )


@pytest.fixture
def bank(tmp_path):
    return write_bank(tmp_path / "bank")


@pytest.fixture
def school(tmp_path):
    folder = tmp_path / "school"
    sources = {"ana": RIGHT, "=cmd()": "def double(x):\n    return x + 2\n", "나래": "import sys\nsys.exit(0)\n"}
    for name, source in sources.items():
        (folder / name).mkdir(parents=True)
        (folder / name / "double.py").write_text(source, "utf-8")
    (folder / "zed.zip").write_bytes(b"no zip")
    return folder


def test_grade_writes_a_line_and_a_row_for_every_submission(bank, school, tmp_path):
    done = kata("grade", school, "--out", tmp_path / "out", cwd=bank)
    assert done.returncode == 0, done.stderr
    lines = (tmp_path / "out" / "results.jsonl").read_text("utf-8").splitlines()
    reports = {report["submission"]: report for report in map(json.loads, lines)}
    assert {name: report["score"] for name, report in reports.items()} == {"ana": 2, "=cmd()": 0, "나래": 0, "zed": 0}
    assert reports["zed"]["status"] == "unreadable"
    assert "zed.zip" in reports["zed"]["reason"]["ko"]
    visible = sorted(path.name for path in (tmp_path / "out").glob("[!.]*"))
    assert visible == ["feedback", "gradebook.csv", "report.html", "results.jsonl"]


def test_the_gradebook_is_safe_in_a_spreadsheet(bank, school, tmp_path):
    kata("grade", school, "--out", tmp_path / "out", cwd=bank)
    raw = (tmp_path / "out" / "gradebook.csv").read_bytes()
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
    assert rows[0] == ["submission", "01_double", "total", "max", "status"]
    assert [row[0] for row in rows[1:]] == ["'=cmd()", "ana", "zed", "나래"]
    assert all(not cell.startswith(("=", "+", "@", "-")) for row in rows for cell in row)


def test_the_fixed_keys_of_the_report(bank, school, tmp_path):
    kata("grade", school / "ana", "--out", tmp_path / "out", cwd=bank)
    report = json.loads((tmp_path / "out" / "results.jsonl").read_text("utf-8"))
    top = ["schema", "submission", "status", "score", "max_score", "isolation", "kit", "digest", "seconds", "katas"]
    assert list(report) == top
    assert list(report["katas"][0]) == ["kata", "score", "max_score", "public", "hidden", "checks"]
    check = ["id", "title", "hidden", "step", "outcome", "points", "max_points", "tag", "message", "expected", "actual"]
    assert list(report["katas"][0]["checks"][0]) == check


def test_results_are_the_same_bytes_whatever_the_number_of_jobs(bank, school, tmp_path):
    results = set()
    for run in range(10):
        done = kata("grade", school, "--out", tmp_path / "out", "--jobs", 1 + run % 3, cwd=bank)
        assert done.returncode == 0
        lines = (tmp_path / "out" / "results.jsonl").read_text("utf-8").splitlines()
        results.add(json.dumps([{**json.loads(line), "seconds": 0} for line in lines]))
    assert len(results) == 1


def test_the_table_names_the_mistake_in_both_languages(bank, school, tmp_path):
    english = kata("grade", school, "--out", tmp_path / "out", cwd=bank)
    korean = kata("grade", school, "--out", tmp_path / "out", "--lang", "ko", cwd=bank)
    assert "01 adds_two" in english.stdout
    assert "What is twice as much?" in english.stdout
    assert "두 배는 얼마일까요?" in korean.stdout


def test_without_isolation_the_user_is_warned_at_start_and_end_and_so_is_every_reader(bank, school, tmp_path):
    done = kata("grade", school / "ana", "--out", tmp_path / "out", "--no-isolation", cwd=bank)
    assert done.returncode == 0
    assert done.stderr.count("isolation: none. Students' code runs with your rights") == 2
    assert json.loads((tmp_path / "out" / "results.jsonl").read_text("utf-8"))["isolation"] == "none"


def test_isolation_is_told_in_one_line_and_written_into_the_report(bank, school, tmp_path):
    done = kata("grade", school / "ana", "--out", tmp_path / "out", cwd=bank)
    isolation = json.loads((tmp_path / "out" / "results.jsonl").read_text("utf-8"))["isolation"]
    assert isolation in ("full", "kernel-rules")
    assert done.stderr.count("isolation: ") == done.stderr.count(f"isolation: {isolation}.") == 1


def test_a_korean_windows_console_stops_no_run(bank, school, tmp_path):
    (school / "ana" / "double.py").write_text("def double(x):\n    return '\u2014\U0001f600'\n", "utf-8")
    done = kata("grade", school, "--out", tmp_path / "out", "--lang", "both", cwd=bank, PYTHONIOENCODING="cp949")
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["grade", "nowhere"], "nowhere does not exist."),
        (["grade"], "Name what to grade"),
        (["grade", ".", "--kata", "77"], "There is no kata 77."),
        (["grade", "essay.txt"], "is no submission"),
        (["grade", "broken.zip"], "cannot be read as a zip"),
        (["grade", "empty"], "holds no submission"),
        (["nonsense"], "No such command"),
        (["release", "--to", "empty"], "exists already"),
    ],
)
def test_bad_input_is_one_sentence_exit_2_and_nothing_written(bank, arguments, words):
    (bank / "essay.txt").write_text("x")
    (bank / "broken.zip").write_bytes(b"x")
    (bank / "empty").mkdir()
    done = kata(*arguments, cwd=bank)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert not (bank / "build").exists()


def test_a_folder_that_cannot_be_written_is_said_before_anything_is_graded(bank, school):
    done = kata("grade", school, "--out", bank / "exercises" / "pytest.ini", cwd=bank)
    assert done.returncode == 2
    assert "cannot be written" in done.stderr


def test_outside_a_bank_the_user_is_told_where_to_go(tmp_path):
    done = kata(cwd=tmp_path)
    assert done.returncode == 2
    assert "--bank DIR" in done.stderr


def test_a_broken_check_is_the_kits_fault_exit_3_and_no_score(tmp_path, school):
    changes = {"exercises/01_double/test_double.py": "import no_such_module_at_all\n"}
    done = kata("grade", school, "--out", tmp_path / "out", cwd=write_bank(tmp_path / "bad", changes))
    assert done.returncode == 3
    assert "kit's own fault" in done.stderr
    assert not (tmp_path / "out" / "results.jsonl").exists()


def test_what_an_answers_numbers_make_a_check_warn_of_shows_no_line_of_the_check(tmp_path, school):
    """NumPy's "overflow encountered" comes with the line that computed, a hidden check's as well."""
    check = """import numpy as np
import pytest


@pytest.mark.check(points=0.8, step=1)
def test_any(student):
    \"\"\"Any number is doubled\"\"\"
    assert np.float64(student.double(3)) * 1e308 == 6e308
"""
    bank = write_bank(tmp_path / "bank", {"solutions/01_double/test_double_hidden.py": check})
    (school / "bo.py").write_text("def double(x):\n    return 1e300\n", "utf-8")
    done = kata("grade", school, "--out", tmp_path / "out", cwd=bank)
    assert done.returncode == 0, done.stderr
    assert "1e308" not in done.stdout + done.stderr


def test_status_check_and_exit_codes_follow_the_student(bank):
    file = bank / "exercises" / "01_double" / "double.py"
    assert "not tried yet" in kata(cwd=bank).stdout
    first = kata("check", cwd=bank)
    assert first.returncode == 1
    assert "Line 6: double is still `...`." in first.stdout
    file.write_text(RIGHT, "utf-8")
    assert "0 of 2 (changed since)" in kata(cwd=bank).stdout
    assert kata("check", "01", cwd=bank).returncode == 0
    assert "All public checks pass." in kata(cwd=bank).stdout


def test_check_speaks_json_and_nothing_else(bank):
    (bank / "exercises" / "01_double" / "double.py").write_text("print('noise')\n" + RIGHT, "utf-8")
    done = kata("check", "--json", cwd=bank)
    data = json.loads(done.stdout)
    assert done.returncode == 0
    assert data["katas"][0]["public"] == [2, 2]


def test_build_check_writes_nothing_and_build_mends(bank):
    stub = bank / "exercises" / "01_double" / "double.py"
    right = stub.read_text("utf-8")
    stub.write_text("stale", "utf-8")
    assert kata("build", "--check", cwd=bank).returncode == 1
    assert stub.read_text("utf-8") == "stale"
    assert kata("build", cwd=bank).returncode == 0
    assert stub.read_text("utf-8") == right
    assert kata("build", "--check", cwd=bank).returncode == 0


def test_both_names_of_the_command_are_one(bank):
    script = subprocess.run(
        [Path(sysconfig.get_path("scripts")) / "kata", "--version"], capture_output=True, text=True, check=False
    )
    module = kata("--version", cwd=bank)
    assert script.stdout == module.stdout


def test_every_command_is_found_by_its_name():
    names = command.list_commands(click.Context(command))
    assert names == sorted(names)
    assert [command.get_command(click.Context(command), name).name for name in names] == names


def test_a_students_command_does_not_wait_for_what_grading_needs(bank):
    program = "import sys\nfrom grader.cli import main\ntry: main()\nfinally: print('grader.judge' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program, "check", "01"], cwd=bank, capture_output=True, text=True)
    assert done.stdout.endswith("False\n"), done.stderr


def test_a_student_copy_cannot_grade(bank, tmp_path, school):
    assert kata("release", "--to", tmp_path / "student", cwd=bank).returncode == 0
    done = kata("grade", school, cwd=tmp_path / "student")
    assert done.returncode == 2
    assert "solutions" in done.stderr


def test_a_release_may_be_a_zip_and_grades_again_as_one(bank, tmp_path):
    assert kata("release", "--to", tmp_path / "student.zip", cwd=bank).returncode == 0
    with zipfile.ZipFile(tmp_path / "student.zip") as archive:
        assert "student/exercises/01_double/double.py" in archive.namelist()
    done = kata("grade", tmp_path / "student.zip", "--out", tmp_path / "out", cwd=bank)
    assert done.returncode == 0
    assert json.loads((tmp_path / "out" / "results.jsonl").read_text("utf-8"))["score"] == 0


NASTY = "\x1b]0;title\x07\u202egnp.\x1b[31m\nError: none"


@pytest.mark.parametrize("lang", ["en", "ko", "both"])
def test_no_name_of_a_file_steers_the_terminal_or_begins_a_line(bank, school, tmp_path, lang):
    """In the list of what was passed over, in an error, in click's own."""
    (school / f"{NASTY}.csv").write_bytes(b"x")
    listed = kata("grade", school, "--out", tmp_path / "out", cwd=bank, lang=lang)
    wrong = kata("grade", school / f"{NASTY}.csv", cwd=bank, lang=lang)
    clicks = kata("check", "--bank", NASTY, cwd=bank, lang=lang)
    for done in (listed, wrong, clicks):
        shown = done.stdout + done.stderr
        assert "title" in shown
        assert not {"\x1b", "\x07", "\u202e"} & set(shown)
        assert not [line for line in shown.splitlines() if line.startswith("Error: none")]
    assert (listed.returncode, wrong.returncode, clicks.returncode) == (0, 2, 2)


def test_what_stands_between_two_colons_is_shown_as_it_is(bank, school, tmp_path):
    """Rich would draw a picture in its place, also of rows[:up:]."""
    (school / ":up:.py").write_text("def double(x):\n    return ':up:'\n", "utf-8")
    done = kata("grade", school, "--out", tmp_path / "out", cwd=bank)
    assert done.stdout.count(":up:") > 1
    assert "\U0001f199" not in done.stdout


@pytest.mark.parametrize(
    "name",
    ["=1+1", "+1", "-1", "@x", " =1+1", "\t=1", "\u3000=1", "\xa0=1", "＝1+1", "＋1", "－1", "＠x", " ＝1", "\r=1"],
)
def test_no_id_is_a_formula_in_any_spreadsheet(name):
    assert safe_cell(name).startswith("'")


@pytest.mark.parametrize("name", ["ana", "0012345", "김나래", "a=b", "s-1", "..."])
def test_an_id_that_is_no_formula_stands_as_it_is(name):
    """A script that reads the gradebook back finds 0012345 with its zeros."""
    assert safe_cell(name) == name


def test_the_only_path_that_cannot_be_read_is_told_its_own_reason(bank, tmp_path):
    (tmp_path / "ana.rar").write_bytes(b"Rar!")
    english = kata("grade", tmp_path / "ana.rar", cwd=bank)
    korean = kata("grade", tmp_path / "ana.rar", cwd=bank, lang="ko")
    assert (english.returncode, korean.returncode) == (2, 2)
    assert english.stderr.endswith(
        "cannot be graded. ana.rar is an archive of another kind; pack it as .zip, or unpack it.\n"
    )
    assert "열 수 없는 압축 형식이에요: ana.rar" in korean.stderr
