"""`kata grade --scheduler`: the same bytes from a Dask cluster's workers, and a sentence for every way it can fail."""

import json
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager

import pytest

from tests.conftest import PATIENCE_S, ROOT, write_bank
from tests.processes import children, wait_for, zygotes
from tests.test_cli import ENV, kata
from tests.tiers import need

pytest.importorskip("distributed", reason="pip install perceptron-kata[cluster]")

RIGHT = "def double(x):\n    return 2 * x\n"
SLEEPS = "import time\ntime.sleep(6)\n"
SOURCES = [RIGHT, "def double(x):\n    return x + 2\n", "import os\nos._exit(0)\n", SLEEPS + RIGHT]


@pytest.fixture
def bank(tmp_path):
    return write_bank(tmp_path / "bank")


@pytest.fixture
def school(tmp_path):
    for number in range(12):
        folder = tmp_path / "school" / f"s{number:02}"
        folder.mkdir(parents=True)
        # One that sleeps, for the tests that kill; the others are quick.
        source = SOURCES[3] if number == 4 else SOURCES[number % 3]
        (folder / "double.py").write_text(source, "utf-8")
    return tmp_path / "school"


@contextmanager
def cluster(workers, *, failures=3):
    """Give the address of a scheduler with workers, and its process."""
    command = [sys.executable, "-m", "tests.local_cluster", str(workers), str(failures)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, cwd=ROOT, env=ENV, text=True, **pipes)
    try:
        yield process.stdout.readline().strip(), process
    finally:
        process.stdin.close()
        process.stdout.close()
        try:
            process.wait(timeout=PATIENCE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def results(folder):
    lines = (folder / "results.jsonl").read_text("utf-8").splitlines()
    return [{**json.loads(line), "seconds": 0} for line in lines], (folder / "gradebook.csv").read_bytes()


def kill_the_worker_that_sleeps(scheduler):
    """The process that holds the judge: the first above the zygote that is Dask's."""
    judge = wait_for(children, scheduler.pid, age_s=3)
    while "grader.sandbox.zygote" in " ".join(judge.cmdline()):
        judge = judge.parent()
    judge.kill()


def test_a_cluster_gives_the_same_bytes_also_when_a_worker_dies_and_leaves_nothing(bank, school, tmp_path):
    need("kernel-rules")
    assert kata("grade", school, "--out", tmp_path / "here", cwd=bank).returncode == 0
    with cluster(2) as (address, scheduler):
        done = kata("grade", school, "--out", tmp_path / "there", "--scheduler", address, cwd=bank)
        assert done.returncode == 0, done.stderr
        assert results(tmp_path / "there") == results(tmp_path / "here")
        assert zygotes(scheduler.pid) == [], "a run that is over leaves no sandbox on the workers"
        killer = threading.Thread(target=kill_the_worker_that_sleeps, args=(scheduler,))
        killer.start()
        done = kata("grade", school, "--out", tmp_path / "killed", "--scheduler", address, cwd=bank)
        killer.join()
        assert done.returncode == 0, done.stderr
        assert results(tmp_path / "killed") == results(tmp_path / "here")


def test_a_submission_whose_workers_all_die_has_no_score_and_the_others_have_theirs(bank, school, tmp_path):
    need("kernel-rules")
    with cluster(2, failures=0) as (address, scheduler):
        killer = threading.Thread(target=kill_the_worker_that_sleeps, args=(scheduler,))
        killer.start()
        done = kata("grade", school, "--out", tmp_path / "out", "--scheduler", address, cwd=bank)
        killer.join()
    assert done.returncode == 3, done.stderr
    reports = {report["submission"]: report for report in results(tmp_path / "out")[0]}
    failed = [name for name, report in reports.items() if report["status"] == "internal-error"]
    assert "s04" in failed
    assert all(reports[name]["score"] is None for name in failed)
    assert "workers ended while they judged it" in reports["s04"]["reason"]["en"]
    assert {report["score"] for name, report in reports.items() if name not in failed} <= {0, 2}
    assert kata("grade", school, "--out", tmp_path / "out", "--resume", cwd=bank).returncode == 0
    kata("grade", school, "--out", tmp_path / "here", cwd=bank)
    assert results(tmp_path / "out") == results(tmp_path / "here")


def test_a_scheduler_that_goes_away_loses_nothing_that_was_graded(bank, school, tmp_path):
    need("kernel-rules")
    with cluster(1) as (address, scheduler):

        def stop():
            wait_for(children, scheduler.pid, age_s=3)
            scheduler.kill()

        killer = threading.Thread(target=stop)
        killer.start()
        done = kata("grade", school, "--out", tmp_path / "out", "--scheduler", address, cwd=bank)
        killer.join()
    assert done.returncode == 2, done.stderr
    assert "--resume goes on from there" in done.stderr
    assert "Traceback" not in done.stderr
    again = kata("grade", school, "--out", tmp_path / "out", "--resume", cwd=bank)
    assert "4 submissions have not changed" in again.stdout, "those before the one that sleeps"


def test_a_cluster_without_workers_is_said(bank, school, tmp_path):
    with cluster(0) as (address, _):
        done = kata("grade", school, "--out", tmp_path / "out", "--scheduler", address, cwd=bank)
    assert done.returncode == 2
    assert "has had no worker" in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("kind", ["nonsense", "unknown scheme", "nobody", "silent"])
def test_an_address_that_answers_nobody_fails_within_its_time(bank, school, tmp_path, kind):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        if kind == "nobody":
            server.close()
        address = {"nonsense": "what is this", "unknown scheme": "carrier-pigeon://x:1"}.get(
            kind, f"tcp://127.0.0.1:{port}"
        )
        done = kata("grade", school, "--out", tmp_path / "out", "--scheduler", address, cwd=bank)
    assert done.returncode == 2, done.stderr
    assert f"No Dask scheduler answered at {address} within 10 s" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "out").exists()


def test_without_the_extra_one_sentence_says_what_to_install(bank, school):
    code = "import sys; sys.modules['distributed'] = None; from grader.cli import main; main()"
    command = [sys.executable, "-c", code, "grade", str(school), "--scheduler", "tcp://127.0.0.1:1"]
    done = subprocess.run(command, cwd=bank, env={**ENV, "KATA_LANG": "ko"}, capture_output=True, encoding="utf-8")
    assert done.returncode == 2
    assert "pip install perceptron-kata[cluster]" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_jobs_and_scheduler_exclude_each_other(bank, school):
    done = kata("grade", school, "--jobs", 2, "--scheduler", "tcp://127.0.0.1:1", cwd=bank)
    assert done.returncode == 2
    assert "--jobs" in done.stderr
