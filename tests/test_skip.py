"""`kata skip`, and katas that cannot run here: `kata` and `kata watch` go on, and the end is told."""

import sys

import pytest

from grader.bank.kata import load_katas
from grader.cli import kata as command
from grader.errors import UsageError
from grader.home.ladder import can_run, next_kata, passed_over
from grader.home.progress import is_skipped, load_progress, save_progress, save_skipped
from tests.conftest import FILES, write_bank
from tests.test_cli import RIGHT, kata
from tests.test_watch import Watch

SECOND = {
    name.replace("01_double", "02_triple").replace("double", "triple"): text.replace("double", "triple")
    for name, text in FILES.items()
    if "01_double" in name
}
SECOND["exercises/02_triple/kata.toml"] = 'title = { en = "Triple", ko = "세 배" }\npoints = 2\nneeds = "py"\n'


@pytest.fixture
def bank(tmp_path):
    return write_bank(tmp_path / "bank", SECOND)


@pytest.fixture
def without_keras(monkeypatch):
    """A machine on which TensorFlow is not installed."""
    from grader.home import ladder

    found = ladder.importlib.util.find_spec
    monkeypatch.setattr(ladder.importlib.util, "find_spec", lambda name: None if name == "tensorflow" else found(name))


def toml(needs):
    return f'title = {{ en = "Double", ko = "두 배" }}\npoints = 2\nneeds = "{needs}"\n'


def test_the_next_kata_is_passed_over_and_kata_goes_on_behind_it(bank):
    done = kata("skip", cwd=bank)
    assert done.returncode == 0
    assert "01 Double is passed over" in done.stdout
    assert "Next: Triple" in done.stdout
    seen = kata(cwd=bank).stdout
    assert "- 01" in seen
    assert "Passed over: 01 (to take one up again: kata skip 01)" in seen
    assert "Next: Triple" in seen


def test_skip_once_more_takes_it_up_again(bank):
    kata("skip", "01", cwd=bank)
    assert "taken up again" in kata("skip", "double", cwd=bank).stdout
    assert "Next: Double" in kata(cwd=bank).stdout


def test_without_a_name_no_mark_is_taken_away(bank):
    kata("skip", cwd=bank)
    kata("skip", cwd=bank)
    last = kata("skip", cwd=bank).stdout
    assert "Passed over: 01, 02" in last
    assert "No further kata is open." in last
    assert all(is_skipped(one) for one in load_katas(bank))


def test_a_kata_that_passes_is_not_passed_over_any_more(bank):
    first, _ = load_katas(bank)
    save_skipped(first, True)
    (bank / "exercises" / "01_double" / "double.py").write_text(RIGHT, "utf-8")
    assert kata("check", "01", cwd=bank).returncode == 0
    assert not is_skipped(first)
    assert "already" in kata("skip", "01", cwd=bank).stdout


def test_a_skip_keeps_what_passed(bank):
    first, _ = load_katas(bank)
    save_progress(first, passed=1, total=2, points=0.7)
    save_skipped(first, True)
    assert load_progress(first).passed == 1


@pytest.mark.skipif(sys.platform == "win32", reason="Watch uses a process group")
def test_watch_begins_behind_what_is_passed_over(bank):
    kata("skip", cwd=bank)
    running = Watch(bank)
    try:
        seen = running.wait_for("watching exercises/02_triple/triple.py")
        assert "Passed over: 01" in seen
    finally:
        running.close()


@pytest.mark.usefixtures("without_keras")
def test_a_kata_whose_libraries_are_missing_is_passed_over_with_a_word(tmp_path):
    katas = load_katas(write_bank(tmp_path / "bank", {**SECOND, "exercises/01_double/kata.toml": toml("keras")}))
    assert not can_run(katas[0])
    assert [(one.number, why) for one, why in passed_over(katas)] == [("01", "cannot_run")]
    assert next_kata(katas).number == "02"


@pytest.mark.usefixtures("without_keras")
@pytest.mark.parametrize("words", [["grade", "double.py", "--out", "o"], ["audit"], ["mutate"]])
def test_what_judges_refuses_katas_whose_libraries_are_missing_before_a_sandbox_starts(tmp_path, monkeypatch, words):
    bank = write_bank(tmp_path / "bank", {**SECOND, "exercises/01_double/kata.toml": toml("keras")})
    (bank / "double.py").write_text(RIGHT, "utf-8")
    monkeypatch.chdir(bank)
    with pytest.raises(UsageError, match="no_libraries") as refused:
        command(words, standalone_mode=False)
    assert (refused.value.values, (bank / "o").exists()) == ({"count": "1", "numbers": "01"}, False)


@pytest.mark.usefixtures("without_keras")
@pytest.mark.parametrize("needs", ["py", "np", "toml"])
def test_what_comes_with_the_kit_can_always_run(tmp_path, needs):
    (one,) = load_katas(write_bank(tmp_path / "bank", {"exercises/01_double/kata.toml": toml(needs)}))
    assert can_run(one)


@pytest.mark.usefixtures("without_keras")
def test_a_done_kata_counts_as_done_also_where_it_cannot_run_any_more(tmp_path):
    (one,) = load_katas(write_bank(tmp_path / "bank", {"exercises/01_double/kata.toml": toml("keras")}))
    save_progress(one, passed=2, total=2)
    assert not list(passed_over([one]))


# --- the end ------------------------------------------------------------------------------------------------------

LEARNT = 'learnt = { en = "Twice is once more.", ko = "두 배는 한 번 더예요." }\n'
AFTER = 'package = "tiny"\n[after]\nen = """\nGo and count."""\nko = """\n세어 보세요."""\n'


@pytest.fixture
def ended(tmp_path):
    more = {"exercises/01_double/kata.toml": toml("np") + LEARNT, "exercises/bank.toml": AFTER}
    bank = write_bank(tmp_path / "bank", {**SECOND, **more})
    (bank / "exercises" / "01_double" / "double.py").write_text(RIGHT, "utf-8")
    kata("check", "01", cwd=bank)
    return bank


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("what was learnt", "1.2 of 2", "Twice is once more.", "Go and count.")),
        ("ko", ("배운 것", "2점 중 1.2점", "두 배는 한 번 더예요.", "세어 보세요.")),
    ],
)
def test_at_the_end_stands_what_was_learnt_with_points_and_where_to_go(ended, language, words):
    (ended / "exercises" / "02_triple" / "triple.py").write_text("def triple(x):\n    return 2 * x\n", "utf-8")
    kata("check", cwd=ended)
    seen = kata(cwd=ended, lang=language).stdout
    assert all(word in seen for word in words), seen


def test_before_the_end_nothing_of_it_is_told(ended):
    assert "Go and count." not in kata(cwd=ended).stdout


def test_the_end_does_not_say_that_all_passes_when_something_is_passed_over(ended):
    kata("skip", "02", cwd=ended)
    seen = kata(cwd=ended).stdout
    assert "All public checks of the other katas pass." in seen
    assert "Passed over: 02" in seen
    assert "Go and count." in seen
