"""Many submissions over processes: the order stays, a dead process costs one submission, no student costs another."""

import os
import threading

import pytest

from grader.intake import Submission
from grader.judge.processes import grade_class
from grader.result import Status
from tests.processes import children, wait_for, workers, zygotes

RIGHT = b"def double(x):\n    return 2 * x\n"
SLOW = b"import time\ntime.sleep(0.4)\n" + RIGHT


def submissions(*sources):
    return [Submission(f"s{number}", {"01_double": source}) for number, source in enumerate(sources)]


@pytest.mark.parametrize("jobs", [1, 2, 5])
def test_reports_come_in_the_order_of_the_submissions(tiny_katas, jobs):
    reports = list(grade_class(submissions(SLOW, RIGHT, b"x", RIGHT, SLOW, RIGHT), tiny_katas, jobs=jobs))
    assert [report.submission for report in reports] == ["s0", "s1", "s2", "s3", "s4", "s5"]
    assert [report.score for report in reports] == [2, 2, 0, 2, 2, 2]


@pytest.mark.parametrize("kills", [1, 2])
def test_a_judge_that_dies_is_replaced_and_dying_twice_costs_one_submission_its_score(tiny_katas, kills):
    class_ = submissions(RIGHT, b"import time\ntime.sleep(6)\n" + RIGHT, RIGHT, RIGHT)
    killer = threading.Thread(target=kill_the_busiest, args=(kills,))
    killer.start()
    reports = list(grade_class(class_, tiny_katas, jobs=2))
    killer.join()
    assert [report.submission for report in reports] == ["s0", "s1", "s2", "s3"]
    failed = [report for report in reports if report.status is Status.INTERNAL_ERROR]
    if kills == 1:
        assert [report.score for report in reports] == [2, 2, 2, 2]
    else:
        assert [report.score for report in reports] == [2, None, 2, 2]
        assert "ended twice" in failed[0].reason["en"]


def kill_the_busiest(times):
    """Kill the worker whose student sleeps, each time."""
    killed = []
    for _ in range(times):
        child = wait_for(children, os.getpid(), age_s=3, but_not=killed)
        killed.append(child)
        next(one for one in workers(os.getpid()) if child in one.children(recursive=True)).kill()


def test_no_process_and_no_folder_is_left_behind(tiny_katas, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    daemon = b"import os\nif os.fork() == 0:\n    import time\n    time.sleep(60)\n" + RIGHT
    litter = b"open('litter', 'w').write('x')\n" + RIGHT
    before = set(zygotes(os.getpid()))
    reports = list(grade_class(submissions(daemon, litter), tiny_katas, jobs=1))
    assert [report.score for report in reports] == [0, 2], "to fork is refused, to write into the own folder is not"
    assert list(tmp_path.iterdir()) == []
    assert set(zygotes(os.getpid())) == before
    assert children(os.getpid()) == []
