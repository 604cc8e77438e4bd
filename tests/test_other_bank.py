"""A bank of another subject goes through everything, in a fresh folder, as an author of another course would have it.

It is the proof that the engine knows no kata, and the example for authors. 01 has helpers of its own, public and hidden
ones; 02 and 03 use what the bank shares; 03 is a table, and has no picture.
"""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from grader.authoring.answers import reference_of
from grader.authoring.handout import list_release
from grader.bank.kata import load_katas, select_katas
from grader.intake import Submission
from grader.judge.judge import Judge
from tests.conftest import OTHER, ROOT
from tests.test_cli import ENV, kata
from tests.test_nbgrader_course import Kernel

NAMES = ["01_words", "02_sorting", "03_claims"]
POINTS = {"01_words": 4, "02_sorting": 4, "03_claims": 2}


def copy_bank(target):
    ignore = shutil.ignore_patterns("__pycache__", ".kata-progress*")
    return Path(shutil.copytree(OTHER, target / "letters", ignore=ignore))


@pytest.fixture(scope="module")
def bank(tmp_path_factory):
    return copy_bank(tmp_path_factory.mktemp("fresh"))


@pytest.fixture(scope="module")
def katas(bank):
    return load_katas(bank)


@pytest.fixture
def copy(bank, tmp_path):
    """A student's copy, as it was given out."""
    assert kata("release", "--to", tmp_path / "student", cwd=bank).returncode == 0
    return tmp_path / "student"


def solve(katas, copy):
    for one in katas:
        (copy / "exercises" / one.name / one.file_name).write_text(reference_of(one).source, "utf-8")


# --- an author ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("build --check", "3 stubs are current"),
        ("audit", "3 katas, 10 points: 12 right and 9 wrong answers judged as they should be"),
        ("mutate", "small mistakes in 3 katas: each is noticed by a check, or explained"),
    ],
)
def test_the_gates_are_open(bank, command, words):
    done = kata(*command.split(), cwd=bank)
    assert done.returncode == 0, done.stdout + done.stderr
    assert words in done.stdout


# --- a student ----------------------------------------------------------------------------------------------------


def test_a_release_has_what_the_katas_bring_and_no_line_of_the_solutions(katas):
    released = list_release(katas)
    for name in ("shared/sorting.py", "shared/picture.toml", "01_words/support/answers.py", "03_claims/claims.toml"):
        assert f"exercises/{name}" in released
    assert released["README.md"].startswith(b"# Words and rows\n")
    assert b"kata check 01" in released["README.md"]
    text = b"\n".join(released.values()).decode("utf-8")
    for secret in (
        "def make_sentence",
        "text.split()\n    ###",
        "any text is split",
        "Two equal neighbours",
        "BEGIN SOL",
    ):
        assert secret.lower() not in text.lower()


def test_at_home_plain_pytest_and_kata_check_say_the_same(copy):
    command = [sys.executable, "-m", "pytest", "exercises/01_words"]
    plain = subprocess.run(
        command, cwd=copy, env={**ENV, "KATA_LANG": "en"}, capture_output=True, text=True, encoding="utf-8", check=False
    )
    asked = kata("check", "01", cwd=copy)
    assert plain.returncode == asked.returncode == 1
    for done in (plain, asked):
        assert "Line 7: WORDS is still `...`. Predict first" in done.stdout


def test_at_home_every_mistake_is_named_and_the_right_answers_are_done(katas, copy):
    file = copy / "exercises" / "01_words" / "words.py"
    shutil.copy(katas[0].solution / "wrong" / "last_longest.py", file)
    done = kata("check", "01", cwd=copy, lang="both")
    assert "another one of that length comes first" in done.stdout
    assert "같은 길이의 낱말이 먼저 나와요" in done.stdout
    solve(katas, copy)
    assert kata("check", cwd=copy).returncode == 0
    assert "All public checks pass." in kata(cwd=copy).stdout


def test_a_hint_comes_from_the_bank(copy):
    kata("check", "02", cwd=copy)
    assert "Put your two hands over the row" in kata("hint", "02", cwd=copy).stdout


@pytest.mark.parametrize("name", NAMES[:2])
def test_a_picture_is_drawn_of_the_right_answer_and_of_the_untouched_file(katas, copy, name):
    pytest.importorskip("matplotlib")
    for _ in range(2):
        assert kata("plot", name, "--text", cwd=copy, lang="ko").returncode == 0
        done = kata("plot", name, "--out", copy / "picture.png", cwd=copy)
        assert done.returncode == 0, done.stderr
        assert (copy / "picture.png").stat().st_size > 5000
        solve(katas, copy)
    assert {"01_words": "brown  #####", "02_sorting": "  2  1  3  4  5\n"}[name] in kata(
        "plot", name, "--text", cwd=copy
    ).stdout


def test_a_kata_without_a_picture_says_so(copy):
    done = kata("plot", "03", cwd=copy)
    assert done.returncode == 2
    assert "There is no picture for kata 03_claims." in done.stderr


# --- an instructor ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def results(bank, katas, tmp_path_factory):
    """A class of four, each of whom hands in in another form, graded by the command; report by student."""
    folder = tmp_path_factory.mktemp("class")
    right = {one.file_name: reference_of(one).source for one in katas}
    for name, source in right.items():
        (folder / "right").mkdir(exist_ok=True)
        (folder / "right" / name).write_text(source, "utf-8")
    (folder / "mistakes" / "01_words").mkdir(parents=True)
    shutil.copy(katas[0].solution / "wrong" / "empty_words.py", folder / "mistakes" / "01_words" / "words.py")
    shutil.copy(katas[1].solution / "wrong" / "sorted_at_once.py", folder / "mistakes" / "sorting.py")
    with zipfile.ZipFile(folder / "zipped.zip", "w") as packed:
        packed.writestr("work/sorting.py", right["sorting.py"])
    (folder / "untouched").mkdir()
    for one in katas:
        shutil.copy(one.student_file, folder / "untouched" / one.file_name)
    done = kata("grade", folder, "--out", folder.parent / "out", cwd=bank, lang="both")
    assert done.returncode == 0, done.stderr
    assert "Words of a text" not in done.stderr
    lines = (folder.parent / "out" / "results.jsonl").read_text("utf-8").splitlines()
    return {report["submission"]: report for report in map(json.loads, lines)}


def test_every_student_gets_public_and_hidden_marks(results):
    marks = {
        name: [(one["public"][0], one["hidden"][0]) for one in report["katas"]] for name, report in results.items()
    }
    assert marks == {
        "right": [(5, 3), (2, 2), (3, 2)],
        # Only the single space is split rightly, and only at home; 02 passes counts 3 for every row.
        "mistakes": [(3, 2), (0, 0), (0, 0)],
        "zipped": [(0, 0), (2, 2), (0, 0)],
        "untouched": [(0, 0), (0, 0), (0, 0)],
    }
    assert results["right"]["score"] == results["right"]["max_score"] == 10


def test_a_mistake_is_named_in_both_languages_and_a_hidden_check_tells_no_value(results):
    checks = {check["id"]: check for kata in results["mistakes"]["katas"] for check in kata["checks"]}
    assert checks["splits[double]"]["tag"] == "empty_words"
    assert "between them?" in checks["splits[double]"]["message"]["en"]
    assert "무엇이 있나요?" in checks["splits[double]"]["message"]["ko"]
    assert checks["any_words"]["hidden"]
    assert checks["any_words"]["tag"] == "empty_words"
    assert checks["any_words"]["message"]["en"] == "A hidden check did not pass: Any text is split into its words."


@pytest.fixture(scope="module")
def notebooks(bank):
    done = kata("nbgrader", "--to", bank.parent / "course", cwd=bank)
    assert done.returncode == 0, done.stderr
    files = (bank.parent / "course" / "source" / name / f"{name}.ipynb" for name in NAMES)
    return {file.stem: json.loads(file.read_text("utf-8")) for file in files}


@pytest.mark.parametrize("index", range(3), ids=NAMES)
def test_a_notebook_asks_every_check_with_the_banks_own_code(notebooks, katas, index):
    one, notebook = katas[index], notebooks[NAMES[index]]
    kernel = Kernel(notebook)
    metas = [cell["metadata"]["nbgrader"] for cell in notebook["cells"]]
    grades = [meta["grade_id"] for meta in metas if meta["grade"]]
    assert sum(meta.get("points", 0) for meta in metas) == pytest.approx(POINTS[one.name])
    answer = reference_of(one).source
    kernel.answer(f"# {one.file_name}\n{answer}" if one.suffix == ".py" else f"{one.slug} = '''{answer}'''\n")
    assert [kernel.ask(name) for name in grades] == [None] * len(grades)
    kernel.answer(f"# {one.file_name}\n{one.student_file.read_text('utf-8')}")
    assert all(kernel.ask(name) for name in grades)
    assert f"{one.slug}_picture" in [meta["grade_id"] for meta in metas] or one.name == "03_claims"


# --- beside another bank ------------------------------------------------------------------------------------------


def test_two_banks_in_one_process_keep_their_own_code(katas):
    (gates,) = select_katas(load_katas(ROOT), ("02",))
    for one in (katas[1], gates, katas[1]):
        with Judge((one,), isolation="none") as judge:
            report = judge.grade(Submission("s", {one.name: reference_of(one).source.encode("utf-8")}))
        assert report.score == one.points


# --- with nothing but the wheel -----------------------------------------------------------------------------------


def copy_requirements(name, packages):
    """Copy what a distribution needs, without extras, from this environment: pip would have to download it."""
    todo, done = [name], set()
    while todo:
        current = todo.pop()
        for line in metadata.requires(current) or ():
            wanted = Requirement(line)
            if wanted.name not in done and (wanted.marker is None or wanted.marker.evaluate({"extra": ""})):
                done.add(wanted.name)
                todo.append(wanted.name)
    for one in done:
        for file in metadata.files(one):
            if ".." not in file.parts and "__pycache__" not in file.parts:
                (packages / file).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file.locate(), packages / file)


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The command `kata` of an environment in which the wheel is installed and the repository cannot be imported."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder / "env")], check=True)
    python = folder / "env" / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*pip, str(wheel)], check=True)
    (packages,) = (folder / "env").glob("lib/python*/site-packages")
    copy_requirements("perceptron-kata", packages)
    where = subprocess.run(
        [python, "-c", "import grader; print(grader.__file__)"], cwd=folder, capture_output=True, text=True, check=True
    )
    assert where.stdout.startswith(str(packages))
    return folder / "env" / "bin" / "kata"


@pytest.mark.skipif(sys.platform == "win32", reason="grading needs Linux")
def test_with_only_the_installed_wheel_it_is_audited_released_done_and_graded(installed, katas, tmp_path):
    bank = copy_bank(tmp_path)
    environment = {**ENV, "KATA_LANG": "en", "PATH": f"{installed.parent}{os.pathsep}{os.environ['PATH']}"}

    def run(*command, cwd=bank, status=0):
        arguments = [installed, *map(str, command)]
        done = subprocess.run(arguments, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == status, done.stdout + done.stderr
        return done.stdout

    assert "judged as they should be" in run("audit")
    run("release", "--to", tmp_path / "student")
    run("check", cwd=tmp_path / "student", status=1)
    solve(katas, tmp_path / "student")
    run("check", cwd=tmp_path / "student")
    assert "brown  #####" in run("plot", "01", "--text", cwd=tmp_path / "student")
    run("nbgrader", "--to", tmp_path / "course")
    run("grade", tmp_path / "student", "--out", tmp_path / "out")
    (line,) = (tmp_path / "out" / "results.jsonl").read_text("utf-8").splitlines()
    assert json.loads(line)["score"] == 10
    assert "written: exercises/04_more" in run("new", "04_more")
    run("audit", "--kata", "04", "--mutation")
