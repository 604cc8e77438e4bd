"""A student's run of pytest in the world it really runs in: odd folders, other plug-ins, settings of other courses.

Each run is a process of its own in a fresh folder, with the plug-ins of the development environment beside the kit:
pytest-xdist, pytest-randomly, pytest-cov, pytest-asyncio, pytest-timeout, hypothesis, anyio.
"""

import os
import re
import shutil
import subprocess
import sys

import pytest

from grader.authoring.handout import write_release
from grader.bank.kata import load_katas
from grader.home.progress import load_progress
from tests.conftest import PATIENCE_S, ROOT, copy_katas, sample, write_bank
from tests.test_cli import RIGHT, kata

STUB_WORDS = "Line 6: double is still `...`."
COMPLETE = "all public checks of this kata pass"
LATER_WRONG = "def double(x):\n    return x + 2 if x > 3 else 2 * x\n"


LOUDER = ("PYTEST", "COV", "PYTHONOPT", "CI", "BUILD_NUMBER")
"""Variables that change what pytest shows: on a build machine its summary repeats every message whole."""


def run_pytest(cwd, *arguments, python=(), **env):
    """Run plain pytest as a student does."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith(LOUDER)}
    return subprocess.run(
        [sys.executable, *python, "-m", "pytest", *map(str, arguments)],
        cwd=cwd,
        env={**clean, "KATA_LANG": "en", "PYTHONUTF8": "1", **env},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=PATIENCE_S,
        check=False,
    )


def make_student(folder):
    """A student's copy of the tiny bank, as a release makes it."""
    bank = write_bank(folder.parent / f"{folder.name} made")
    write_release(load_katas(bank), folder)
    shutil.rmtree(bank)
    return folder


@pytest.fixture
def student(tmp_path):
    return make_student(tmp_path / "student")


def answer(student, source):
    (student / "exercises" / "01_double" / "double.py").write_text(source, "utf-8")


def progress_of(student):
    (one,) = load_katas(student)
    return load_progress(one)


def whole(done, words=STUB_WORDS):
    """The words stand there once, nothing of pytest's or Python's stands before the marks, nothing broke."""
    assert done.stdout.count(words) == 1, done.stdout + done.stderr
    for foreign in ("INTERNALERROR", "Traceback", "Warning"):
        assert foreign not in done.stdout + done.stderr
    return True


# --- folders ------------------------------------------------------------------------------------------------------

NAMES = ("[hw] 1", "a*b {kata} 100% 숙제")


@pytest.mark.parametrize("name", NAMES)
def test_pytest_takes_every_way_of_naming_a_kata_in_any_folder(tmp_path, name):
    student = make_student(tmp_path / name / "student")
    folder = student / "exercises" / "01_double"
    answer(student, "def double(x):\n    return x * x\n")
    for cwd, arguments, count in (
        (student, (), 2),
        (folder, ("double.py",), 2),
        (student, ("exercises/01_double/test_double.py::test_doubles",), 1),
        (tmp_path, (f"{name}/student",), 2),
        (tmp_path, (f"{name}/student/exercises/01_double/test_double.py::test_doubles",), 1),
    ):
        done = run_pytest(cwd, *arguments)
        assert whole(done, "double(3): expected 6, got 9.0.")
        assert f"01_double  {' '.join('x' * count)}  Double" in done.stdout
    assert "double.py\n" in done.stdout


@pytest.mark.parametrize("name", NAMES)
def test_every_command_of_a_student_works_in_any_folder(tmp_path, name):
    student = make_student(tmp_path / name)
    folder = student / "exercises" / "01_double"
    assert whole(kata("check", "01", cwd=student))
    assert "Next: Double" in kata(cwd=folder).stdout
    assert "hint" in kata("hint", "01", cwd=folder).stdout
    assert kata("doctor", cwd=student).returncode == 0
    answer(student, RIGHT)
    watched = kata("watch", cwd=student)
    assert "All public checks pass" in watched.stdout
    assert kata("reset", "01", cwd=student).returncode == 0
    assert (student / "exercises" / "01_double" / "double.py.bak-1").read_text("utf-8") == RIGHT


def test_a_real_kata_is_drawn_and_its_parameters_are_named_in_a_folder_with_brackets(tmp_path):
    """Pytest takes a bracket for the beginning of a parameter; here both stand in one argument."""
    student = tmp_path / "[hw] 1"
    copy_katas(student, "02_gates")
    done = run_pytest(tmp_path, "[hw] 1/exercises/02_gates/test_gates.py::test_rows[NAND]")
    assert "02_gates  x  Choose the weights: 0 of the 1 public checks that ran; the kata has 5" in done.stdout
    assert kata("plot", "02", "--text", cwd=student).returncode == 0


# --- other plug-ins and options -----------------------------------------------------------------------------------

OPTIONS = (
    ("-n", "2"),
    ("-n", "2", "--dist", "loadfile"),
    ("-n", "2", "--dist", "worksteal"),
    ("-n", "2", "--dist", "loadgroup"),
    ("--cov", "exercises", "--cov-report="),
    ("--timeout", "1"),
    ("--asyncio-mode=auto",),
    ("-p", "no:cacheprovider"),
    ("-p", "no:warnings"),
    ("-x",),
    ("--lf",),
    ("-q",),
    ("-v",),
    ("-s",),
    ("--tb=short",),
    ("-W", "error"),
    ("--doctest-modules",),
    ("--strict-markers", "--strict-config"),
    ("--import-mode=append",),
)


@pytest.mark.parametrize("options", sample(OPTIONS, 3), ids=" ".join)
def test_the_words_come_once_and_whole_beside_any_plug_in_and_option(student, options):
    done = run_pytest(student, "exercises/01_double", *options)
    assert whole(done)
    assert done.returncode == 1
    assert re.search(r"^01_double  x( x)?  Double", done.stdout, re.MULTILINE)


@pytest.mark.parametrize("python", [("-O",), ("-OO",)], ids=" ".join)
def test_without_docstrings_a_check_keeps_its_title(student, python):
    for done in (
        run_pytest(student, "exercises", python=python),
        run_pytest(student, "exercises", PYTHONOPTIMIZE=str(len(python[0]) - 1)),
    ):
        assert whole(done)
        assert "01_double, not yet: double(3) is 6" in done.stdout


def test_only_listing_the_checks_says_nothing_about_them(student):
    done = run_pytest(student, "exercises", "--co")
    assert done.returncode == 0
    assert "test_double.py::test_again" in done.stdout
    assert "public checks" not in done.stdout
    assert progress_of(student) is None


SHUFFLES = (*((f"--randomly-seed={seed}",) for seed in (1, 2, 3)), ("-n", "2"))


@pytest.mark.parametrize("options", SHUFFLES, ids=" ".join)
def test_checks_run_in_authoring_order_and_need_each_other_whatever_shuffles_them(student, options):
    """Without the katas' own settings, so that pytest-randomly is at work."""
    for name in ("pytest.ini", "exercises/pytest.ini"):
        (student / name).unlink()
    answer(student, "def double(x):\n    return x * x\n")
    done = run_pytest(student, *options)
    assert whole(done, "double(3): expected 6, got 9.0.")
    assert "01_double  x x  Double: 0 of 2 public checks" in done.stdout
    assert "expected 8, got 16" not in done.stdout, "blocked, not tried"


def test_katas_stay_in_the_ladders_order_with_several_processes(tmp_path):
    shutil.copytree(ROOT / "exercises", tmp_path / "exercises", ignore=shutil.ignore_patterns("0[1346789]*", "1[0-5]*"))
    done = run_pytest(tmp_path, "exercises", "-n", "2")
    rows = re.findall(r"^(\d\d_\w+)  x", done.stdout, re.MULTILINE)
    assert rows == ["02_gates", "05_params", "16_facts"]
    assert "INTERNALERROR" not in done.stdout


def test_other_tests_keep_their_places_and_their_own_ways(student):
    """A student's own test beside the checks still imports her file, and is not set between them."""
    (student / "exercises" / "01_double" / "test_mine.py").write_text(
        "from double import double\n\n\ndef test_mine():\n    assert double(1) == 2\n", "utf-8"
    )
    answer(student, RIGHT)
    done = run_pytest(student)
    assert "3 passed" in done.stdout
    assert COMPLETE in done.stdout


# --- settings of others -------------------------------------------------------------------------------------------

SETTINGS = {
    "pytest.ini": "[pytest]\naddopts = --strict-markers --strict-config -p no:cacheprovider\nfilterwarnings = error\n",
    "tox.ini": "[pytest]\naddopts = -v --import-mode=append\nxfail_strict = true\n",
    "pyproject.toml": '[tool.pytest.ini_options]\naddopts = "-ra --tb=short"\nfilterwarnings = ["error"]\n',
    "setup.cfg": "[tool:pytest]\naddopts = --doctest-modules\n",
}
WARNS = "import warnings\nwarnings.warn('old')\n\ndef double(x):\n    warnings.warn('old')\n    return x * x\n"


@pytest.mark.parametrize("name", SETTINGS)
def test_settings_of_another_course_above_change_no_verdict(tmp_path, name):
    (tmp_path / name).write_text(SETTINGS[name], "utf-8")
    student = make_student(tmp_path / "student")
    answer(student, WARNS)
    for target in (".", "student"):  # the second finds the katas' own settings
        done = run_pytest(tmp_path, target, "-p", "no:asyncio")
        assert "INTERNALERROR" not in done.stdout
        assert done.stdout.count("double(3): expected 6, got 9.0.") == 1, done.stdout + done.stderr
        assert "01_double  x x  Double: 0 of 2 public checks" in done.stdout


CONFTESTS = {
    "expects failures": "import pytest\n\ndef pytest_collection_modifyitems(items):\n    for item in items:\n"
    "        item.add_marker(pytest.mark.xfail)\n",
    "a fixture of the same name": "import pytest\n\n@pytest.fixture\ndef student():\n    return 'Ana'\n",
    "turns the order round": "import pytest\n\n@pytest.hookimpl(trylast=True)\n"
    "def pytest_collection_modifyitems(items):\n    items.reverse()\n",
}


@pytest.mark.parametrize("text", CONFTESTS.values(), ids=CONFTESTS)
def test_a_conftest_of_another_course_changes_no_verdict(tmp_path, text):
    (tmp_path / "conftest.py").write_text(text, "utf-8")
    student = make_student(tmp_path / "student")
    for name in ("pytest.ini", "exercises/pytest.ini"):
        (student / name).unlink()
    answer(student, LATER_WRONG)
    done = run_pytest(tmp_path, "student")
    assert done.returncode == 1
    assert "01_double  o x  Double: 1 of 2 public checks" in done.stdout
    answer(student, RIGHT)
    assert run_pytest(tmp_path, "student").returncode == 0


def test_what_a_conftest_skips_has_not_run(tmp_path):
    student = make_student(tmp_path / "student")
    (student / "exercises" / "conftest.py").write_text(
        "import pytest\n\ndef pytest_collection_modifyitems(items):\n    items[-1].add_marker(pytest.mark.skip)\n",
        "utf-8",
    )
    answer(student, RIGHT)
    done = run_pytest(student)
    assert COMPLETE not in done.stdout
    assert "1 of the 1 public checks that ran; the kata has 2" in done.stdout
    assert progress_of(student) is None


def test_a_fixture_of_another_course_that_fails_is_no_internal_error_of_pytest_and_not_the_students_mistake(student):
    (student / "exercises" / "conftest.py").write_text(
        "import pytest\n\n@pytest.fixture(autouse=True)\ndef boom():\n    raise RuntimeError('foreign')\n", "utf-8"
    )
    answer(student, RIGHT)
    done = run_pytest(student)
    assert "INTERNALERROR" not in done.stdout
    assert done.stdout.count("nothing was graded: RuntimeError: foreign") == 1
    assert "not your mistake: show your instructor the words above and what `kata doctor` prints." in done.stdout
    assert 'conftest.py", line 5, in boom' in done.stdout
    assert not progress_of(student).done


@pytest.mark.parametrize("options", ["-x --timeout=30", "-n 2", "--lf -v", "-W error --asyncio-mode=auto"])
def test_options_from_the_environment_are_borne(student, options):
    assert whole(run_pytest(student, PYTEST_ADDOPTS=options))
    assert whole(kata("check", "01", cwd=student, PYTEST_ADDOPTS=options))
