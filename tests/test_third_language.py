"""A third language costs one file for each catalogue and no code: a made-up one, in a copy of the kit."""

import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.conftest import ROOT, write_bank

CODE = "xx"


def translate(catalogue: Path) -> None:
    """Write the file of the made-up language beside a catalogue: every text marked at its start."""
    lines = []
    for table, entries in tomllib.loads(catalogue.read_text("utf-8")).items():
        for name, entry in entries.items():
            text = entry.get("en", entry.get("ko"))
            lines.append(f"[{table}.{json.dumps(name)}]\n{CODE} = {json.dumps('~' + text, ensure_ascii=False)}\n")
    catalogue.with_suffix(f".{CODE}.toml").write_text("\n".join(lines), "utf-8")


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder with a copy of the kit that speaks the language, and the tiny bank, translated too."""
    folder = tmp_path_factory.mktemp("third")
    shutil.copytree(ROOT / "grader", folder / "grader", ignore=shutil.ignore_patterns("__pycache__"))
    for catalogue in (folder / "grader" / "texts").glob("*.toml"):
        translate(catalogue)
    exercise = write_bank(folder) / "exercises" / "01_double"
    translate(exercise / "messages.toml")
    with (exercise / f"messages.{CODE}.toml").open("a", encoding="utf-8") as file:
        file.write(f'\n[kata.title]\n{CODE} = "~Double"\n')
    (exercise / f"README.{CODE}.md").write_text("~word " * 60, "utf-8")
    return folder


@pytest.fixture
def wrong(place):
    """The student's file with a known mistake in it, untouched again afterwards."""
    file = place / "exercises" / "01_double" / "double.py"
    stub = file.read_bytes()
    file.write_text("def double(x):\n    return x + 2\n", "utf-8")
    yield file
    file.write_bytes(stub)


def kata(place: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "PYTHONPATH": str(place), "PYTHONDONTWRITEBYTECODE": "1", "COLUMNS": "200"}
    return subprocess.run(
        [sys.executable, "-m", "grader", *words],
        cwd=place,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@pytest.mark.usefixtures("wrong")
def test_the_ladder_and_the_checks_speak_it(place):
    ladder = kata(place, "--lang", CODE).stdout
    assert "~Saved: xx from now on" in ladder
    assert "~Double" in ladder
    assert f"README.{CODE}.md" in ladder
    done = kata(place, "check", "01", "--lang", CODE)
    assert done.returncode == 1
    assert "~5.0 is 2 more. What is twice as much?" in done.stdout


def test_a_report_has_it_beside_the_others(place, wrong):
    done = kata(place, "grade", str(wrong), "--out", "results", "--lang", CODE)
    assert done.returncode == 0, done.stderr
    (line,) = (place / "results" / "results.jsonl").read_text("utf-8").splitlines()
    message = json.loads(line)["katas"][0]["checks"][0]["message"]
    assert list(message) == ["en", "ko", CODE]
    assert "~5.0 is 2 more." in message[CODE]
    assert "~" in done.stdout


@pytest.mark.usefixtures("wrong")
def test_what_it_lacks_is_english_and_the_audit_says_so(place):
    file = place / "exercises" / "01_double" / f"messages.{CODE}.toml"
    whole = file.read_text("utf-8")
    file.write_text(whole.replace('[tags."adds_two"]', '[other."adds_two"]'), "utf-8")
    try:
        done = kata(place, "check", "01", "--lang", CODE)
        kata(place, "build")
        audit = kata(place, "audit")
    finally:
        file.write_text(whole, "utf-8")
    assert "\n5.0 is 2 more. What is twice as much?" in done.stdout
    assert f"{CODE}: no text for 1 of " in audit.stdout
    assert "[tags.adds_two]" in audit.stdout
    assert audit.returncode == 0, audit.stderr


def test_a_language_that_nobody_wrote_is_refused_by_name(place):
    done = kata(place, "check", "01", "--lang", "yy")
    assert done.returncode == 2
    assert "'xx'" in done.stderr
