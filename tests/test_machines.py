"""Other machines than the author's: an ordinary user, a spent quota, a kernel or container that refuses."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grader.sandbox import kernel
from tests.conftest import PATIENCE_S, ROOT, write_bank
from tests.test_cli import ENV
from tests.tiers import TIERS, need

RIGHT = b"def double(x):\n    return 2 * x\n"


def grade_one(folder, *around, lang="en"):
    """Grade one right answer to the tiny kata with some command around `kata`; gives the finished process."""
    bank = write_bank(folder / "bank")
    (folder / "double.py").write_bytes(RIGHT)
    words = [sys.executable, "-m", "grader", "grade", folder / "double.py", "--bank", bank, "--out", folder / "out"]
    command = [*around, *map(str, words), "--lang", lang]
    return subprocess.run(command, env=ENV, capture_output=True, text=True, timeout=PATIENCE_S, cwd=ROOT)


def report_of(folder):
    return json.loads((folder / "out" / "results.jsonl").read_text("utf-8"))


def test_where_the_quota_of_namespaces_is_spent_the_run_says_so_and_still_isolates(tmp_path):
    """In a user namespace of its own, whose quota is nobody else's."""
    need("full")
    if not shutil.which("unshare"):
        pytest.skip("no unshare")
    spend = 'echo 0 > /proc/sys/user/max_user_namespaces && exec "$@"'
    done = grade_one(tmp_path, "unshare", "--user", "--map-root-user", "sh", "-c", spend, "sh")
    if "/proc/sys/user/max_user_namespaces" in done.stderr or "unshare:" in done.stderr:
        pytest.skip(done.stderr)
    assert done.returncode == 0, done.stderr
    assert "isolation: kernel-rules." in done.stderr
    assert "namespaces exceeded" in done.stderr
    assert (report_of(tmp_path)["isolation"], report_of(tmp_path)["score"]) == ("kernel-rules", 2)


# A filter around the whole run, as a container's runtime sets one: argv[1] names the system calls that it refuses.
REFUSING = """
import os, struct, sys
from grader.sandbox import kernel, seccomp
LOAD, AND, EQUAL, RETURN, ENOSYS, EPERM, ALLOW = 0x20, 0x54, 0x15, 0x06, 0x50026, 0x50001, 0x7FFF0000
clone, unshare = {"x86_64": (56, 272), "aarch64": (220, 97)}[kernel.machine()]
steps = [(LOAD, 0, 0, 0)]
if "landlock" in sys.argv[1]:
    steps += [(EQUAL, 0, 1, 444), (RETURN, 0, 0, ENOSYS)]
if "namespaces" in sys.argv[1]:
    steps += [(EQUAL, 0, 1, unshare), (RETURN, 0, 0, EPERM), (EQUAL, 0, 1, 435), (RETURN, 0, 0, ENOSYS)]
    steps += [(EQUAL, 0, 4, clone), (LOAD, 0, 0, 16), (AND, 0, 0, 0x10000000), (EQUAL, 1, 0, 0), (RETURN, 0, 0, EPERM)]
steps += [(RETURN, 0, 0, ALLOW)]
kernel.gain_no_privileges()
program = b"".join(struct.pack("=HBBI", *step) for step in steps)
seccomp.Filter(lambda own_pid: program).load(0)
os.execv(sys.argv[2], sys.argv[2:])
"""


def test_where_a_container_refuses_namespaces_the_kernels_rules_remain(tmp_path):
    need("kernel-rules")
    done = grade_one(tmp_path, sys.executable, "-c", REFUSING, "namespaces")
    assert done.returncode == 0, done.stderr
    assert "isolation: kernel-rules." in done.stderr
    assert (report_of(tmp_path)["isolation"], report_of(tmp_path)["score"]) == ("kernel-rules", 2)


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        (
            "en",
            (
                "Not graded: this machine cannot isolate student code (Landlock: not available; user namespaces: ",
                "it could read your files and the hidden checks",
                "Use Linux 5.13 or newer, WSL2 or a container, or pass --no-isolation for code that you trust.",
            ),
        ),
        ("ko", ("격리할 수 없어요(Landlock 없음, 사용자 네임스페이스: ", "--no-isolation")),
    ],
)
def test_where_nothing_works_nothing_is_graded(tmp_path, lang, words):
    need("kernel-rules")
    done = grade_one(tmp_path, sys.executable, "-c", REFUSING, "landlock and namespaces", lang=lang)
    assert done.returncode == 4, done.stderr
    assert all(part in done.stderr for part in words), done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "out" / "results.jsonl").exists()


@pytest.fixture
def nobodys_python():
    """A virtual environment that nobody can enter, on the system's Python: root's own may lie where nobody can."""
    if os.getuid() != 0 or not shutil.which("setpriv"):
        pytest.skip("needs root, to become somebody else")
    python = Path("/usr/bin", f"python3.{sys.version_info.minor}")
    packages = Path(sys.prefix, "lib", python.name, "site-packages")
    closed = [folder for folder in (*packages.parents, *ROOT.parents) if not folder.stat().st_mode & 1]
    if not python.exists() or closed or kernel.machine() not in ("x86_64", "aarch64"):
        pytest.skip("no Python that nobody can run")
    home = Path("/tmp", f"kata-nobody-{os.getpid()}")
    subprocess.run([python, "-m", "venv", "--without-pip", home], check=True)
    try:
        inside = home / "lib" / python.name / "site-packages"
        inside.rmdir()
        inside.symlink_to(packages)
        (home / "out").mkdir()
        (home / "out").chmod(0o777)
        yield home
    finally:
        shutil.rmtree(home)


EACH_KIND = ("s01_full_marks", "s05_chain_of_nine", "s10_exits", "s12_patches_the_checks")
"""Of the sample class: right, wrong, broken and hostile."""


@pytest.mark.tensorflow
def test_an_ordinary_user_gets_the_same_bytes_for_the_sample_class(nobodys_python, tmp_path):
    home = nobodys_python
    for part in ("exercises", "solutions", *(f"examples/class/{name}" for name in EACH_KIND)):
        shutil.copytree(ROOT / part, home / part, ignore=shutil.ignore_patterns("__pycache__"))
    us = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", home / "bin" / "python", "-m", "grader"]
    # One kata for each kind of zygote.
    katas = ["--kata", "02", "--kata", "05", "--kata", "06"]
    words = ["grade", home / "examples" / "class", "--bank", home, *katas, "--lang", "en", "--out"]
    environment = {"PATH": "/usr/bin:/bin"}
    done = subprocess.run([*us, *words, home / "out"], cwd=home, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    root = [sys.executable, "-m", "grader", *words, tmp_path / "out"]
    assert subprocess.run(root, cwd=home, env=ENV, capture_output=True).returncode == 0
    theirs, ours = (
        [{**json.loads(line), "seconds": 0} for line in (folder / "results.jsonl").read_text("utf-8").splitlines()]
        for folder in (home / "out", tmp_path / "out")
    )
    assert {report["isolation"] for report in theirs} <= set(TIERS)
    assert theirs == ours
    assert len(theirs) == len(EACH_KIND)
    assert (home / "out" / "gradebook.csv").read_bytes() == (tmp_path / "out" / "gradebook.csv").read_bytes()
