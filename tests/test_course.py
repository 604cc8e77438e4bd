"""Many submissions over processes: the order stays, a dead process costs one submission, no student costs another."""

import os
import signal
import threading
import time
from pathlib import Path

import pytest

from grader.course import grade_class
from grader.intake import Submission
from grader.result import Status
from tests.conftest import ROOT

RIGHT = b"def double(x):\n    return 2 * x\n"
SLOW = b"import time\ntime.sleep(0.4)\n" + RIGHT


def submissions(*sources):
    return [Submission(f"s{number}", {"01_double": source}) for number, source in enumerate(sources)]


@pytest.mark.parametrize("jobs", [1, 2, 5])
def test_reports_come_in_the_order_of_the_submissions(tiny_katas, jobs):
    reports = list(grade_class(submissions(SLOW, RIGHT, b"x", RIGHT, SLOW, RIGHT), tiny_katas, jobs=jobs))
    assert [report.submission for report in reports] == ["s0", "s1", "s2", "s3", "s4", "s5"]
    assert [report.score for report in reports] == [2, 2, 0, 2, 2, 2]


def test_a_judge_that_dies_costs_one_submission_and_no_score_is_guessed(tiny_katas):
    class_ = submissions(RIGHT, b"import time\ntime.sleep(3)\n" + RIGHT, RIGHT, RIGHT)
    killer = threading.Thread(target=kill_one_worker)
    killer.start()
    reports = list(grade_class(class_, tiny_katas, jobs=2))
    killer.join()
    assert [report.submission for report in reports] == ["s0", "s1", "s2", "s3"]
    failed = [report for report in reports if report.status is Status.INTERNAL_ERROR]
    assert len(failed) == 1
    assert failed[0].score is None
    assert "ended with status" in failed[0].reason["en"]


def kill_one_worker():
    """Kill the worker that is busy longest: the one whose student sleeps."""
    time.sleep(1.5)
    mine = os.getpid()
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            words = (entry / "cmdline").read_bytes().decode().replace("\0", " ")
            parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
        except OSError:
            continue
        if parent == mine and "spawn_main" in words:
            os.kill(int(entry.name), signal.SIGKILL)
            return


def test_no_process_and_no_folder_is_left_behind(tiny_katas, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    daemon = b"import os\nif os.fork() == 0:\n    import time\n    time.sleep(60)\n" + RIGHT
    litter = b"open('litter', 'w').write('x')\n" + RIGHT
    before = children()
    reports = list(grade_class(submissions(daemon, litter), tiny_katas, jobs=1))
    assert [report.score for report in reports] == [0, 2], "to fork is refused, to write into the own folder is not"
    assert list(tmp_path.iterdir()) == []
    assert children() <= before


def children():
    """The sandbox's processes of this copy of the kit (another copy's suite may run beside this one)."""
    found = set()
    for entry in Path("/proc").iterdir():
        try:
            command = (entry / "cmdline").read_bytes() if entry.name.isdigit() else b""
            if b"grader.sandbox.zygote" in command and str(ROOT / "grader").encode() in command:
                found.add(entry.name)
        except OSError:
            continue
    return found
