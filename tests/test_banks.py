"""Several banks, banks of installed packages, and a course.toml: which katas count, and for how much."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from grader.bank.banks import open_katas
from grader.bank.kata import load_katas
from grader.errors import ContentError, UsageError
from grader.judge.dask import _moved, _packed
from grader.judge.journal import fingerprint
from tests.conftest import FILES, write_bank

TRIPLE = {
    name.replace("01_double", "05_triple").replace("double", "triple"): text.replace("double(", "triple(")
    .replace("2 * x", "3 * x")
    .replace("Double", "Triple")
    .replace("if got == x * x:", "if got == -x:")
    for name, text in FILES.items()
}


def write_triple(folder: Path) -> Path:
    for name, text in TRIPLE.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


@pytest.fixture
def banks(tmp_path):
    """Two banks of one kata each, in folders a and b."""
    return write_bank(tmp_path / "a"), write_triple(tmp_path / "b")


def kata(*words: object, here: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "grader", *map(str, words), "--lang", "en"],
        cwd=here,
        env={**os.environ, "COLUMNS": "120", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def names(katas):
    return [kata.name for kata in katas]


def test_a_run_over_two_banks_has_one_table_and_one_gradebook(tmp_path, banks):
    student = tmp_path / "class" / "ana"
    for name, factor in (("01_double/double.py", 2), ("05_triple/triple.py", 3)):
        (student / name).parent.mkdir(parents=True)
        function = Path(name).stem
        (student / name).write_text(f"def {function}(x):\n    return {factor} * x\n", "utf-8")
    first, second = banks
    done = kata("grade", "class", "--bank", first, "--bank", second, "--out", "results", here=tmp_path)
    assert done.returncode == 0, done.stderr
    (report,) = map(json.loads, (tmp_path / "results" / "results.jsonl").read_text("utf-8").splitlines())
    assert {one["kata"]: one["score"] for one in report["katas"]} == {"01_double": 2.0, "05_triple": 2.0}
    with (tmp_path / "results" / "gradebook.csv").open(encoding="utf-8-sig") as file:
        (row,) = csv.DictReader(file)
    assert (row["01_double"], row["05_triple"], row["total"]) == ("2.0", "2.0", "4.0")


def test_the_environment_names_banks_and_the_command_line_comes_first(tmp_path, banks, monkeypatch):
    monkeypatch.setenv("KATA_BANK", os.pathsep.join(map(str, banks)))
    assert names(open_katas((), (), tmp_path)) == ["01_double", "05_triple"]
    assert names(open_katas(banks[1:], (), tmp_path)) == ["05_triple"]


def test_two_katas_of_one_name_are_refused_by_name(tmp_path):
    first, second = write_bank(tmp_path / "a"), write_bank(tmp_path / "b")
    done = kata("--bank", first, "--bank", second, here=tmp_path)
    assert done.returncode == 2
    assert "Two are called 01_double" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_two_banks_whose_code_has_one_name_are_refused(tmp_path, banks):
    for bank in banks:
        (bank / "exercises" / "bank.toml").write_text('package = "words"\n', "utf-8")
    with pytest.raises(UsageError, match=r"same_name.*words"):
        open_katas(banks, (), tmp_path)


def test_a_number_that_means_two_katas_is_no_guess(tmp_path, banks):
    exercise = banks[1] / "exercises"
    (exercise / "05_triple").rename(exercise / "01_triple")
    with pytest.raises(UsageError, match="two_katas"):
        open_katas(banks, ("01",), tmp_path)
    assert names(open_katas(banks, ("01_triple",), tmp_path)) == ["01_triple"]


def test_a_kata_that_nobody_asked_for_may_be_broken(tmp_path, banks):
    (banks[1] / "exercises" / "05_triple" / "kata.toml").write_text("points =", "utf-8")
    assert names(open_katas(banks, ("01",), tmp_path)) == ["01_double"]
    with pytest.raises(ContentError, match=r"05_triple.kata\.toml: TOML"):
        open_katas(banks, (), tmp_path)


def install(folder: Path, code: str) -> str:
    """Lay out a package that brings a bank, as pip would; return what PYTHONPATH has to be."""
    info = folder / "my_bank-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: my-bank\nVersion: 1.0\n", "utf-8")
    (info / "entry_points.txt").write_text("[perceptron_kata.banks]\nmine = my_bank:FOLDER\n", "utf-8")
    (folder / "my_bank.py").write_text(code, "utf-8")
    return str(folder)


def test_an_installed_package_brings_a_bank(tmp_path, banks):
    path = install(tmp_path / "site", f"FOLDER = {str(banks[0])!r}\n")
    empty = tmp_path / "empty"
    empty.mkdir()
    (empty / "double.py").write_text("def double(x):\n    return 2 * x\n", "utf-8")
    done = kata("grade", "double.py", here=empty, PYTHONPATH=path)
    assert done.returncode == 0, done.stderr
    (results,) = (empty / "build").glob("*/results.jsonl")
    assert json.loads(results.read_text("utf-8"))["score"] == 2.0


@pytest.mark.parametrize(
    ("code", "words"),
    [("import nothing_of_this_name\n", "ModuleNotFoundError"), ("FOLDER = '/nowhere'\n", "holds no exercises")],
)
def test_an_entry_point_that_brings_no_bank_is_one_sentence(tmp_path, code, words):
    path = install(tmp_path / "site", code)
    done = kata(here=tmp_path, PYTHONPATH=path)
    assert done.returncode == 2
    assert "mine = my_bank:FOLDER" in done.stderr
    assert words in done.stderr
    assert len(done.stderr.splitlines()) == 1


COURSE = """
[[katas]]
use = "05_triple"
points = 10
deadline = 2026-12-01T23:59:00+09:00

[[katas]]
use = "01_double"
title = { en = "Twice", ko = "두 번" }
"""


def test_a_course_chooses_orders_weights_and_renames(tmp_path, banks):
    (tmp_path / "course.toml").write_text(COURSE, "utf-8")
    triple, double = open_katas(banks, (), tmp_path)
    assert (triple.name, triple.points, triple.deadline.isoformat()) == ("05_triple", 10.0, "2026-12-01T23:59:00+09:00")
    assert (double.name, double.points, double.title["en"]) == ("01_double", 2.0, "Twice")
    assert names(open_katas(banks, ("01",), tmp_path)) == ["01_double"]


def test_the_points_of_a_course_are_those_of_the_report(tmp_path, banks):
    (tmp_path / "course.toml").write_text(COURSE.replace("points = 10", "points = 7"), "utf-8")
    (tmp_path / "triple.py").write_text("def triple(x):\n    return 3 * x if x < 5 else 0\n", "utf-8")
    words = ("grade", "triple.py", "--bank", banks[0], "--bank", banks[1], "--out", "results")
    assert kata(*words, here=tmp_path).returncode == 0
    report = json.loads((tmp_path / "results" / "results.jsonl").read_text("utf-8"))
    result = report["katas"][0]
    # 0.7, 0.5 and 0.8 of 2 points: 2.45, 1.75 and 2.8 of 7; the hidden check fails.
    assert [check["max_points"] for check in result["checks"]] == [2.45, 1.75, 2.8]
    assert (result["score"], result["max_score"], report["max_score"]) == (4.2, 7.0, 9.0)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("katas = 3", "katas: is no list of tables"),
        ("[[katas]]\nuse = '77_gone'\n", "'77_gone' is none of"),
        ("[[katas]]\nuse = '01_double'\n[[katas]]\nuse = '01_double'\n", "is there twice"),
        ("[[katas]]\nuse = '01_double'\npoints = 0\n", "points: is no number above 0"),
        ("[[katas]]\nuse = '01_double'\npionts = 1\n", "pionts: is none of"),
        ("[[katas]]\nuse = '01_double'\ndeadline = 2026-12-01T23:59:00\n", "deadline: is no date with time and offset"),
        ("[[katas]]\nuse = '01_double'\ntitle = 'x'\n", "title: is no table"),
        ("[[katas", "TOML"),
    ],
)
def test_a_wrong_course_is_one_sentence(tmp_path, banks, text, words):
    (tmp_path / "course.toml").write_text(text, "utf-8")
    done = kata("--bank", banks[0], here=tmp_path)
    assert done.returncode == 2
    assert "course.toml: " in done.stderr
    assert words in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_what_a_verdict_depends_on_is_in_the_journals_fingerprint(banks):
    """A change of a hidden text or of shared code counts, and --resume grades anew."""
    katas = load_katas(banks[0])
    seen = {fingerprint(katas, "full")}
    for name in (
        "solutions/01_double/messages.toml",
        "exercises/01_double/support/own.py",
        "exercises/shared/all.py",
        "exercises/bank.toml",
        "exercises/01_double/messages.toml",
    ):
        path = banks[0] / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write("# another line\n")
        seen.add(fingerprint(katas, "full"))
    assert len(seen) == 6


def test_a_worker_gets_every_bank_with_what_the_judge_reads(tmp_path, banks):
    katas = (*load_katas(banks[0]), *load_katas(banks[1]))
    for name, content in _packed(katas).items():
        path = tmp_path / "worker" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    for here, there in zip(katas, _moved(katas, tmp_path / "worker"), strict=True):
        assert [path.read_bytes() for path in here.files("judge")] == [
            path.read_bytes() for path in there.files("judge")
        ]
