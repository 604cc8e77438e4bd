"""A bank of one tiny kata, so that the kit's own tests do not depend on what the real katas teach."""

import shutil
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
# Its checks are a student's, not ours: test_other_bank.py runs them where they belong.
collect_ignore = ["other_bank"]

# For tests that import what the bank's checks share.
open_package(ROOT)

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
