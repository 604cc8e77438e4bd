"""Other machines than the author's: an ordinary user, a spent quota, a kernel that isolates nothing."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import write_bank
from tests.tiers import TIERS, need

RIGHT = b"def double(x):\n    return 2 * x\n"


def test_where_the_quota_of_namespaces_is_spent_the_run_says_so_and_still_isolates(tmp_path):
    need("full")
    bank = write_bank(tmp_path / "bank")
    (tmp_path / "double.py").write_bytes(RIGHT)
    spend = "echo 0 > /proc/sys/user/max_user_namespaces && exec "
    command = (
        f"{spend} {sys.executable} -m grader grade {tmp_path}/double.py --bank {bank} --out {tmp_path}/out --lang en"
    )
    if not shutil.which("unshare"):
        pytest.skip("no unshare")
    done = subprocess.run(["unshare", "--user", "--map-root-user", "sh", "-c", command], capture_output=True, text=True)
    if "/proc/sys/user/max_user_namespaces" in done.stderr or "unshare:" in done.stderr:
        pytest.skip(done.stderr)
    assert done.returncode == 0, done.stderr
    assert "isolation: kernel-rules." in done.stderr
    report = json.loads((tmp_path / "out" / "results.jsonl").read_text("utf-8"))
    assert (report["isolation"], report["score"]) == ("kernel-rules", 2)


def test_an_ordinary_user_gets_the_same():
    """As nobody, with the system's Python, because root's own may lie where nobody can enter."""
    if os.getuid() != 0 or not shutil.which("setpriv"):
        pytest.skip("needs root, to become somebody else")
    python = Path("/usr/bin", f"python3.{sys.version_info.minor}")
    packages = Path(sys.prefix, "lib", python.name, "site-packages")
    if not python.exists() or any(not folder.stat().st_mode & 1 for folder in packages.parents):
        pytest.skip("no Python that nobody can run")
    home = Path("/tmp", f"kata-nobody-{os.getpid()}")
    subprocess.run([python, "-m", "venv", "--without-pip", home], check=True)
    try:
        inside = home / "lib" / python.name / "site-packages"
        inside.rmdir()
        inside.symlink_to(packages)
        bank = write_bank(home / "bank")
        (home / "double.py").write_bytes(RIGHT)
        (home / "out").mkdir()
        (home / "out").chmod(0o777)
        us = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", home / "bin" / "python", "-m", "grader"]
        words = ["grade", home / "double.py", "--bank", bank, "--out", home / "out", "--lang", "en"]
        done = subprocess.run([*us, *words], cwd=home, env={"PATH": "/usr/bin:/bin"}, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        report = json.loads((home / "out" / "results.jsonl").read_text("utf-8"))
        assert report["score"] == 2
        assert report["isolation"] in TIERS
    finally:
        shutil.rmtree(home)
