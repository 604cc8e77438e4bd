"""The student's commands in processes of their own: kata, --lang, hint, reset, and the names a kata answers to."""

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from rich.cells import cell_len

from grader.bank.kata import load_katas
from grader.bank.texts import HINTS, load_kata_texts
from grader.cli.reset import put_back
from grader.errors import UsageError
from grader.home.progress import load_language, load_progress, open_hint, save_progress
from tests.conftest import FILES, PATIENCE_S, ROOT, copy_katas, write_bank
from tests.test_cli import RIGHT, kata

HALF = "def double(x):\n    return x + 2 if x > 3 else 2 * x\n"


@pytest.fixture
def bank(tmp_path):
    return write_bank(tmp_path / "bank")


@pytest.fixture
def student(bank, tmp_path):
    """A student's copy, as a release makes it."""
    assert kata("release", "--to", tmp_path / "student", cwd=bank).returncode == 0
    return tmp_path / "student"


def answer(bank, source):
    (bank / "exercises" / "01_double" / "double.py").write_text(source, "utf-8")


def run_pytest(*arguments, cwd, **env):
    """Run plain pytest without KATA_LANG, in an English locale."""
    clean = {key: value for key, value in os.environ.items() if key not in ("KATA_LANG", "LC_ALL", "LC_MESSAGES")}
    return subprocess.run(
        [sys.executable, "-m", "pytest", *map(str, arguments)],
        cwd=cwd,
        env={**clean, "LANG": "en_GB.UTF-8", "PYTHONUTF8": "1", **env},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=PATIENCE_S,
        check=False,
    )


@pytest.mark.parametrize("name", ["check", "watch", "skip", "hint", "approaches", "reset", "doctor"])
def test_a_students_command_costs_no_numpy(name, tmp_path):
    dear = "{'numpy', 'matplotlib', 'grader.training', 'grader.judge'}"
    program = f"import sys, grader.cli.{name}; assert not {dear} & set(sys.modules), sys.modules.keys()"
    subprocess.run([sys.executable, "-c", program], cwd=tmp_path, check=True)


# --- language -----------------------------------------------------------------------------------------------------


def test_a_saved_language_holds_for_every_command_and_for_plain_pytest_from_any_folder(student):
    first = kata("--lang", "ko", cwd=student, lang="")
    assert first.returncode == 0
    assert "kata --lang en" in first.stdout
    assert "아직 안 함" in kata(cwd=student, lang="").stdout
    assert "이어서 할 파일" in kata("check", cwd=student / "exercises", lang="").stdout
    assert "카타 저자용" in kata("build", "--help", cwd=student, lang="").stdout
    assert "For kata authors" in kata("--lang=en", "build", "--help", cwd=student, lang="").stdout
    for folder, target in (
        (student, "exercises/01_double"),
        (student / "exercises" / "01_double", "."),
        ("/", student),
    ):
        assert "이어서 할 파일" in run_pytest(target, cwd=folder).stdout


def test_an_option_and_the_environment_come_before_what_is_saved_and_save_nothing(student):
    kata("--lang", "ko", cwd=student, lang="")
    assert "go on in" in kata("check", "--lang", "en", cwd=student, lang="").stdout
    assert "go on in" in kata("--lang", "en", "check", cwd=student, lang="").stdout
    assert "go on in" in kata("check", cwd=student, lang="en").stdout
    assert "go on in" in run_pytest("exercises/01_double", cwd=student, KATA_LANG="en").stdout
    assert load_language(student) == "ko"


def test_who_saves_a_language_that_the_environment_overrules_is_told(student):
    assert "KATA_LANG=en is set" in kata("--lang", "both", cwd=student, lang="en").stdout
    assert "KATA_LANG" not in kata("--lang", "en", cwd=student, lang="en").stdout


def test_a_choice_of_language_keeps_what_passed_and_the_other_way_round(student):
    answer(student, RIGHT)
    kata("check", cwd=student)
    kata("--lang", "ko", cwd=student)
    kata("check", cwd=student)
    (one,) = load_katas(student)
    assert load_progress(one).done
    assert load_language(student) == "ko"


def test_pytest_outside_any_bank_does_not_mind(tmp_path):
    (tmp_path / "test_other.py").write_text("def test_one():\n    pass\n", "utf-8")
    assert run_pytest("-p", "no:randomly", cwd=tmp_path).returncode == 0


# --- the progress file --------------------------------------------------------------------------------------------

BROKEN = {
    "no JSON": "{",
    "a list": "[1]",
    "an entry that is no table": '{"01_double": 7, "language": 3}',
    "counts that are no numbers": '{"01_double": {"passed": "two", "total": null, "hint": "x", "ran_since_hint": 1}}',
    "too deep": "[" * 100_000,
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_a_broken_progress_file_counts_as_none_and_is_mended_by_the_next_run(bank, text):
    (one,) = load_katas(bank)
    (bank / "exercises" / ".kata-progress.json").write_text(text, "utf-8")
    assert load_progress(one) is None
    assert load_language(bank) is None
    assert open_hint(one, most=3) == 1
    save_progress(one, passed=1, total=2)
    assert load_progress(one).passed == 1


def test_a_progress_file_of_an_earlier_version_is_read(bank):
    answer(bank, HALF)
    (one,) = load_katas(bank)
    save_progress(one, passed=1, total=2)
    file = bank / "exercises" / ".kata-progress.json"
    data = json.loads(file.read_text("utf-8"))
    file.write_text(json.dumps({"01_double": {key: data["01_double"][key] for key in ("passed", "total", "digest")}}))
    assert (load_progress(one).passed, load_progress(one).current) == (1, True)
    assert open_hint(one, most=3) == 1


# --- predict ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "words"), [("en", "Predict first:"), ("ko", "먼저 예상해 보세요.")])
def test_a_hole_that_is_to_be_predicted_says_so_and_any_other_does_not(tmp_path, language, words):
    copy_katas(tmp_path, "01_neuron", "02_gates")
    assert words in kata("check", "01", cwd=tmp_path, lang=language).stdout
    assert words not in kata("check", "02", cwd=tmp_path, lang=language).stdout
    file = tmp_path / "exercises" / "01_neuron" / "neuron.py"
    source = file.read_text("utf-8").replace("Z = [..., ..., ..., ...]", "Z = [-1, 0, 0, 1]")
    file.write_text(source.replace("OUT = [..., ..., ..., ...]", "OUT = [0, 0, 0, 1]"), "utf-8")
    assert words not in kata("check", "01", cwd=tmp_path, lang=language).stdout


# --- hints --------------------------------------------------------------------------------------------------------


def test_a_hint_opens_after_one_more_run_and_not_before(student):
    assert "hint 1 of 3" in kata("hint", "01", cwd=student).stdout
    again = kata("hint", "01", cwd=student).stdout
    assert "hint 1 of 3" in again
    assert "Hint 2 opens after one more run of the checks: kata check 01" in again
    run_pytest("exercises/01_double", cwd=student)
    assert "hint 2 of 3" in kata("hint", "double", cwd=student).stdout
    kata("check", "01", cwd=student)
    kata("check", "01", cwd=student)
    last = kata("hint", "01", cwd=student).stdout
    assert "Hint 3: word word" in last.replace("\n", " ")
    assert "the last hint" in last
    kata("check", "01", cwd=student)
    assert "hint 3 of 3" in kata("hint", "01", cwd=student).stdout


def test_a_stopped_run_opens_no_hint(student):
    kata("hint", "01", cwd=student)
    answer(student, "def double(x):\n    raise KeyboardInterrupt\n")
    run_pytest("exercises/01_double", cwd=student)
    assert "hint 1 of 3" in kata("hint", "01", cwd=student).stdout


def test_after_the_kata_is_passed_every_hint_can_be_read(student):
    answer(student, RIGHT)
    kata("check", cwd=student)
    done = kata("hint", "01", cwd=student)
    for level in (1, 2, 3):
        assert f"hint {level} of 3" in done.stdout
        assert f"Hint {level}: word" in done.stdout
    assert "every hint is open" in done.stdout


def test_a_hint_is_wrapped_by_width_and_its_example_is_not(student):
    text = 'en = """\nOne\ntwo.\n\n    1 + 2   = 3\n"""\nko = "하나"\n'
    messages = student / "exercises" / "01_double" / "messages.toml"
    old = messages.read_text("utf-8")
    messages.write_text(old[: old.index("[hints.1]")] + "[hints.1]\n" + text, "utf-8")
    assert "One two.\n\n    1 + 2   = 3\n" in kata("hint", "01", cwd=student).stdout
    assert "하나" in kata("hint", "01", cwd=student, lang="both").stdout


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_worked_example_fits_into_eighty_columns(language):
    """Korean letters are two columns wide."""
    for one in load_katas(ROOT):
        for level in range(1, HINTS + 1):
            for line in load_kata_texts(one, hidden=False).hint(level)[language].splitlines():
                assert not line.startswith(" ") or cell_len(line) <= 80, (one.name, level, line)


def test_hint_needs_one_kata(student):
    assert kata("hint", cwd=student).returncode == 2
    assert "There is no kata 77" in kata("hint", "77", cwd=student).stderr


# --- reset --------------------------------------------------------------------------------------------------------


def test_reset_puts_the_stub_back_and_overwrites_no_older_copy(student):
    folder = student / "exercises" / "01_double"
    stub = (folder / "double.py").read_bytes()
    for source in (HALF, RIGHT):
        answer(student, source)
        done = kata("reset", "exercises/01_double/double.py", cwd=student)
        assert done.returncode == 0
        assert (folder / "double.py").read_bytes() == stub
    assert "kept in exercises/01_double/double.py.bak-2" in done.stdout.replace("\n", " ")
    assert (folder / "double.py.bak-1").read_text("utf-8") == HALF
    assert (folder / "double.py.bak-2").read_text("utf-8") == RIGHT
    assert "nothing to put back" in kata("reset", "01", cwd=student).stdout
    assert not (folder / "double.py.bak-3").exists()


def test_reset_brings_a_missing_file_back(student):
    (student / "exercises" / "01_double" / "double.py").unlink()
    assert "there again" in kata("reset", "01", cwd=student).stdout
    assert "double is still" in kata("check", "01", cwd=student).stdout


def test_in_the_authors_repository_reset_builds_the_stub_from_the_reference(bank):
    answer(bank, RIGHT)
    assert kata("reset", "01", cwd=bank).returncode == 0
    assert (bank / "exercises" / "01_double" / "double.py").read_text("utf-8") == FILES["exercises/01_double/double.py"]


def test_a_copy_without_its_stubs_says_where_to_get_one_and_touches_nothing(student):
    (student / "exercises" / "01_double" / ".stub").unlink()
    answer(student, HALF)
    done = kata("reset", "01", cwd=student)
    assert done.returncode == 2
    assert "your instructor gave you" in done.stderr
    assert [path.read_text("utf-8") for path in (student / "exercises" / "01_double").glob("double.py*")] == [HALF]


def test_a_folder_that_cannot_be_written_loses_nothing(student, monkeypatch):
    """As root nothing is read-only, so the system's refusal is made here."""
    answer(student, HALF)
    (one,) = load_katas(student)

    def full(path, target):
        del path, target
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(UsageError) as problem:
        put_back(one, b"stub")
    assert "No space left" in problem.value.values["reason"]
    assert one.student_file.read_text("utf-8") == HALF
    assert not [path.name for path in one.exercise.iterdir() if "double.py." in path.name]


def test_a_release_of_a_used_copy_is_unused_again(student, tmp_path):
    answer(student, RIGHT)
    assert kata("release", "--to", tmp_path / "again", cwd=student).returncode == 0
    assert "TODO" in (tmp_path / "again" / "exercises" / "01_double" / "double.py").read_text("utf-8")


# --- naming a kata ------------------------------------------------------------------------------------------------


def test_pytest_takes_the_students_file_for_its_kata(student):
    answer(student, RIGHT)
    kata_folder = student / "exercises" / "01_double"
    for folder, target in ((student, "exercises/01_double/double.py"), (kata_folder, "double.py")):
        done = run_pytest(target, cwd=folder)
        assert "01_double  o o  Double: 2 of 2 public checks" in done.stdout
        assert done.returncode == 0


@pytest.mark.parametrize("target", [".", "..", "../01_double", "test_double.py", "test_double.py::test_doubles"])
def test_pytest_takes_folders_and_checks_as_always(student, target):
    done = run_pytest(target, cwd=student / "exercises" / "01_double")
    assert "01_double  x" in done.stdout, done.stderr
    assert done.returncode == 1


def test_a_kata_in_toml_answers_to_its_file(tmp_path):
    """The one of the real bank: it is the only one."""
    copy_katas(tmp_path, "16_facts")
    assert "16_facts  x" in run_pytest("exercises/16_facts/facts.toml", cwd=tmp_path).stdout
    assert "16_facts  x" in kata("check", "exercises/16_facts/facts.toml", cwd=tmp_path).stdout
    assert kata("reset", "facts.toml", cwd=tmp_path).returncode == 2  # a copy without its stubs


def test_pytest_takes_other_files_as_always(student):
    (student / "exercises" / "01_double" / "notes.py").write_text("x = 1\n", "utf-8")
    assert "no tests ran" in run_pytest("exercises/01_double/notes.py", cwd=student).stdout


def test_check_names_every_check_behind_the_marks_if_asked(student):
    answer(student, HALF)
    done = kata("check", "01", "-v", cwd=student)
    assert "01_double  o x  Double: 1 of 2 public checks\n  o double(3) is 6\n  x double(4) is 8\n" in done.stdout
    assert "  x double(4) 값은 8이에요" in kata("check", "01", "--verbose", cwd=student, lang="ko").stdout
    assert "  o double(3)" not in kata("check", "01", cwd=student).stdout


def test_check_takes_a_path(student):
    assert "01_double  x x" in kata("check", "exercises/01_double/double.py", cwd=student).stdout
    assert "01_double  x x" in kata("check", "double.py", cwd=student / "exercises" / "01_double").stdout
