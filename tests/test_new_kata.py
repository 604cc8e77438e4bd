"""`kata new`: a kata that already runs, in any folder, or nothing at all."""

import os
import shutil
import stat

import pytest

from grader.authoring.new import kit_range, make_files, write_kata
from grader.bank.kata import NEEDS, load_katas
from grader.bank.package import load_bank
from grader.errors import UsageError
from tests.conftest import ROOT
from tests.test_cli import kata


def tree(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("needs", [pytest.param(n, marks=pytest.mark.tensorflow) if n == "keras" else n for n in NEEDS])
def test_what_it_writes_passes_every_gate_at_once(tmp_path, needs):
    folder = tmp_path / "letters"
    folder.mkdir()
    done = kata("new", "01_words", "--needs", needs, cwd=folder)
    assert done.returncode == 0, done.stderr
    for command in ("build --check", "audit --mutation", "plot 01 --text"):
        done = kata(*command.split(), cwd=folder)
        assert done.returncode == 0, done.stdout + done.stderr


def test_a_second_kata_leaves_what_the_bank_has(tmp_path):
    write_kata(tmp_path, "01_words", needs="py")
    own = tmp_path / "exercises" / "bank.toml"
    own.write_text('package = "letters"\nkit = ">=0.1"\n', "utf-8")
    write_kata(tmp_path, "02_table", needs="toml")
    assert own.read_text("utf-8") == 'package = "letters"\nkit = ">=0.1"\n'
    assert "from letters.table import verdicts" in (tmp_path / "exercises/02_table/test_table.py").read_text("utf-8")
    assert [one.name for one in load_katas(tmp_path)] == ["01_words", "02_table"]


def test_it_goes_into_the_bank_around_the_folder_where_it_is_called(tmp_path):
    write_kata(tmp_path, "01_words", needs="py")
    assert kata("new", "02_more", cwd=tmp_path / "exercises" / "01_words").returncode == 0
    assert (tmp_path / "exercises" / "02_more").is_dir()


@pytest.mark.parametrize("folder", ["letters", "My Course 2026", "random", "2026", "수업", "class"])
def test_the_package_has_a_name_that_python_can_import(tmp_path, folder):
    (tmp_path / folder).mkdir()
    write_kata(tmp_path / folder, "01_words", needs="py")
    assert load_bank(tmp_path / folder).package.isidentifier()


def test_the_repositorys_pytest_ini_is_the_one_that_a_new_bank_gets(tmp_path):
    made = make_files(tmp_path, "01_words", needs="py")["exercises/pytest.ini"]
    assert made == (ROOT / "exercises" / "pytest.ini").read_text("utf-8")
    assert load_bank(ROOT).kit == kit_range()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("words", "two digits"),
        ("1_words", "two digits"),
        ("01_Words", "two digits"),
        ("01-words", "two digits"),
        ("../01_words", "two digits"),
        ("01_낱말", "two digits"),
        ("03_random", "cannot be called random"),
        ("03_class", "cannot be called class"),
        ("03_shared", "cannot be called shared"),
        ("03_test_words", "cannot be called test_words"),
        ("03_words_test", "cannot be called words_test"),
        ("03_words_hidden", "cannot be called words_hidden"),
        ("01_other", "taken by 01_words; the first free one makes it 02_other"),
        ("02_words", "01_words has a file of the same name"),
        ("01_words", "exists already"),
    ],
)
def test_a_name_that_cannot_be_is_one_sentence_exit_2_and_nothing_written(tmp_path, name, words):
    write_kata(tmp_path, "01_words", needs="py")
    before = tree(tmp_path)
    for lang in ("en", "ko"):
        done = kata("new", name, cwd=tmp_path, lang=lang)
        assert done.returncode == 2
        assert len(done.stderr.splitlines()) == 1
        assert lang == "ko" or words in done.stderr
    assert tree(tmp_path) == before


def test_a_solution_without_its_exercise_is_not_overwritten(tmp_path):
    write_kata(tmp_path, "01_words", needs="py")
    shutil.rmtree(tmp_path / "exercises" / "01_words")
    before = tree(tmp_path)
    with pytest.raises(UsageError, match="exists"):
        write_kata(tmp_path, "01_words", needs="py")
    assert tree(tmp_path) == before


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_in_a_folder_that_cannot_be_written_nothing_is_left(tmp_path):
    tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)
    with pytest.raises(UsageError, match="cannot_write"):
        write_kata(tmp_path, "01_words", needs="py")
    tmp_path.chmod(stat.S_IRWXU)
    assert list(tmp_path.iterdir()) == []


def test_when_the_second_half_cannot_be_put_there_the_first_is_taken_back(tmp_path):
    (tmp_path / "solutions").write_text("a file in the way", "utf-8")
    with pytest.raises(UsageError, match="cannot_write"):
        write_kata(tmp_path, "01_words", needs="py")
    assert [path.name for path in tmp_path.iterdir()] == ["solutions"]
