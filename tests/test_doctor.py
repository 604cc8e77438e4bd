"""`kata doctor`: each thing that goes wrong on students' machines is found, said in a sentence, and counted."""

import subprocess
import sys

import pytest

from grader.bank.kata import load_katas
from grader.cli import doctor
from tests.conftest import PATIENCE_S, write_bank
from tests.test_cli import kata


@pytest.fixture
def bank(tmp_path):
    return write_bank(tmp_path / "bank")


def found(bank):
    """Return the findings as {text id: finding}."""
    return {finding.text: finding for finding in doctor.examine((bank,))}


def test_where_all_is_well_every_needed_thing_is_named_and_the_status_is_0(bank):
    done = kata("doctor", cwd=bank)
    assert done.returncode == 0, done.stdout
    for name in ("Python 3.", "numpy", "pytest", "tqdm", "1 kata in"):
        assert f"\no {name}" in "\n" + done.stdout
    assert "\nx " not in done.stdout
    assert "Everything that is needed is there." in done.stdout


def test_korean_on_a_korean_windows_console(bank):
    done = kata("doctor", cwd=bank, lang="ko", PYTHONIOENCODING="cp949")
    assert done.returncode == 0
    assert "필요한 것이 모두 있어요." in done.stdout


@pytest.mark.parametrize(
    ("missing", "text", "state"),
    [
        ("numpy", "missing", "x"),
        ("pytest", "missing", "x"),
        ("tqdm", "missing", "x"),
        ("matplotlib", "no_matplotlib", "-"),
        ("tensorflow", "no_keras", "-"),
    ],
)
def test_a_missing_package_is_bad_only_if_the_first_katas_need_it(bank, monkeypatch, missing, text, state):
    real = doctor._version
    monkeypatch.setattr(doctor, "_version", lambda name: None if name.startswith(missing) else real(name))
    finding = found(bank)[text]
    assert finding.state == state
    assert finding.values.get("name", missing) == missing


def test_a_package_that_is_too_old_is_told_with_what_is_wanted(bank, monkeypatch):
    real = doctor._version
    monkeypatch.setattr(doctor, "_version", lambda name: "1.26.4" if name == "numpy" else real(name))
    finding = found(bank)["old"]
    assert finding.state == "x"
    assert str(finding.values["wanted"]) == ">=2.0"


def test_tensorflow_is_found_without_being_imported(bank):
    code = (
        "import sys; from pathlib import Path; from grader.cli import doctor; list(doctor.examine((Path('.'),)));"
        "print(sorted({'tensorflow', 'keras'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=bank, capture_output=True, text=True, timeout=PATIENCE_S, check=False
    )
    assert done.stdout.strip() == "[]", done.stderr


@pytest.mark.parametrize("name", ["numpy.py", "test.py", "random.py", "keras/__init__.py"])
@pytest.mark.parametrize("folder", ["", "exercises", "exercises/01_double"])
def test_a_file_that_hides_a_module_is_found(bank, folder, name):
    path = bank / folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("x = 1\n", "utf-8")
    finding = found(bank)["clash"]
    assert finding.state == "x"
    assert finding.values["name"] == name.split("/")[0].removesuffix(".py")


@pytest.mark.parametrize("name", ["notes.py", "my_numpy.py", "numpy.txt", "data/numpy.csv"])
def test_a_file_that_hides_nothing_is_left_in_peace(bank, name):
    path = bank / "exercises" / "01_double" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("x = 1\n", "utf-8")
    assert "clash" not in found(bank)


@pytest.mark.parametrize("name", ["conftest.py", "01_double/conftest.py", "01_double/pytest.ini"])
def test_files_that_change_how_pytest_runs_are_told(bank, name):
    (bank / "exercises" / name).write_text("", "utf-8")
    assert found(bank)["settings"].state == "-"


def test_the_katas_own_settings_are_missed(bank):
    (bank / "exercises" / "pytest.ini").unlink()
    assert found(bank)["no_ini"].state == "x"


def test_a_student_copy_that_cannot_be_written_is_told(bank, monkeypatch):
    """As root nothing is read-only, so the system's answer is made here."""
    monkeypatch.setattr(doctor.os, "access", lambda *_: False)
    finding = found(bank)["locked"]
    assert finding.state == "x"
    assert finding.values["path"].name == "double.py"


@pytest.mark.parametrize("variable", ["PYTEST_ADDOPTS", "PYTEST_PLUGINS"])
def test_variables_that_change_pytest_are_told(bank, monkeypatch, variable):
    monkeypatch.setenv(variable, "-x")
    assert found(bank)["variable"].values["name"] == variable


def test_a_pytest_that_does_not_load_the_kit_is_bad(bank, monkeypatch):
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    assert found(bank)["no_plugin"].state == "x"


def test_a_pytest_of_another_python_is_told(bank, monkeypatch, tmp_path):
    other = tmp_path / "pytest"
    other.write_text("#!/bin/sh\n", "utf-8")
    other.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert found(bank)["other_command"].values["path"] == str(other)
    other.unlink()
    assert found(bank)["no_command"].state == "-"


def test_a_console_without_korean_is_told_in_words_that_it_can_show(bank):
    done = kata("doctor", cwd=bank, PYTHONIOENCODING="cp1252")
    assert "without Korean letters (cp1252); with kata --lang ko it is written in UTF-8" in done.stdout


def test_a_windows_drive_seen_from_wsl_is_told(bank, monkeypatch):
    monkeypatch.setattr(doctor.platform, "release", lambda: "5.15.90.1-microsoft-standard-WSL2")
    assert "wsl" not in found(bank)
    katas = load_katas(bank)
    monkeypatch.setattr(doctor.Path, "resolve", lambda _: doctor.Path("/mnt/c/katas"))
    told = {finding.text: finding for finding in doctor._look_at_rights(bank, katas)}
    assert told["wsl"].state == "-"


def test_without_katas_the_student_is_told_where_to_go_and_the_rest_is_looked_at_all_the_same(tmp_path):
    done = kata("doctor", cwd=tmp_path)
    assert done.returncode == 1
    assert "x There are no katas" in done.stdout
    assert "o numpy" in done.stdout
