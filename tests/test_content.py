"""Build, release and audit: one source for every fact, and a gate that sees each broken rule."""

import ast
import configparser
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from grader import __version__
from grader.authoring.handout import list_release, write_release
from grader.authoring.stub import find_stale, make_stub, strip_markers, write_stale
from grader.bank.kata import load_katas, select_katas
from grader.errors import ContentError, UsageError
from tests.conftest import ROOT, write_bank

LADDER = {
    "01_neuron": 4,
    "02_gates": 6,
    "03_xor": 5,
    "04_wall": 6,
    "05_params": 6,
    "06_stacks": 8,
    "07_gates_in_keras": 7,
    "08_activations": 6,
    "09_plateaus": 7,
    "10_gradient": 7,
    "11_fit_new": 10,
    "12_train_xor": 10,
    "13_progress": 6,
    "14_heads": 4,
    "15_stop": 4,
    "16_facts": 4,
}
"""Points of the ladder, by hand; they are 100 together."""

# --- the kit's version --------------------------------------------------------------------------------------------


def test_the_exercises_ask_for_this_version_of_the_kit_and_for_no_later_one():
    """So pytest says so where the kit is missing or another one, before Python stumbles over an import."""
    ini = configparser.ConfigParser(interpolation=None)
    ini.read(ROOT / "exercises" / "pytest.ini", "utf-8")
    wanted = Requirement(ini["pytest"]["required_plugins"])
    here = Version(__version__)
    assert here in wanted.specifier
    assert f"{here.major}.{here.minor + 1}.0" not in wanted.specifier


def test_where_the_kit_is_not_installed_pytest_names_it(tmp_path):
    write_bank(tmp_path)
    command = [sys.executable, "-m", "pytest", "exercises/01_double"]
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == 4
    assert "Missing required plugins: perceptron-kata" in done.stderr


# --- the real bank ------------------------------------------------------------------------------------------------


def test_the_ladder_has_a_hundred_points():
    assert sum(LADDER.values()) == 100


def test_every_kata_has_the_ladders_points():
    assert {kata.name: kata.points for kata in load_katas(ROOT)}.items() <= LADDER.items()


def test_the_stubs_are_current():
    assert find_stale(load_katas(ROOT)) == []


def test_a_release_holds_no_byte_of_the_solutions():
    katas = load_katas(ROOT)
    released = list_release(katas)
    allowed = {f"exercises/{kata.name}/" for kata in katas} | {"README.md", "README.ko.md", "pytest.ini"}
    allowed |= {"exercises/pytest.ini", "exercises/bank.toml", "exercises/shared/"}
    assert all(any(name.startswith(prefix) for prefix in allowed) for name in released)
    everything = b"\n".join(released.values())
    for kata in katas:
        for path in kata.solution.rglob("*"):
            if path.is_dir() or "__pycache__" in path.parts:
                continue
            assert path.read_bytes() not in everything, path
            if path.parent == kata.solution and path.suffix == ".py":
                for line in secret_lines(path):
                    assert line not in everything, (path, line)


def secret_lines(path):
    """Lines that only the solution has: the reference's holes, or the whole of a hidden test file's code."""
    text = path.read_text("utf-8")
    if "### BEGIN SOLUTION" in text:
        parts = re.findall(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", text, re.S)
        lines = [line for part in parts for line in part.splitlines() if not line.strip().startswith("###")]
    else:
        lines = [line for line in text.splitlines() if re.match(r"\s*(def test_|expect\.|\"\"\"H)", line)]
    # Short lines such as "return z" may stand anywhere by chance.
    return [line.strip().encode() for line in lines if len(line.strip()) >= 25 and not line.strip().startswith("#")]


def test_the_release_of_a_bank_without_solutions_is_the_same(tmp_path):
    katas = load_katas(ROOT)
    write_release(katas, tmp_path / "first")
    again = load_katas(tmp_path / "first")
    assert again[0].solution is None
    assert list_release(again) == list_release(katas)


# --- build --------------------------------------------------------------------------------------------------------


def test_a_hole_becomes_dots_with_its_indent_and_its_own_stub_lines():
    reference = (
        "def f(x):\n    ### BEGIN SOLUTION\n    return x\n    ### END SOLUTION\n\n"
        "### BEGIN SOLUTION\nA = 1\n### STUB A = ...  # TODO a number\n### STUB\n### STUB B = (\n"
        "### STUB     ...,\n### STUB )\n"
        "### END SOLUTION\n"
    )
    stub = make_stub(reference, file=Path("f.py"))
    assert stub == "def f(x):\n    ...  # TODO\n\nA = ...  # TODO a number\n\nB = (\n    ...,\n)\n"
    assert strip_markers(reference) == "def f(x):\n    return x\n\nA = 1\n"


@pytest.mark.parametrize(
    "reference",
    [
        "x = 1\n",
        "### BEGIN SOLUTION\n",
        "### END SOLUTION\n",
        "### BEGIN SOLUTION\n### BEGIN SOLUTION\n### END SOLUTION\n",
    ],
)
def test_a_marker_without_its_partner_is_an_error_with_file_and_command(reference):
    with pytest.raises(ContentError, match=r"f\.py: .*run: kata build"):
        make_stub(reference, file=Path("f.py"))


def test_find_stale_writes_nothing_and_write_stale_mends(tmp_path):
    katas = load_katas(write_bank(tmp_path, {"exercises/01_double/double.py": "x"}))
    stale = find_stale(katas)
    assert [file.path.read_text("utf-8") for file in stale] == ["x"]
    write_stale(stale)
    assert find_stale(katas) == []


# --- release ------------------------------------------------------------------------------------------------------


def test_a_solved_file_left_in_the_exercises_is_not_released(tmp_path):
    katas = load_katas(write_bank(tmp_path, {"exercises/01_double/double.py": "def double(x):\n    return 2 * x\n"}))
    assert b"2 * x" not in list_release(katas)["exercises/01_double/double.py"]


def test_a_stray_file_is_not_released(tmp_path):
    katas = load_katas(write_bank(tmp_path, {"exercises/01_double/answers.txt": "42", "exercises/notes.md": "42"}))
    assert not [name for name in list_release(katas) if "answers" in name or "notes" in name]


def test_an_existing_target_is_left_alone(tmp_path, tiny_katas):
    (tmp_path / "old").mkdir()
    with pytest.raises(UsageError):
        write_release(tiny_katas, tmp_path / "old")
    assert list((tmp_path / "old").iterdir()) == []


def test_the_same_katas_make_the_same_zip(tmp_path, tiny_katas):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        write_release(tiny_katas, tmp_path / name / "kit.zip")
    assert (tmp_path / "a/kit.zip").read_bytes() == (tmp_path / "b/kit.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "a/kit.zip") as archive:
        assert archive.testzip() is None


# --- kata files ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", "title"),
        ('title = "x"\n', "title"),
        ('title = { en = "a" }\npoints = 1\nneeds = "py"\n', "ko"),
        ('title = { en = "a", ko = "b" }\nneeds = "py"\n', "points"),
        ('title = { en = "a", ko = "b" }\npoints = 1\nneeds = "tf"\n', "needs"),
        ("= 3", "TOML"),
    ],
)
def test_a_wrong_kata_toml_is_named_with_file_and_key(tmp_path, text, key):
    write_bank(tmp_path, {"exercises/01_double/kata.toml": text})
    with pytest.raises(ContentError) as wrong:
        load_katas(tmp_path)
    assert wrong.value.key == key
    assert str(wrong.value.file).endswith("01_double/kata.toml")


@pytest.mark.parametrize(
    "name",
    [
        "1",
        "01",
        "double",
        "01_double",
        "exercises/01_double/",
        "double.py",
        "test_double.py",
        "exercises/01_double/double.py",
        "exercises/01_double/test_double.py",
        "/home/ana/exercises/01_double/README.md",
        "exercises\\01_double\\double.py",
        "./01_double",
    ],
)
def test_a_kata_answers_to_its_number_slug_folder_and_files(tiny_katas, name):
    assert select_katas(tiny_katas, (name,)) == tiny_katas


@pytest.mark.parametrize("name", ["77", "dou", "other.py", "exercises", "exercises/77", "..", "doublepy", ""])
def test_what_names_no_kata_is_an_error_that_lists_them(tiny_katas, tiny_bank, monkeypatch, name):
    monkeypatch.chdir(tiny_bank)
    with pytest.raises(UsageError) as problem:
        select_katas(tiny_katas, (name,))
    assert problem.value.values["known"] == "01_double"


def test_inside_a_katas_folder_the_dot_names_it_and_a_wrong_name_does_not(tiny_katas, tiny_bank, monkeypatch):
    monkeypatch.chdir(tiny_bank / "exercises" / "01_double")
    assert select_katas(tiny_katas, (".",)) == tiny_katas
    with pytest.raises(UsageError):
        select_katas(tiny_katas, ("77",))


CHECK_FILES = [*sorted(ROOT.glob("exercises/*/test_*.py")), *sorted(ROOT.glob("solutions/*/test_*.py"))]


@pytest.mark.parametrize("path", CHECK_FILES, ids=lambda path: path.stem)
def test_a_check_draws_from_one_generator(path):
    # Each `student.rng` begins anew: in a loop, or asked for twice, it gives the same numbers every time.
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for function in (node for node in tree.body if isinstance(node, ast.FunctionDef)):
        asked = count_generators(function)
        loops = (node for node in ast.walk(function) if isinstance(node, (ast.For, ast.While)))
        inside = sum(count_generators(statement) for loop in loops for statement in loop.body)
        assert (asked > 1, inside) == (False, 0), f"{path.name}: {function.name}"


def count_generators(node):
    return sum(isinstance(part, ast.Attribute) and part.attr == "rng" for part in ast.walk(node))
