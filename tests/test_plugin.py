"""Plain pytest on a student's machine: the words she reads, and that the plugin leaves other tests alone."""

import json
import os
import re
import shutil
import subprocess
import sys
from types import MappingProxyType

import pytest
from rich.cells import cell_len

from grader.bank.kata import load_katas
from grader.home.progress import load_progress
from tests.conftest import PATIENCE_S, ROOT, write_bank


def run_pytest(folder, *arguments, lang="en", env=MappingProxyType({})):
    """Run pytest as a student does and return the finished process."""
    return subprocess.run(
        [sys.executable, "-m", "pytest", *arguments],
        cwd=folder,
        env={**os.environ, "KATA_LANG": lang, "PYTHONDONTWRITEBYTECODE": "1", **env},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=PATIENCE_S,
        check=False,
    )


@pytest.fixture
def bank(tmp_path):
    return write_bank(tmp_path)


def answer(bank, source):
    (bank / "exercises" / "01_double" / "double.py").write_text(source, "utf-8")


def test_the_untouched_stub_says_what_to_do_and_says_it_once(bank):
    done = run_pytest(bank, "exercises/01_double")
    assert done.returncode == 1
    assert done.stdout.count("Line 6: double is still `...`. Put your answer in place of the three dots") == 1
    assert "01_double  x x  Double: 0 of 2 public checks" in done.stdout
    assert "go on in exercises/01_double/double.py" in done.stdout
    assert "Traceback" not in done.stdout
    assert "expect" not in done.stdout, "no source of the checks is drawn"


def test_korean_from_the_environment(bank):
    done = run_pytest(bank, "exercises/01_double", lang="ko")
    assert "6번째 줄: double 자리가 아직 `...` 그대로예요." in done.stdout
    assert "두 배: 공개 검사 2개 중 0개 통과" in done.stdout
    assert "double(3) 값은 6이에요" in done.stdout


def test_a_mistake_is_named_with_its_gap(bank):
    answer(bank, "def double(x):\n    return x + 2\n")
    done = run_pytest(bank / "exercises", "01_double")
    assert "double(3): expected 6, got 5.0.\n5.0 is 2 more. What is twice as much?" in done.stdout


def test_prints_and_the_students_own_traceback_are_shown(bank):
    answer(bank, "def half(x):\n    return x / 0\n\n\ndef double(x):\n    print('looking at', x)\n    return half(x)\n")
    done = run_pytest(bank, "exercises/01_double")
    assert "looking at 3" in done.stdout
    assert 'double.py", line 2, in half' in done.stdout
    assert "workbench.py" not in done.stdout


TRACEBACKS = {
    "a library's lines": ("import json\n\n\ndef double(x):\n    return json.loads('{')\n", "JSONDecodeError"),
    "a library's detour": ("import enum\nC = enum.Enum('C', 'A')\n\n\ndef double(x):\n    return C(x)\n", "ValueError"),
}


@pytest.mark.parametrize(("source", "problem"), TRACEBACKS.values(), ids=TRACEBACKS)
def test_a_traceback_has_the_students_lines_alone(bank, source, problem):
    answer(bank, source)
    below = run_pytest(bank, "exercises/01_double").stdout.partition("- traceback -")[2]
    files = [line for line in below.splitlines() if line.startswith("  File ")]
    assert len(files) == 1
    assert 'double.py", line' in files[0]
    assert problem in below
    assert "another exception" not in below


def test_what_was_handled_before_is_part_of_a_traceback_where_it_is_the_students(bank):
    answer(
        bank, "def double(x):\n    try:\n        return x / 0\n    except ZeroDivisionError:\n        return {}[x]\n"
    )
    below = run_pytest(bank, "exercises/01_double").stdout.partition("- traceback -")[2]
    assert "line 3, in double" in below
    assert "line 5, in double" in below


def test_all_right_is_exit_0_and_never_says_all_passed_without_the_hidden_ones(bank):
    answer(bank, "def double(x):\n    return 2 * x\n")
    done = run_pytest(bank, "exercises/01_double")
    assert done.returncode == 0
    assert "hidden ones too" in done.stdout


def test_a_note_that_several_checks_share_is_said_once(tmp_path):
    shutil.copytree(ROOT / "exercises", tmp_path / "exercises", ignore=shutil.ignore_patterns(".kata*"))
    shutil.copy(ROOT / "solutions" / "02_gates" / "gates.py", tmp_path / "exercises" / "02_gates")
    said = run_pytest(tmp_path, "exercises/02_gates").stdout
    assert "  rows[AND], rows[NAND], rows[OR], " in said
    assert said.count("0.3536") == 1


def test_the_last_line_counts_no_warning_that_is_not_shown(bank):
    answer(bank, "import warnings\nwarnings.warn('careful')\n\n\ndef double(x):\n    return 2 * x\n")
    options = (["--disable-warnings"], ["-o", "addopts=-q"])
    hidden, shown = (run_pytest(bank, "exercises/01_double", *more).stdout for more in options)
    assert "2 passed in" in hidden
    assert "2 passed, 1 warning in" in shown
    assert "careful" in shown


def test_breakpoint_works_in_the_students_file(bank):
    answer(bank, "def double(x):\n    breakpoint()\n    return 2 * x\n")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "exercises/01_double"],
        cwd=bank,
        input="p x\nc\nc\n",
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    # From Python 3.13 on at the line itself, before that at the next.
    assert re.search(r"double\.py\([23]\)double\(\)", done.stdout)
    assert done.returncode == 0


def test_ctrl_c_in_the_students_code_stops_the_run(bank):
    answer(bank, "def double(x):\n    raise KeyboardInterrupt\n")
    assert run_pytest(bank, "exercises/01_double").returncode == 2


@pytest.mark.parametrize("option", ["--stepwise", "--pdb", "-x"])
def test_a_run_that_ends_at_its_first_failure_says_where_to_go_on_and_blames_no_loop(bank, option):
    answer(bank, "def double(x):\n    return 2 * x if x == 3 else 0\n")
    done = run_pytest(bank, "exercises/01_double", option)
    assert done.returncode in (1, 2)
    assert "go on in exercises/01_double/double.py" in done.stdout
    assert "loop" not in done.stdout


def test_a_stopped_run_is_not_remembered_as_a_finished_kata(bank):
    answer(bank, "def double(x):\n    if x == 4:\n        raise KeyboardInterrupt\n    return 2 * x\n")
    done = run_pytest(bank, "exercises/01_double")
    assert "stopped before all checks had run" in done.stdout
    assert "hidden ones too" not in done.stdout
    (kata,) = load_katas(bank)
    assert load_progress(kata) is None


def test_a_hole_deep_in_brackets_has_its_own_line(bank):
    answer(bank, "double = [\n    (1, 2),\n    (3, ...),\n]\n")
    assert "Line 3: double is still" in run_pytest(bank, "exercises/01_double").stdout


def test_a_module_that_ends_the_program_is_a_failed_check_here_too(bank):
    answer(bank, "import sys\nsys.exit(0)\n")
    done = run_pytest(bank, "exercises/01_double")
    assert done.returncode == 1
    assert "Line 2 ends the whole program (SystemExit)" in done.stdout


def test_progress_is_remembered_with_the_text_it_belongs_to(bank):
    answer(bank, "def double(x):\n    return x + 2 if x > 3 else 2 * x\n")
    run_pytest(bank, "exercises/01_double")
    (kata,) = load_katas(bank)
    progress = load_progress(kata)
    assert (progress.passed, progress.total, progress.current) == (1, 2, True)
    answer(bank, "def double(x):\n    return 2 * x\n")
    assert not load_progress(kata).current


def test_a_damaged_progress_file_is_no_reason_to_fail(bank):
    (bank / "exercises" / ".kata-progress.json").write_text("[1, 2", "utf-8")
    answer(bank, "def double(x):\n    return 2 * x\n")
    assert run_pytest(bank, "exercises/01_double").returncode == 0
    assert json.loads((bank / "exercises" / ".kata-progress.json").read_text("utf-8"))["01_double"]["passed"] == 2


def test_other_tests_look_as_always(tmp_path):
    (tmp_path / "test_other.py").write_text("def test_one():\n    x = 1\n    assert x == 2\n", "utf-8")
    done = run_pytest(tmp_path, "-p", "no:randomly")
    assert "assert x == 2" in done.stdout
    assert "E       assert 1 == 2" in done.stdout


def test_tensorflow_is_not_imported_and_no_numpy_for_a_kata_without_it(tmp_path):
    bank = write_bank(tmp_path, {"exercises/01_double/kata.toml": 'title={en="D",ko="D"}\npoints=2\nneeds="py"\n'})
    code = (
        "import sys, pytest; status = pytest.main(['exercises/01_double']);"
        "print('modules:', sorted({'tensorflow', 'keras', 'numpy', 'rich', 'click'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=bank, capture_output=True, text=True, timeout=PATIENCE_S, check=False
    )
    assert "modules: []" in done.stdout, done.stdout


def test_hidden_checks_run_under_plain_pytest_for_authors(bank):
    answer(bank, "def double(x):\n    return 2 * x\n")
    assert run_pytest(bank, "-p", "no:randomly", "solutions/01_double/test_double_hidden.py").returncode == 0


def test_a_check_sees_the_same_outcomes_here_and_in_the_judge(bank, grade):
    for source in (
        "def double(x):\n    return x + 2\n",
        "def double(x):\n    return None\n",
        "def double(x):\n    return [x]\n",
        "def double(x):\n    return float('inf')\n",
        "import sys\nsys.exit(1)\n",
        "def triple(x): return 3\n",
    ):
        answer(bank, source)
        data = subprocess.run(
            [sys.executable, "-m", "grader", "check", "--json"], cwd=bank, capture_output=True, text=True, check=False
        )
        here = json.loads(data.stdout)["katas"][0]["checks"]
        there = [check.to_json() for check in grade(source).katas[0].checks if not check.hidden]
        assert here == there


def test_a_korean_heading_stays_within_the_terminal(bank):
    """Pytest counts a Korean letter as one column; it takes two."""
    answer(bank, "def double(x):\n    print(1)\n    return x / 0\n")
    narrow = {"COLUMNS": "60", "PYTHONUTF8": "1"}
    lines = run_pytest(bank, "exercises/01_double", lang="ko", env=narrow).stdout.splitlines()
    headings = [line for line in lines if line.startswith(("====", "____", "----"))]
    assert len(headings) == 4
    assert all(55 <= cell_len(heading) <= 60 for heading in headings)
    assert "01_double" in headings[1]


@pytest.mark.skipif(sys.platform == "win32", reason="a terminal is made with pty, which Windows does not have")
def test_a_heading_too_long_for_the_terminal_goes_on_in_the_next_line(bank):
    import pty  # there is none on Windows

    inner, outer = pty.openpty()
    with os.fdopen(inner, "rb", buffering=0) as screen:
        command = [sys.executable, "-m", "pytest", "--kata-lang", "ko", "--color=no", "exercises/01_double"]
        env = {**os.environ, "COLUMNS": "40", "LINES": "40", "PYTHONUTF8": "1"}
        subprocess.run(command, cwd=bank, env=env, stdout=outer, stderr=outer, timeout=PATIENCE_S, check=False)
        os.close(outer)
        lines = os.read(screen.fileno(), 1 << 16).decode().splitlines()
    first = next(index for index, line in enumerate(lines) if line.startswith("_ 01_double"))
    assert lines[first + 1].startswith("  ")
    assert all(cell_len(line) <= 40 for line in lines[first : first + 2])
