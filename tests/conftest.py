"""A bank of one tiny kata, so that the kit's own tests do not depend on what the real katas teach; and who runs what.

`make test` gives groups of tests to several processes. A file is a group, as its tests share what is dear to set up.
"""

import os
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from grader.bank.kata import load_katas
from grader.bank.package import open_package
from grader.intake import Submission
from grader.judge.judge import Judge

ROOT = Path(__file__).parent.parent
OTHER = ROOT / "tests" / "other_bank"
"""A bank of another subject, as somebody else's course would have it."""
WHOLE = os.environ.get("KATA_WHOLE") == "1"
"""Set by `make test-whole`: what has many cases of one kind takes all of them; otherwise a sample, chosen by rule."""
PATIENCE_S = 600
"""So long a test waits for what must happen, whatever else the machine does: the end of one that hangs."""
# Its checks are a student's, not ours: test_other_bank.py runs them where they belong.
collect_ignore = ["other_bank"]

APART = (
    "test_two_worlds",
    "test_bad_content",
    "test_surroundings",
    "test_readme",
    "test_authors_guide",
    "test_machines",
)
"""Files whose tests share nothing dear: each test is a group of its own."""
FIRST = (
    *("test_two_worlds", "test_nbgrader_cycle", "test_agreement", "test_readme", "test_machines", "test_other_bank"),
    *("test_bad_content", "test_surroundings", "test_authors_guide", "test_student_commands", "test_attacks"),
    *("test_resume", "test_faults", "test_watch"),
)
"""The files that take longest begin first: begun last, one would leave the other processes with nothing to do."""

# A run that a shell began in the background ignores Ctrl-C, and so would what the tests begin and interrupt.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def sample(cases, each):
    """Return one of so many cases, with `make test-whole` all."""
    return list(cases)[:: 1 if WHOLE else each]


# For tests that import what the bank's checks share, while they are collected.
open_package(ROOT)


@pytest.fixture(autouse=True, scope="module")
def _own_bank():
    """Let them be imported while tests run, too, whichever bank of that package another file's tests have opened."""
    open_package(ROOT)


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items):
    """Put the longest first, after pytest-randomly has shuffled."""
    yield
    items.sort(key=lambda item: FIRST.index(item.path.stem) if item.path.stem in FIRST else len(FIRST))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Give each process a group after the other, in the order of the tests."""
    # Only a run with pytest-xdist asks.
    from xdist.scheduler import LoadFileScheduling

    class Groups(LoadFileScheduling):
        def _split_scope(self, nodeid):
            file = super()._split_scope(nodeid)
            return nodeid if Path(file).stem in APART else file

    return Groups(config, log)


HINT = '\n[hints.{level}]\nen = "{en}"\nko = "{ko}"\n'
HINTS = "".join(
    HINT.format(level=level, en=f"Hint {level}:" + " word" * 40, ko=f"힌트 {level}:" + " 낱말" * 20)
    for level in (1, 2, 3)
)

FILES = {
    "exercises/pytest.ini": (ROOT / "exercises" / "pytest.ini").read_text("utf-8"),
    "exercises/01_double/kata.toml": 'title = { en = "Double", ko = "두 배" }\npoints = 2\nneeds = "np"\n',
    "exercises/01_double/messages.toml": """
[titles]
doubles.ko = "double(3) 값은 6이에요"
again.ko = "double(4) 값은 8이에요"
random.ko = "아무 수나 두 배가 돼요"

[tags.adds_two]
en = "{got} is 2 more. What is twice as much?"
ko = "{got} 값은 2를 더한 거예요. 두 배는 얼마일까요?"

[tags.squares]
en = "The number was multiplied by itself."
ko = "자기 자신을 곱했어요."
"""
    + HINTS,
    "exercises/01_double/README.md": "word " * 60,
    "exercises/01_double/README.ko.md": "낱말 " * 60,
    "exercises/01_double/test_double.py": '''"""Public checks."""

import pytest

from grader import expect


def look(student, x):
    asked = f"double({x})"
    got = expect.number(student.double(x), asked=asked)
    if got == x + 2 and x != 2:
        expect.fail("adds_two", asked=asked, expected=2 * x, actual=got, got=got)
    if got == x * x:
        expect.fail("squares", asked=asked, expected=2 * x, actual=got)
    expect.equal(got, 2 * x, asked=asked)


@pytest.mark.check(points=0.7, step=1)
def test_doubles(student):
    """double(3) is 6"""
    look(student, 3)


@pytest.mark.check(points=0.5, step=2, needs="doubles")
def test_again(student):
    """double(4) is 8"""
    look(student, 4)
''',
    "solutions/01_double/test_double_hidden.py": '''"""Hidden checks."""

import pytest

from grader import expect


@pytest.mark.check(points=0.8)
def test_random(student):
    """any number is doubled"""
    for x in student.rng.integers(5, 1000, size=5).tolist():
        got = expect.number(student.double(x), asked="double")
        if got == x + 2:
            expect.fail("adds_two", asked="double", expected=2 * x, actual=got, got=got)
        if got == x * x:
            expect.fail("squares", asked="double", expected=2 * x, actual=got)
        expect.equal(got, 2 * x, asked="double")
''',
    "solutions/01_double/double.py": '''"""Doubles."""


def double(x):
    """Return twice x."""
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION
''',
    "exercises/01_double/double.py": '''"""Doubles."""


def double(x):
    """Return twice x."""
    ...  # TODO
''',
    "solutions/01_double/right/plus.py": "def double(x):\n    return x + x\n",
    "solutions/01_double/right/shift.py": "def double(x):\n    return x << 1\n",
    "solutions/01_double/right/lambda.py": "double = lambda x: x * 2.0\n",
    "solutions/01_double/right/array.py": "import numpy as np\n\ndef double(x):\n    return np.array([x]) * 2\n",
    "solutions/01_double/wrong/adds_two.py": "def double(x):\n    return x + 2\n",
    "solutions/01_double/wrong/squares.py": "def double(x):\n    return x * x\n",
}


def write_bank(folder: Path, changes: dict[str, str | None] | None = None) -> Path:
    """Write the tiny bank with some files changed (None: left out) and return its folder."""
    for name, content in {**FILES, **(changes or {})}.items():
        if content is None:
            continue
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "utf-8")
    return folder


@pytest.fixture(scope="session")
def tiny_bank(tmp_path_factory):
    return write_bank(tmp_path_factory.mktemp("bank"))


@pytest.fixture(scope="session")
def tiny_katas(tiny_bank):
    return load_katas(tiny_bank)


@pytest.fixture(scope="session")
def tiny_judge(tiny_katas):
    with Judge(tiny_katas) as judge:
        yield judge


@pytest.fixture
def grade(tiny_judge):
    """Grade one source text of the tiny kata; gives the Report."""

    def run(source: str | bytes, name: str = "s"):
        content = source.encode("utf-8") if isinstance(source, str) else source
        return tiny_judge.grade(Submission(name, {"01_double": content}))

    return run


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 64 KiB; only root can make one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip("a small file system cannot be mounted here (root is needed)")
    yield folder
    subprocess.run(["umount", folder], check=True)


def copy_katas(target: Path, *names: str) -> None:
    """Copy some of the real katas as a student's copy, with what their checks share."""
    exercises = target / "exercises"
    for name in (*names, "shared"):
        shutil.copytree(ROOT / "exercises" / name, exercises / name)
    for name in ("bank.toml", "pytest.ini"):
        shutil.copy(ROOT / "exercises" / name, exercises)
