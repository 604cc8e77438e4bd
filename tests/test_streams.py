"""What a file does to its own standard streams is harmless at home, as it is in a process of its own."""

import os
import subprocess
import sys

import pytest

from grader.checks.student import Student
from grader.sandbox.local import LocalSession
from tests.conftest import ROOT
from tests.test_two_worlds import KATAS, at_home, in_grading

KATA = KATAS["02_gates"]
ANSWER = (ROOT / "solutions/02_gates/right/lists.py").read_text("utf-8")
HANDS_ON = {
    "wrapped": "import io, sys\nsys.stdout = io.TextIOWrapper(sys.stdout.buffer, encoding='utf-8')",
    "both wrapped": (
        "import io, sys\nwrap = io.TextIOWrapper\n"
        "sys.stdout, sys.stderr = wrap(sys.stdout.buffer), wrap(sys.stderr.buffer)"
    ),
    "detached": "import io, sys\nsys.stdout = io.TextIOWrapper(sys.stdout.detach(), 'utf-8', line_buffering=True)",
    "a writer": "import codecs, sys\nsys.stdout = codecs.getwriter('utf-8')(sys.stdout.buffer)",
    "a writer, detached": "import codecs, sys\nsys.stderr = codecs.getwriter('utf-8')(sys.stderr.detach())",
    "reconfigured": "import sys\nfor s in (sys.stdin, sys.stdout, sys.stderr): s.reconfigure(encoding='utf-8')",
    "opened anew": "import os, sys\nsys.stdout = os.fdopen(os.dup(sys.stdout.fileno()), 'w', encoding='utf-8')",
    "a file": "import sys\nsys.stdout = open('log.txt', 'w')",
    "nothing": "import sys\nsys.stdout = sys.stderr = None",
    "closed": "import sys\nsys.stderr.close()",
    "bytes": "import sys\nsys.stdout.buffer.write('안녕\\n'.encode()); sys.stdout.flush()",
    "input": "import io, sys\nsys.stdin = io.TextIOWrapper(sys.stdin.buffer)\nassert not sys.stdin.readlines()",
    "input as bytes": "import sys\nassert sys.stdin.buffer.readline() == b'' and sys.stdin.encoding == 'utf-8'",
}


@pytest.fixture(scope="module")
def told():
    sources = [f"{lines}\nprint('안녕')\n{ANSWER}".encode() for lines in HANDS_ON.values()]
    return dict(zip(HANDS_ON, zip(at_home(KATA, sources), in_grading(KATA, sources), strict=True), strict=True))


@pytest.mark.parametrize("name", HANDS_ON)
def test_a_file_that_puts_its_hands_on_the_standard_streams_passes_in_both_worlds(told, name):
    home, grading = told[name]
    assert home == grading
    assert {check["outcome"] for check in home} == {"passed"}


# What the file leaves open is its own matter.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("name", HANDS_ON)
def test_pytests_own_streams_are_as_before_and_what_is_printed_is_seen(name, capfd):
    source = f"{HANDS_ON[name]}\nprint('읽을 때')\ndef say():\n    print('물을 때')\n    return 1\n"
    before = sys.stdin, sys.stdout, sys.stderr
    with LocalSession(source.encode(), "say.py") as session:
        assert Student(session, "check").say() == 1
    del session
    assert (sys.stdin, sys.stdout, sys.stderr) == before
    print("done")
    seen = capfd.readouterr().out
    elsewhere = name in ("a file", "nothing")
    assert seen.endswith("done\n")
    assert elsewhere or "읽을 때\n물을 때\n" in seen


def test_plain_pytest_shows_what_such_a_file_prints(tmp_path):
    mine = tmp_path / "mine"
    command = [sys.executable, "-m", "grader", "release", "--to", str(mine)]
    subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
    file = mine / "exercises/02_gates/gates.py"
    file.write_text(f"{HANDS_ON['wrapped']}\nprint('안녕')\n{ANSWER}", "utf-8")
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-s", str(file.parent)],
        capture_output=True,
        encoding="utf-8",
        env=environment,
        check=False,
        cwd=mine,
    )
    assert done.returncode == 0, done.stdout
    assert done.stdout.count("안녕") == 1
