"""Isolation: what each tier is made of, that it is found by trying, and that the run ends where it does not hold."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grader.errors import InternalFault, IsolationError
from grader.intake import Submission
from grader.judge import Judge
from grader.sandbox import client, folder, landlock, seccomp, selftest, syscalls, tier
from grader.sandbox.client import Sandbox
from grader.sandbox.tier import Tier
from grader.sandbox.view import view_of_this_python
from tests.conftest import ROOT, write_bank
from tests.tiers import TIERS, need

RIGHT = b"def double(x):\n    return 2 * x\n"


# --- the filter, run by a small machine of our own, so that both tables can be tried on any computer --------------


def run_filter(machine, number, *arguments, arch=None, pid=77):
    """Return what the program answers to one system call."""
    words = {0: number, 4: arch or seccomp.MACHINES[machine][1]}
    for position, value in enumerate((*arguments, 0, 0, 0, 0, 0, 0)[:6]):
        words[16 + 8 * position] = value & 0xFFFFFFFF
        words[20 + 8 * position] = (value >> 32) & 0xFFFFFFFF
    program = seccomp.build_program(machine, pid)
    at = accumulator = 0
    while True:
        code, if_true, if_false, operand = (
            int.from_bytes(program[8 * at + start : 8 * at + end], sys.byteorder)
            for start, end in ((0, 2), (2, 3), (3, 4), (4, 8))
        )
        at += 1
        match code:
            case 0x20:
                accumulator = words[operand]
            case 0x54:
                accumulator &= operand
            case 0x15:
                at += if_true if accumulator == operand else if_false
            case 0x35:
                at += if_true if accumulator >= operand else if_false
            case 0x06:
                return {0x7FFF0000: "allow", 0x00050001: "EPERM", 0x00050026: "ENOSYS", 0x80000000: "kill"}[operand]


THREAD = 0x3D0F00
CALLS = [
    # name, arguments, answer
    ("read", (), "allow"),
    ("clone", (THREAD,), "allow"),
    ("clone", (17,), "EPERM"),
    ("clone", (THREAD | 0x10000000,), "EPERM"),
    ("clone", (0x4111,), "EPERM"),
    ("kill", (77, 9), "allow"),
    ("kill", (78, 0), "EPERM"),
    ("kill", (0, 9), "EPERM"),
    ("kill", (-1, 9), "EPERM"),
    ("kill", (-77, 9), "EPERM"),
    ("tgkill", (1, 1, 9), "EPERM"),
    ("mmap", (0, 4096, 3, 0x22), "allow"),
    ("mmap", (0, 4096, 3, 0x21), "EPERM"),
    ("mmap", (0, 4096, 3, 0x23), "EPERM"),
    ("mmap", (0, 4096, 3, 0x122), "EPERM"),
    ("mmap", (0, 4096, 3, 0x40022), "EPERM"),
    ("openat", (-100, 0, os.O_RDONLY), "allow"),
    ("openat", (-100, 0, os.O_WRONLY | os.O_TRUNC | os.O_CREAT), "allow"),
    ("openat", (-100, 0, os.O_RDONLY | os.O_TRUNC), "EPERM"),
    ("openat", (-100, 0, os.O_RDWR | 0o20000000), "EPERM"),
    ("ioctl", (0, 0x5401), "allow"),
    ("ioctl", (0, 0x5412), "EPERM"),
    ("ioctl", (0, 0x541C), "EPERM"),
    ("fcntl", (3, 6), "EPERM"),
    ("fcntl", (3, 38), "EPERM"),
    ("fcntl", (3, 1031), "EPERM"),
    ("fcntl", (3, 1), "allow"),
    ("prctl", (15,), "allow"),
    ("prctl", (4, 1), "EPERM"),
    ("sendto", (3, 1, 1, 0, 0), "allow"),
    ("sendto", (3, 1, 1, 0, 1 << 40), "EPERM"),
    ("prlimit64", (0, 7, 0, 1), "allow"),
    ("prlimit64", (0, 7, 1 << 40, 0), "EPERM"),
    ("prlimit64", (1, 7, 0, 1), "EPERM"),
]


@pytest.mark.parametrize("machine", seccomp.MACHINES)
@pytest.mark.parametrize(("name", "arguments", "answer"), CALLS)
def test_the_filter_answers(machine, name, arguments, answer):
    column = seccomp.MACHINES[machine][0]
    number = {**syscalls.PLAIN, **syscalls.CONDITIONAL}[name][column]
    assert run_filter(machine, number, *arguments) == answer


FORBIDDEN = {
    "x86_64": (
        41,
        42,
        43,
        49,
        50,
        53,
        46,
        47,
        57,
        58,
        59,
        322,
        101,
        310,
        311,
        321,
        425,
        250,
        319,
        9999999 & 0x3FF | 512,
    ),
    "aarch64": (
        198,
        203,
        202,
        200,
        201,
        199,
        211,
        212,
        221,
        281,
        117,
        270,
        271,
        280,
        425,
        219,
        279,
        52,
        53,
        54,
        88,
        32,
    ),
}
"""socket, connect, accept, bind, listen, socketpair, sendmsg, recvmsg, fork, exec, ptrace, other memory, bpf, ..."""


@pytest.mark.parametrize("machine", seccomp.MACHINES)
def test_whatever_is_not_listed_is_refused(machine):
    column = seccomp.MACHINES[machine][0]
    listed = {numbers[column] for numbers in {**syscalls.PLAIN, **syscalls.CONDITIONAL}.values()}
    for number in range(1100):
        if number not in listed:
            assert run_filter(machine, number) in ("EPERM", "ENOSYS"), number
    assert all(run_filter(machine, number) != "allow" for number in FORBIDDEN[machine])
    assert run_filter(machine, syscalls.CLONE3) == "ENOSYS"


def test_the_numbers_of_another_machine_kill():
    assert run_filter("x86_64", 4, arch=0x40000003) == "kill"
    assert run_filter("x86_64", 0x40000000 + 1) == "kill"
    assert run_filter("aarch64", 4, arch=0x40000028) == "kill"


HEADERS = {
    0: Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
    1: Path("/usr/include/asm-generic/unistd.h"),
}


@pytest.mark.parametrize("column", HEADERS)
def test_the_tables_are_the_kernels(column):
    if not HEADERS[column].exists():
        pytest.skip(f"no {HEADERS[column]} (apt install linux-libc-dev)")
    numbers = dict(re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)\b", HEADERS[column].read_text()))
    # On 64-bit machines these go by another name than in the shared list.
    names = {"newfstatat": "fstatat"} if column == 1 else {}
    for name, both in {**syscalls.PLAIN, **syscalls.CONDITIONAL}.items():
        known = numbers.get(names.get(name, name))
        assert both[column] == (int(known) if known else None), name


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
    assert "Not graded: this machine cannot isolate student code (Landlock: not available)." in capsys.readouterr().err
    assert not (tmp_path / "o" / "results.jsonl").exists()


@pytest.mark.parametrize("name", TIERS)
def test_walls_that_do_not_stand_end_the_run(monkeypatch, tiny_katas, name):
    """The zygote is told that there is no Landlock, as a fault in our own code might do: the self-test notices."""
    need(name)
    monkeypatch.setattr(client.landlock, "probe_abi", lambda: 0)
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
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    tried = json.loads(done.stdout)
    assert tuple(tried) == selftest.ACTS
    assert all(tried.values()), tried
    Path("/tmp/kata-self-test").unlink(missing_ok=True)


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


# --- one zygote, many children ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", TIERS)
def test_a_zygote_that_was_killed_is_replaced(tiny_katas, name):
    need(name)
    with Judge(tiny_katas, isolation=name) as judge:
        first = judge.grade(Submission("s", {"01_double": RIGHT}))
        for zygote in judge._sandbox._zygotes.values():
            zygote._process.kill()
            zygote._process.wait()
        assert judge.grade(Submission("s", {"01_double": RIGHT})).score == first.score == 2


def test_a_zygote_that_dies_in_a_job_is_the_kits_fault():
    need("kernel-rules")
    with Sandbox(Tier.KERNEL_RULES) as sandbox:
        child = sandbox.open("py", RIGHT, "double.py")
        for zygote in sandbox._zygotes.values():
            zygote._process.kill()
            zygote._process.wait()
        with pytest.raises(InternalFault):
            child.close()
        with sandbox.open("py", RIGHT, "double.py") as another:
            another.ask("parse")


def test_sets_come_in_the_same_order_in_every_zygote():
    need("kernel-rules")
    source = b"order = ''.join({'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'})\n"
    orders = set()
    for _ in range(3):
        with Sandbox(Tier.KERNEL_RULES) as sandbox, sandbox.open("py", source, "x.py") as child:
            child.ask("load")
            orders.add(child.ask("get", name="order"))
    assert len(orders) == 1


def test_a_plain_kata_costs_no_numpy():
    need("kernel-rules")
    with Sandbox(Tier.KERNEL_RULES) as sandbox:
        source = b"import sys\nloaded = [name for name in ('numpy', 'keras', 'pytest') if name in sys.modules]\n"
        with sandbox.open("py", source, "x.py") as child:
            child.ask("load")
            assert child.ask("get", name="loaded") == []


KERAS = b"""
import keras
import numpy as np

def train(epochs):
    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2, "sigmoid"), keras.layers.Dense(1, "sigmoid")])
    model.compile("adam", "binary_crossentropy")
    rows, wanted = np.array([[0, 0], [0, 1], [1, 0], [1, 1.0]]), np.array([0, 1, 1, 0.0])
    shape = model.predict(rows, verbose=0).shape
    return [len(model.fit(rows, wanted, epochs=epochs, verbose=0).history["loss"]), *shape]
"""


@pytest.mark.tensorflow
@pytest.mark.parametrize("name", TIERS)
def test_keras_builds_predicts_and_fits_behind_the_walls(name):
    need(name)
    with Sandbox(Tier(name)) as sandbox:
        for _ in range(2):
            with sandbox.open("keras", KERAS, "kata.py") as child:
                child.ask("parse")
                child.ask("load")
                assert child.ask("call", name="train", args=[2], kwargs={}) == [2, 4, 1]
