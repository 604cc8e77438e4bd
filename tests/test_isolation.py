"""Isolation: what each tier is made of, that it is found by trying, and that the run ends where it does not hold."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from grader.errors import IsolationError
from grader.intake import Submission
from grader.judge.judge import Judge
from grader.sandbox import folder, host, landlock, seccomp, selftest, tier
from grader.sandbox.client import Sandbox
from grader.sandbox.disk import view_of_this_python
from grader.sandbox.tier import Tier
from tests.conftest import PATIENCE_S, ROOT
from tests.tiers import TIERS, need

RIGHT = b"def double(x):\n    return 2 * x\n"


# --- the view -----------------------------------------------------------------------------------------------------


def test_the_view_holds_python_and_this_package_and_nothing_around_them():
    view = view_of_this_python()
    for path in (ROOT, ROOT / "solutions", ROOT / "exercises", ROOT / "tests", Path.home(), Path("/etc"), Path("/")):
        assert not any(path.resolve().is_relative_to(shown) for shown in view.readable), path
    assert str(ROOT / "grader") in view.readable or not (ROOT / "grader").exists()


# --- the folder ---------------------------------------------------------------------------------------------------


def test_a_folder_is_removed_however_deep_and_closed_it_is(tmp_path):
    job, here = tmp_path / "job", Path.cwd()
    job.mkdir()
    try:
        os.chdir(job)
        for level in range(40):
            inner = Path("d" * 250)
            inner.mkdir()
            Path("file").write_text("x")
            if level < 39:
                os.chdir(inner)
        inner.chmod(0)
    finally:
        os.chdir(here)
    assert folder.exceeds(str(job), most_bytes=1 << 40, most_entries=1 << 40)
    folder.remove(str(job))
    folder.remove(str(job))
    assert not job.exists()


def test_bytes_and_entries_are_counted(tmp_path):
    (tmp_path / "a").write_bytes(b"x" * 8192)
    (tmp_path / "b").mkdir()
    assert not folder.exceeds(str(tmp_path), most_bytes=1 << 20, most_entries=2)
    assert folder.exceeds(str(tmp_path), most_bytes=4096, most_entries=2)
    assert folder.exceeds(str(tmp_path), most_bytes=1 << 20, most_entries=1)


# --- tiers --------------------------------------------------------------------------------------------------------


def test_without_bubblewrap_the_kernels_rules_remain(monkeypatch):
    need("kernel-rules")
    monkeypatch.setattr(tier.shutil, "which", lambda *_, **__: None)
    found = tier.find_isolation()
    assert (found.tier, found.bubblewrap) == (Tier.KERNEL_RULES, "bwrap is not installed")


@pytest.mark.parametrize(("missing", "text"), [("landlock", "no_landlock"), ("seccomp", "no_seccomp")])
def test_without_the_kernels_rules_nothing_is_graded(monkeypatch, tiny_katas, missing, text):
    monkeypatch.setattr(landlock, "probe_abi", lambda: 0 if missing == "landlock" else 1)
    monkeypatch.setattr(seccomp, "is_available", lambda: missing != "seccomp")
    with pytest.raises(IsolationError) as caught:
        Judge(tiny_katas)
    assert (caught.value.text, caught.value.exit_status) == (text, 4)


def test_the_command_line_refuses_with_exit_4_and_says_what_to_do(monkeypatch, tiny_bank, tmp_path, capsys):
    from grader import cli

    (tmp_path / "double.py").write_bytes(RIGHT)
    monkeypatch.setattr(landlock, "probe_abi", lambda: 0)
    arguments = ["kata", "grade", str(tmp_path / "double.py"), "--bank", str(tiny_bank), "--out", str(tmp_path / "o")]
    monkeypatch.setattr(sys, "argv", [*arguments, "--lang", "en"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 4
    assert (
        "Not graded: this machine cannot isolate student code (Landlock: not available; user namespaces: "
        in capsys.readouterr().err
    )
    assert not (tmp_path / "o" / "results.jsonl").exists()


@pytest.mark.parametrize("name", TIERS)
def test_walls_that_do_not_stand_end_the_run(monkeypatch, tiny_katas, name):
    """The zygote is told that there is no Landlock, as a fault in our own code might do: the self-test notices."""
    need(name)
    monkeypatch.setattr(host.landlock, "probe_abi", lambda: 0)
    with Judge(tiny_katas, isolation=name) as judge, pytest.raises(IsolationError) as caught:
        judge.grade(Submission("s", {"01_double": RIGHT}))
    assert caught.value.text == "self_test"
    assert "fork" in caught.value.values["acts"]


@pytest.mark.parametrize("name", TIERS)
def test_a_bank_that_can_be_read_ends_the_run(name):
    need(name)
    with Sandbox(Tier(name), guarded=[ROOT / "grader" / "errors.py"]) as sandbox:
        sandbox.warm({"py"})
        with pytest.raises(IsolationError) as caught:
            sandbox.prove()
    assert "read" in caught.value.values["acts"]


def test_the_self_test_names_every_act_in_its_own_process_too():
    """Without walls every act does succeed; so it means something that none of them does behind the walls."""
    code = (
        "import json, tempfile; from grader.sandbox.selftest import try_forbidden_acts as t;"
        "f = tempfile.NamedTemporaryFile(); print(json.dumps(t([f.name], f.name)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=PATIENCE_S)
    tried = json.loads(done.stdout)
    assert tuple(tried) == selftest.ACTS
    assert all(tried.values()), tried
    Path("/tmp/kata-self-test").unlink(missing_ok=True)
