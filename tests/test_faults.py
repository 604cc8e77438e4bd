"""Faults from outside: killed processes, full and read-only disks, a clock that jumps, two runs in one folder."""

import ast
import errno
import json
import os
import random
import signal
import subprocess
import sys
import time

import psutil
import pytest

from grader.errors import UsageError
from grader.judge.judge import Judge
from grader.sandbox import host
from tests.conftest import PATIENCE_S, ROOT, write_bank
from tests.processes import children, is_alive, wait_for, workers, zygotes
from tests.test_cli import ENV, kata
from tests.tiers import need

RIGHT = b"def double(x):\n    return 2 * x\n"
SLEEPS = b"import time\ntime.sleep(0.1)\n"
SOURCES = (SLEEPS + RIGHT, SLEEPS + RIGHT.replace(b"2 *", b"2 +"), b"import os\nos._exit(0)\n")
KILLS = 8


@pytest.fixture
def bank(tmp_path):
    return write_bank(tmp_path / "bank")


@pytest.fixture
def school(tmp_path):
    for number in range(36):
        folder = tmp_path / "school" / f"s{number:02}"
        folder.mkdir(parents=True)
        (folder / "double.py").write_bytes(SOURCES[number % len(SOURCES)])
    return tmp_path / "school"


def start(*arguments, cwd):
    command = [sys.executable, "-m", "grader", *map(str, arguments)]
    return subprocess.Popen(command, cwd=cwd, env=ENV, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def results(folder):
    """The final bytes without the seconds, which differ between any two runs."""
    lines = (folder / "results.jsonl").read_text("utf-8").splitlines()
    return [{**json.loads(line), "seconds": 0} for line in lines], (folder / "gradebook.csv").read_bytes()


def test_zygotes_and_workers_killed_at_random_moments_change_no_byte(bank, school, tmp_path):
    need("kernel-rules")
    begin = time.monotonic()
    assert kata("grade", school, "--out", tmp_path / "whole", "--jobs", 2, cwd=bank).returncode == 0
    # Spread over the run, however slow the machine: three in the same submission would be the kit's fault, rightly.
    between_s = (time.monotonic() - begin) / KILLS
    run = start("grade", school, "--out", tmp_path / "out", "--jobs", 2, cwd=bank)
    moments, killed = random.Random(5), []
    while run.poll() is None and len(killed) < KILLS:
        # Never twice the same worker's submission: that would be the kit's fault, rightly.
        find = zygotes if len(killed) % 4 else workers
        try:
            victim = wait_for(find, run.pid, age_s=moments.uniform(0, 0.4), but_not=killed)
        except ProcessLookupError:  # the machine is faster than a moment ago
            break
        killed.append(victim)
        victim.kill()
        time.sleep(moments.uniform(0.5, 1) * between_s)
    _, errors = run.communicate(timeout=PATIENCE_S)
    assert run.returncode == 0, errors
    assert len(killed) >= KILLS // 2
    assert results(tmp_path / "out") == results(tmp_path / "whole")


def test_a_killed_run_leaves_no_process(bank, school, tmp_path):
    need("kernel-rules")
    run = start("grade", school, "--out", tmp_path / "out", "--jobs", 2, cwd=bank)
    wait_for(children, run.pid)
    family = psutil.Process(run.pid).children(recursive=True)
    run.send_signal(signal.SIGKILL)
    run.communicate(timeout=PATIENCE_S)
    deadline = time.monotonic() + PATIENCE_S
    while (left := [one for one in family if is_alive(one)]) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert left == []


def test_two_runs_cannot_share_a_folder(bank, school, tmp_path):
    first = start("grade", school, "--out", tmp_path / "out", cwd=bank)
    wait_for(children, first.pid)
    second = kata("grade", school, "--out", tmp_path / "out", cwd=bank)
    assert second.returncode == 2
    assert "Another run is writing to" in second.stderr
    _, errors = first.communicate(timeout=PATIENCE_S)
    assert first.returncode == 0, errors
    assert len(results(tmp_path / "out")[0]) == 36


@pytest.fixture
def read_only(tmp_path):
    """A folder that nobody may write to: by its mode, and for root, whom no mode stops, by a mount."""
    folder = tmp_path / "read-only"
    folder.mkdir()
    if os.getuid() != 0:
        folder.chmod(0o500)
        yield folder
        folder.chmod(0o700)
        return
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "ro,size=64k", "tmpfs", folder], capture_output=True)
    if mounted.returncode != 0:
        pytest.skip("no read-only file system can be mounted here")
    yield folder
    subprocess.run(["umount", folder], check=True)


@pytest.mark.parametrize("inside", ["", "new"])
def test_a_read_only_folder_is_said_before_anything_is_graded(bank, school, read_only, inside):
    done = kata("grade", school, "--out", read_only / inside, cwd=bank)
    assert done.returncode == 2
    assert "cannot be written" in done.stderr
    assert "Traceback" not in done.stderr
    assert list(read_only.iterdir()) == []


def test_a_full_temporary_folder_is_passed_by(bank, school, small_disk, tmp_path):
    need("kernel-rules")
    (small_disk / "ballast").write_bytes(b"x" * (64 << 10))
    done = kata("grade", school / "s00", "--out", tmp_path / "out", cwd=bank, TMPDIR=str(small_disk))
    assert done.returncode == 0, done.stderr
    assert results(tmp_path / "out")[0][0]["score"] == 2


def test_no_temporary_folder_at_all_is_said_in_one_sentence(tiny_katas, monkeypatch):
    def no_space(**_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(host.tempfile, "mkdtemp", no_space)
    with pytest.raises(UsageError) as refused:
        Judge(tiny_katas, isolation="none")
    assert refused.value.values == {"path": "TMPDIR", "reason": "No space left on device"}


@pytest.mark.parametrize("jump_s", [-86_400 * 365, 3600], ids=["back a year", "on an hour"])
def test_a_clock_that_jumps_changes_no_verdict(grade, monkeypatch, jump_s):
    source = b"import time\ndef double(x):\n    time.sleep(0.05)\n    return 2 * x\n"
    before = grade(source)
    true_time, asked = time.time, []

    def jumping():
        asked.append(1)
        return true_time() + jump_s * (len(asked) % 2)

    monkeypatch.setattr(time, "time", jumping)
    after = grade(source)
    assert 0 < after.seconds < 60
    assert {**after.to_json(), "seconds": 0} == {**before.to_json(), "seconds": 0}


WALL_CLOCK = {("time", "time"), ("time", "time_ns"), ("datetime", "now"), ("datetime", "today"), ("datetime", "utcnow")}


def test_no_limit_is_counted_on_the_wall_clock():
    """Only names of folders may come from it; and a page, whose worker and window share no other clock."""
    found = []
    for path in sorted((ROOT / "grader").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                if (node.value.id, node.attr) in WALL_CLOCK:
                    found.append((path.relative_to(ROOT).as_posix(), node.attr))
            elif isinstance(node, ast.ImportFrom) and node.module == "time":
                found += [(path.name, alias.name) for alias in node.names if alias.name in ("time", "time_ns")]
    assert found == [
        ("grader/cli/grade.py", "now"),
        ("grader/platforms/github.py", "now"),  # a platform asks when
        ("grader/site/inside.py", "time"),
    ]
