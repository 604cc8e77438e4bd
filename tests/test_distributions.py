"""The two wheels: the student's, without any byte of solutions/, and the instructor's, which brings the bank."""

import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT

BIN = Path(sys.executable).parent


def run(*words: object, here: Path) -> str:
    done = subprocess.run([*map(str, words)], cwd=here, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheels(tmp_path_factory):
    """Both wheels, made from this tree: (student's, instructor's)."""
    folder = tmp_path_factory.mktemp("wheels")
    for project in (ROOT, ROOT / "solutions" / "package"):
        run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, here=project)
    return next(folder.glob("perceptron_kata-*.whl")), next(folder.glob("perceptron_kata_bank-*.whl"))


def test_the_students_wheel_has_no_byte_of_the_solutions(wheels):
    with zipfile.ZipFile(wheels[0]) as wheel:
        everything = [wheel.read(name) for name in wheel.namelist()]
    for path in (ROOT / "solutions").rglob("*.*"):
        if path.is_file() and "__pycache__" not in path.parts and len(path.read_bytes()) > 40:
            assert not any(path.read_bytes() in content for content in everything), path


def test_with_both_wheels_and_nothing_else_a_submission_is_graded_behind_walls(wheels, tmp_path):
    """Its self-test proves that the installed bank is out of a submission's reach."""
    place = tmp_path / "environment"
    run(BIN / "uv", "venv", "--python", sys.executable, place, here=tmp_path)
    python = place / "bin" / "python"
    run(BIN / "uv", "pip", "install", "--python", python, f"{wheels[0]}[grade]", wheels[1], here=tmp_path)
    here = tmp_path / "elsewhere"
    here.mkdir()
    shutil.copy(ROOT / "solutions" / "02_gates" / "gates.py", here)
    said = run(
        place / "bin" / "kata", "grade", "gates.py", "--kata", "02", "--out", "results", "--lang", "en", here=here
    )
    assert "1 of 1 submission graded" in said
    report = json.loads((here / "results" / "results.jsonl").read_text("utf-8"))
    assert (report["score"], report["status"]) == (6.0, "graded")
    assert report["isolation"] in ("full", "kernel-rules")
