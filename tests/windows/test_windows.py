"""The student's day on Windows: a folder with spaces and Korean letters, files as Windows editors save them."""

import json
import os
import subprocess
import sys
import threading

import pytest

from grader.home.progress import FILE_NAME
from tests.conftest import ROOT
from tests.windows.machine import TIMES_OUT_S, Windows, why_not

pytestmark = pytest.mark.skipif(bool(why_not()), reason=why_not() or "-")

NEURON = (ROOT / "solutions" / "01_neuron" / "neuron.py").read_text("utf-8")
LOOP = "def gate(x1, x2):\n    while True:\n        x1 = x2\n\n\n"


@pytest.fixture(scope="module")
def windows():
    machine = Windows()
    yield machine
    machine.close()


@pytest.fixture
def home(tmp_path):
    folder = tmp_path / "내 숙제 1"
    release = [sys.executable, "-m", "grader", "release", "--to", str(folder)]
    subprocess.run(release, cwd=ROOT, check=True, capture_output=True)
    return folder


def put(home, content):
    (home / "exercises" / "01_neuron" / "neuron.py").write_bytes(content)


def test_pytest_names_the_hole_and_kata_says_how_far_one_is(windows, home):
    done = windows.pytest("exercises/02_gates", folder=home)
    assert done.status == 1
    assert "Line 9: AND is still `...`" in done.text
    assert "go on in exercises\\02_gates\\gates.py" in done.text
    done = windows.kata(folder=home)
    assert done.status == 0
    assert "0 of 5" in done.text


@pytest.mark.parametrize(
    "content",
    [b"\xef\xbb\xbf" + NEURON.encode(), NEURON.replace("\n", "\r\n").encode()],
    ids=["BOM", "CRLF"],
)
def test_a_right_file_passes_as_a_windows_editor_saves_it(windows, home, content):
    put(home, content)
    done = windows.kata("check", "01", "--json", folder=home)
    assert done.status == 0, done.text
    checks = json.loads(done.out)["katas"][0]["checks"]
    assert {check["outcome"] for check in checks} == {"passed"}


def test_korean_that_was_chosen_can_be_read_in_a_western_pipe(windows, home):
    done = windows.kata("--lang", "ko", folder=home)
    assert done.status == 0
    assert "뉴런 하나" in done.text
    done = windows.pytest("exercises/02_gates", folder=home)
    assert "AND 자리가 아직" in done.text
    assert "필요한 것이 모두 있어요." in windows.kata("doctor", folder=home).text


@pytest.mark.parametrize("command", ["pytest", "check"])
def test_an_endless_loop_ends_with_its_line(windows, home, command):
    source = NEURON + f"\n\n{LOOP}gate(0, 1)\n"
    put(home, source.encode())
    line = source.splitlines().index("        x1 = x2") + 1
    arguments = ("exercises/01_neuron",) if command == "pytest" else ("check", "01")
    done = (windows.pytest if command == "pytest" else windows.kata)(*arguments, folder=home)
    assert done.status == 1
    assert f"Stopped after 5 s of computing, in line {line}" in done.text or (
        f"Stopped after 5 s of computing, in line {line - 1}" in done.text
    )


def test_a_loop_inside_one_call_ends_the_run_with_its_line(windows, home):
    source = NEURON + "\n\nimport itertools\nsum(itertools.count())\n"
    put(home, source.encode())
    done = windows.pytest("exercises/01_neuron", folder=home)
    assert done.status == 1
    assert f"Stopped after 5 s of computing, in line {len(source.splitlines())}" in done.text
    assert "The whole run was ended" in done.text


def test_hint_and_reset(windows, home):
    assert "Hint 1 of 3" in windows.kata("hint", "01", folder=home).text.replace("hint 1", "Hint 1")
    put(home, b"Z = 1\r\n")
    assert windows.kata("reset", "01", folder=home).status == 0
    assert (home / "exercises" / "01_neuron" / "neuron.py.bak-1").read_bytes() == b"Z = 1\r\n"


def test_progress_that_another_program_holds_open_is_not_lost_and_is_told(windows, home):
    windows.pytest("exercises/02_gates", folder=home)
    before = (home / "exercises" / FILE_NAME).read_bytes()
    hold = f"handle = open(r'exercises\\{FILE_NAME}'); print('held', flush=True); input()"
    holder = windows.start("-c", hold, folder=home)
    try:
        assert holder.stdout.readline().strip() == b"held"
        done = windows.kata("--lang", "ko", folder=home)
        assert done.status == 2
        assert "다른 프로그램에서 열려 있어요" in done.text
        assert "could not be remembered" in windows.pytest("exercises/02_gates", folder=home).text
    finally:
        holder.kill()
        holder.communicate()
    assert (home / "exercises" / FILE_NAME).read_bytes() == before
    left = {path.name for path in (home / "exercises").iterdir() if path.name.startswith(".")}
    assert left - {".pytest_cache"} == {FILE_NAME}


@pytest.mark.parametrize("arguments", [(), ("--no-isolation",)], ids=["isolated", "--no-isolation"])
def test_grading_is_refused_with_a_sentence_that_says_wsl2(windows, home, arguments):
    bank = "Z:" + str(ROOT).replace("/", "\\")
    done = windows.kata("grade", ".", "--bank", bank, *arguments, folder=home)
    assert done.status == 4
    assert "WSL2" in done.text
    assert "Traceback" not in done.text


def test_watch_runs_the_checks_at_every_save(windows, home):
    process = windows.start("-u", "-m", "grader", "watch", "01", folder=home)
    too_late = threading.Timer(TIMES_OUT_S, process.kill)
    too_late.start()
    try:
        said = b""
        for words, then in ((b"1 failed", lambda: put(home, NEURON.encode())), (b"complete", process.kill)):
            while words not in said and (more := os.read(process.stdout.fileno(), 4096)):
                said += more
            then()
    finally:
        too_late.cancel()
        process.kill()
        process.communicate()
    assert b"complete" in said
