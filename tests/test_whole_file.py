"""A file is there whole or not at all, whoever else has it open, and what could not be saved is said."""

import errno
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from grader.bank.kata import load_katas
from grader.errors import UsageError
from grader.home.progress import FILE_NAME, load_progress, save_language, save_progress
from grader.whole_file import made_whole, require_writable, write_whole
from tests.conftest import PATIENCE_S, write_bank
from tests.test_plugin import run_pytest


@pytest.fixture
def held_open(monkeypatch):
    """Windows, where another program has a file open: it cannot be replaced. Gives the set of such names."""
    names, replace = set(), Path.replace

    def refuse(path, target):
        if Path(target).name in names:
            raise PermissionError(errno.EACCES, "Access is denied")
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", refuse)
    return names


HELD = """
import pathlib, sys
replace = pathlib.Path.replace
def refuse(path, target):
    if pathlib.Path(target).name == ".kata-progress.json":
        raise PermissionError(13, "Access is denied")
    return replace(path, target)
pathlib.Path.replace = refuse
from grader.cli import main
sys.argv = ["kata", *sys.argv[1:]]
main()
"""


def kata_held(*arguments, bank):
    """Run `kata` while the progress file cannot be replaced; return the finished process."""
    return subprocess.run(
        [sys.executable, "-c", HELD, *arguments],
        cwd=bank,
        env={**os.environ, "KATA_LANG": "", "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=PATIENCE_S,
        check=False,
    )


def test_a_file_held_open_stays_as_it_was_with_nothing_beside_it(tmp_path, held_open):
    file = tmp_path / "file"
    file.write_bytes(b"old")
    held_open.add("file")
    with pytest.raises(UsageError) as problem:
        write_whole(file, b"new")
    assert problem.value.text == "held_open"
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("file", b"old")]


def test_a_file_held_open_for_a_moment_is_replaced_then(tmp_path, held_open, monkeypatch):
    held_open.add("file")
    waited = []
    monkeypatch.setattr(time, "sleep", lambda seconds: (waited.append(seconds), held_open.clear()))
    write_whole(tmp_path / "file", b"new")
    assert (tmp_path / "file").read_bytes() == b"new"
    assert len(waited) == 1


def test_a_folder_takes_its_name_when_the_block_ends_well(tmp_path):

    def half():
        with made_whole(tmp_path / "a" / "b", make_parents=True) as partial:
            partial.mkdir()
            raise ValueError("halfway")

    with pytest.raises(ValueError, match="halfway"):
        half()
    assert list((tmp_path / "a").iterdir()) == []
    with made_whole(tmp_path / "a" / "b") as partial:
        partial.mkdir()
        assert not (tmp_path / "a" / "b").exists()
    assert (tmp_path / "a" / "b").is_dir()


def test_two_writers_never_share_a_place(tmp_path):
    with made_whole(tmp_path / "f") as one, made_whole(tmp_path / "f") as other:
        one.write_bytes(b"1")
        other.write_bytes(b"2")
    assert [path.name for path in tmp_path.iterdir()] == ["f"]


def test_a_disk_that_is_full_is_told_and_costs_nothing(small_disk):
    (small_disk / "file").write_bytes(b"old")
    with pytest.raises(UsageError, match="No space left"):
        write_whole(small_disk / "file", os.urandom(1 << 20))
    assert (small_disk / "file").read_bytes() == b"old"
    assert [path.name for path in small_disk.iterdir()] == ["file"]


def test_a_place_that_does_not_exist_is_told_before_the_work(tmp_path):
    with pytest.raises(UsageError, match="cannot_write"):
        require_writable(tmp_path / "missing" / "file")
    require_writable(tmp_path / "file")
    assert list(tmp_path.iterdir()) == []


def test_progress_held_open_is_neither_lost_nor_left_in_pieces(tmp_path, held_open):
    bank = write_bank(tmp_path)
    (one,) = load_katas(bank)
    save_progress(one, passed=1, total=2)
    held_open.add(FILE_NAME)
    for attempt in (lambda: save_progress(one, passed=2, total=2), lambda: save_language(bank, "ko")):
        with pytest.raises(UsageError) as problem:
            attempt()
        assert problem.value.text == "held_open"
    assert load_progress(one).passed == 1
    assert sorted(path.name for path in (bank / "exercises").iterdir()) == [FILE_NAME, "01_double", "pytest.ini"]


@pytest.mark.parametrize(
    ("lang", "words"), [("en", "another program has it open"), ("ko", "다른 프로그램에서 열려 있어요")]
)
def test_kata_lang_says_in_one_sentence_that_the_choice_could_not_be_kept(tmp_path, lang, words):
    done = kata_held("--lang", lang, bank=write_bank(tmp_path))
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_hint_is_shown_and_it_is_said_why_the_next_will_not_open(tmp_path):
    done = kata_held("hint", "01", bank=write_bank(tmp_path))
    assert done.returncode == 0
    assert "Hint 1" in done.stdout
    assert "another program has it open" in done.stderr


def test_checks_say_that_what_passed_could_not_be_remembered(tmp_path):
    bank = write_bank(tmp_path)
    (bank / "exercises" / FILE_NAME).mkdir()
    done = run_pytest(bank, "exercises/01_double")
    assert done.returncode == 1
    assert "What passed could not be remembered" in done.stdout
    assert list((bank / "exercises" / FILE_NAME).iterdir()) == []
    (bank / "exercises" / FILE_NAME).rmdir()
    assert "remembered" not in run_pytest(bank, "exercises/01_double").stdout
    assert json.loads((bank / "exercises" / FILE_NAME).read_text("utf-8"))["01_double"]["total"] == 2
