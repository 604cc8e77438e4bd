"""Plain pytest near files with the names of modules, of parts of a kata, and of a kata whose own files are broken."""

import shutil
import subprocess
import sys

import pytest

from grader.cli.doctor import examine
from tests.conftest import PATIENCE_S, ROOT, write_bank
from tests.test_cli import RIGHT, kata
from tests.test_surroundings import COMPLETE, LATER_WRONG, answer, make_student, progress_of, run_pytest, student, whole

__all__ = ["student"]


# --- files with the names of modules --------------------------------------------------------------------------------

HIDING = ("numpy.py", "random.py", "ast.py", "keras.py", "pytest.py", "grader.py", "numpy/__init__.py")


def put(folder, name):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("x = 1\n", "utf-8")
    return path


@pytest.mark.parametrize("name", HIDING)
def test_a_module_beside_the_file_is_named_and_decides_nothing(student, name):
    folder = student / "exercises" / "01_double"
    answer(student, "import numpy as np\n\ndef double(x):\n    return float(np.square(x))\n")
    put(folder, name)
    module = name.split("/")[0].removesuffix(".py")
    for done in (run_pytest(student, "exercises/01_double"), kata("check", "01", cwd=student)):
        assert whole(done, "double(3): expected 6, got 9.0.")
        assert done.stdout.count(f"library's module {module}; your own programs get it") == 1
    (told,) = (finding for finding in examine((student,)) if finding.text == "clash")
    assert (told.state, told.values["name"]) == ("x", module)


@pytest.mark.parametrize("name", ["numpy.py", "keras.py", "tqdm.py"])
def test_a_module_in_the_folder_where_pytest_runs_is_named_and_decides_nothing(tmp_path, name):
    """`python -m pytest` puts that folder first on Python's path."""
    student = make_student(tmp_path / "student")
    put(tmp_path, name)
    answer(student, "import numpy as np\n\ndef double(x):\n    return float(np.square(x))\n")
    done = run_pytest(tmp_path, "student")
    assert whole(done, "double(3): expected 6, got 9.0.")
    assert f"{name} has the name of Python's or a library's module" in done.stdout


def test_a_module_that_was_taken_before_the_checks_began_is_let_go_again(student):
    """As a plug-in does that imports NumPy at its start."""
    put(student, "numpy.py")
    answer(student, "import numpy as np\n\ndef double(x):\n    return float(np.square(x))\n")
    (student / "early.py").write_text("import numpy\n\nassert numpy.x == 1\n", "utf-8")
    assert whole(run_pytest(student, "-p", "early"), "double(3): expected 6, got 9.0.")


def test_kata_watch_takes_no_module_from_the_folder_it_runs_in(student):
    answer(student, RIGHT)
    put(student, "random.py")
    script = shutil.which("kata", path=str(ROOT / ".venv" / "bin")) or shutil.which("kata")
    if script is None:
        pytest.skip("the command kata is not installed beside this Python")
    done = subprocess.run(
        [script, "watch"], cwd=student, capture_output=True, text=True, timeout=PATIENCE_S, check=False
    )
    assert "Traceback" not in done.stderr
    assert done.returncode == 0


def test_what_a_renamed_module_leaves_behind_is_told_by_the_doctor_and_by_nobody_else(student):
    put(student / "exercises" / "01_double", f"__pycache__/numpy.{sys.implementation.cache_tag}.pyc")
    (told,) = (finding for finding in examine((student,)) if finding.text == "left_over")
    assert (told.state, told.values["name"]) == ("-", "numpy")
    assert "numpy" not in run_pytest(student).stdout


def test_a_helper_with_a_name_of_its_own_is_nobodys_business(student):
    put(student / "exercises" / "01_double", "my_gates.py")
    assert "module" not in run_pytest(student).stdout


# --- what is said and remembered ------------------------------------------------------------------------------------

PARTS = (
    ("-k", "doubles"),
    ("exercises/01_double/test_double.py::test_doubles",),
    ("-x", "-k", "doubles"),
    ("--deselect", "01_double/test_double.py::test_again"),
)


@pytest.mark.parametrize("part", PARTS, ids=" ".join)
def test_a_part_of_the_checks_is_not_the_whole_kata(student, part):
    answer(student, RIGHT)
    done = run_pytest(student / "exercises" if "--deselect" in part else student, *part)
    assert COMPLETE not in done.stdout
    assert "01_double  o  Double: 1 of the 1 public checks that ran; the kata has 2" in done.stdout
    assert "the others were not looked at. All of them: kata check 01" in done.stdout
    assert progress_of(student) is None
    assert "not tried yet" in kata(cwd=student).stdout


def test_a_part_takes_nothing_back_that_a_whole_run_has_shown(student):
    answer(student, RIGHT)
    run_pytest(student)
    assert progress_of(student).done
    run_pytest(student, "-k", "again")
    assert progress_of(student).done


def test_after_a_change_the_failed_checks_alone_do_not_make_it_done(student):
    answer(student, LATER_WRONG)
    run_pytest(student)
    answer(student, "def double(x):\n    return 8\n")
    done = run_pytest(student, "--lf")
    assert "01_double  o  Double: 1 of the 1" in done.stdout
    assert COMPLETE not in done.stdout
    assert not progress_of(student).done


def test_a_run_that_stops_at_the_first_mistake_is_remembered_as_not_done(student):
    answer(student, "def double(x):\n    return x * x\n")
    run_pytest(student, "-x")
    progress = progress_of(student)
    assert (progress.passed, progress.total, progress.done) == (0, 2, False)


@pytest.mark.parametrize("options", [(), ("-n", "1")], ids=["one process", "two"])
def test_a_file_that_changes_while_its_checks_run_is_not_done(student, options):
    file = student / "exercises" / "01_double" / "double.py"
    answer(student, f"def double(x):\n    open({str(file)!r}, 'a').write('#')\n    return 2 * x\n")
    done = run_pytest(student, *options)
    assert "01_double  o o" in done.stdout
    assert "was changed while its checks ran" in done.stdout
    assert COMPLETE not in done.stdout
    assert progress_of(student) is None


def test_hidden_checks_alone_say_nothing_about_the_public_ones(tmp_path):
    bank = write_bank(tmp_path)
    answer(bank, RIGHT)
    done = run_pytest(bank, "solutions/01_double/test_double_hidden.py", "-p", "no:randomly")
    assert "01_double  o  Double: hidden checks" in done.stdout
    assert COMPLETE not in done.stdout


# --- what came with the kata is broken ------------------------------------------------------------------------------

BROKEN = {
    "exercises/01_double/kata.toml": ("title = {", "kata.toml cannot be used: TOML"),
    "exercises/01_double/messages.toml": ("[x\n", "messages.toml cannot be used: TOML"),
    "exercises/01_double/test_double.py": ("def f(:\n", "test_double.py cannot be used: SyntaxError"),
}


@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize("options", [(), ("-n", "1")], ids=["one process", "two"])
def test_a_kata_whose_own_files_are_damaged_says_which_and_where_to_get_them(student, name, options):
    text, words = BROKEN[name]
    (student / name).write_text(text, "utf-8")
    done = run_pytest(student, *options)
    assert "INTERNALERROR" not in done.stdout
    assert "Traceback" not in done.stdout
    assert words in done.stdout.replace("\n", " ")
    assert "take it again from the package that you were given" in done.stdout
    assert done.returncode != 0


def test_a_message_that_lacks_a_value_is_the_kits_fault_and_ends_no_run(student):
    messages = student / "exercises" / "01_double" / "messages.toml"
    messages.write_text(messages.read_text("utf-8").replace("was multiplied", "{nobody} was multiplied"), "utf-8")
    answer(student, "def double(x):\n    return x * x\n")
    done = run_pytest(student)
    assert "INTERNALERROR" not in done.stdout
    assert "nothing was graded: ContentError" in done.stdout
    assert "not your mistake" in done.stdout


def test_a_folder_in_the_place_of_the_file_is_told(student):
    file = student / "exercises" / "01_double" / "double.py"
    file.unlink()
    file.mkdir()
    assert whole(
        run_pytest(student, "exercises/01_double"), "double.py is a link or something else that is no regular file."
    )
