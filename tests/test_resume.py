"""A killed run loses nothing: what it had graded stays, and --resume ends in the bytes of an undisturbed run."""

import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from grader.bank.kata import load_katas
from grader.errors import UsageError
from grader.judge.journal import Journal, fingerprint
from tests.conftest import PATIENCE_S, write_bank
from tests.test_cli import ENV, kata

KILLS = 20
SOURCES = [
    "import time\ntime.sleep(0.05)\ndef double(x):\n    return 2 * x\n",
    "import time\ntime.sleep(0.05)\ndef double(x):\n    return x + 2\n",
    "import os\nos._exit(0)\n",
]


@pytest.fixture
def bank(tmp_path):
    return write_bank(tmp_path / "bank")


@pytest.fixture
def school(tmp_path):
    for number in range(45):
        folder = tmp_path / "school" / f"s{number:02}"
        folder.mkdir(parents=True)
        (folder / "double.py").write_text(SOURCES[number % len(SOURCES)] + f"# {number}\n", "utf-8")
    return tmp_path / "school"


def results(folder):
    """The final bytes without the seconds, which differ between any two runs."""
    lines = (folder / "results.jsonl").read_text("utf-8").splitlines()
    return [{**json.loads(line), "seconds": 0} for line in lines], (folder / "gradebook.csv").read_bytes()


def test_kills_at_random_moments_change_no_byte_of_the_end(bank, school, tmp_path):
    assert kata("grade", school, "--out", tmp_path / "whole", cwd=bank).returncode == 0
    moments = random.Random(2)
    killed = 0
    for _ in range(KILLS):
        command = [sys.executable, "-m", "grader", "grade", school, "--out", tmp_path / "out", "--resume"]
        run = subprocess.Popen(command, cwd=bank, env=ENV, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(moments.uniform(0.3, 1.6))
        run.send_signal(signal.SIGKILL)
        killed += run.wait() == -signal.SIGKILL
    assert killed >= 1, "every run was over before it could be killed: make the class larger"
    assert kata("grade", school, "--out", tmp_path / "out", "--resume", cwd=bank).returncode == 0
    assert results(tmp_path / "out") == results(tmp_path / "whole")


def test_only_new_and_changed_submissions_are_graded_again(bank, school, tmp_path):
    out = tmp_path / "out"
    kata("grade", school, "--out", out, cwd=bank)
    (school / "s00" / "double.py").write_text("def double(x):\n    return 0\n", "utf-8")
    (school / "new").mkdir()
    (school / "new" / "double.py").write_text("def double(x):\n    return 2 * x\n", "utf-8")
    done = kata("grade", school, "--out", out, "--resume", cwd=bank)
    assert "44 submissions have not changed" in done.stdout
    scores = {report["submission"]: report["score"] for report in results(out)[0]}
    assert (scores["s00"], scores["new"], scores["s01"]) == (0, 2, 0)
    assert len(scores) == 46


def test_one_late_student_is_added_to_the_class_and_nobody_is_lost(bank, school, tmp_path):
    """The instructor grades the class, then one folder that came by mail."""
    late = tmp_path / "mail" / "s07_late"
    late.mkdir(parents=True)
    (late / "double.py").write_text(SOURCES[0], "utf-8")
    out = tmp_path / "out"
    kata("grade", school, "--out", out, cwd=bank)
    before = results(out)

    forgot = kata("grade", late, "--out", out, cwd=bank)
    assert forgot.returncode == 2
    assert "45 submissions that are not graded now" in forgot.stderr
    assert "--resume" in forgot.stderr
    assert results(out) == before

    done = kata("grade", late, "--out", out, "--resume", cwd=bank)
    assert "45 submissions of earlier runs keep their rows: s00" in done.stdout
    reports, gradebook = results(out)
    assert [report["submission"] for report in reports] == [f"s{n:02}" for n in range(8)] + ["s07_late"] + [
        f"s{n:02}" for n in range(8, 45)
    ]
    assert [report for report in reports if report["submission"] != "s07_late"] == before[0]
    assert gradebook.count(b"\n") == 1 + 46


def test_reports_of_other_checks_are_not_mixed_in(bank, school, tmp_path):
    out = tmp_path / "out"
    kata("grade", school, "--out", out, cwd=bank)
    before = results(out)
    checks = bank / "exercises" / "01_double" / "test_double.py"
    checks.write_text(checks.read_text("utf-8").replace("(3) is 6", "(3) is six"), "utf-8")
    refused = kata("grade", school / "s00", "--out", out, "--resume", cwd=bank)
    assert refused.returncode == 2
    assert "from other katas or other checks" in refused.stderr
    assert results(out) == before


def test_a_run_that_is_stopped_says_how_to_go_on(bank, school, tmp_path):
    command = [sys.executable, "-m", "grader", "grade", school, "--out", tmp_path / "out", "--jobs", "1"]
    run = subprocess.Popen(command, cwd=bank, env=ENV, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while not (tmp_path / "out" / ".journal.sqlite").exists():
        time.sleep(0.05)
    time.sleep(0.3)
    run.send_signal(signal.SIGINT)
    _, stderr = run.communicate(timeout=PATIENCE_S)
    assert "--resume" in stderr
    assert "Traceback" not in stderr
    assert kata("grade", school, "--out", tmp_path / "out", "--resume", cwd=bank).returncode == 0


def test_a_changed_check_grades_everyone_again(bank, school, tmp_path):
    out = tmp_path / "out"
    kata("grade", school, "--out", out, cwd=bank)
    checks = bank / "exercises" / "01_double" / "test_double.py"
    checks.write_text(checks.read_text("utf-8").replace("(3) is 6", "(3) is six"), "utf-8")
    assert "have not changed" not in kata("grade", school, "--out", out, "--resume", cwd=bank).stdout


def test_two_journals_cannot_share_a_folder(tmp_path, tiny_katas):
    checks = fingerprint(tiny_katas, "none")
    with Journal(tmp_path, checks, submissions=(), resume=False), pytest.raises(UsageError) as refused:
        Journal(tmp_path, checks, submissions=(), resume=False)
    assert refused.value.text == "busy"


def test_resume_without_a_folder_is_refused(bank, school):
    done = kata("grade", school, "--resume", cwd=bank)
    assert done.returncode == 2
    assert "--out DIR" in done.stderr


def test_a_damaged_journal_is_said_and_left_alone(bank, school, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    (out / ".journal.sqlite").write_bytes(b"this is no database, and longer than a header of one hundred bytes " * 9)
    done = kata("grade", school, "--out", out, "--resume", cwd=bank)
    assert done.returncode == 2
    assert "cannot be written" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_full_disk_leaves_no_half_written_result(bank, school, small_disk):
    done = kata("grade", school, "--out", small_disk / "out", cwd=bank)
    assert done.returncode == 2
    assert "cannot be written" in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(Path(small_disk).glob("out/results*"))
    assert not list(Path(small_disk).glob("out/gradebook*"))


def test_the_kits_own_fault_is_tried_again(tmp_path, tiny_katas):
    from grader.intake import Submission
    from grader.judge.processes import internal_report

    checks = fingerprint(tiny_katas, "none")
    submission = Submission("ana", {"01_double": b"x = 1\n"})
    with Journal(tmp_path, checks, submissions=(), resume=False) as journal:
        journal.add(internal_report(submission, tiny_katas, "the judge's process ended", isolation="none"))
        assert len(list(journal.reports(["ana"]))) == 1
        assert not journal.has("ana", submission.digest)


def test_a_fingerprint_belongs_to_the_checks(tmp_path, tiny_katas):
    other = load_katas(write_bank(tmp_path, {"exercises/01_double/messages.toml": "[titles]\n"}))
    assert fingerprint(other, "none") != fingerprint(tiny_katas, "none") != fingerprint(tiny_katas, "full")
