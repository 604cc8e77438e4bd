"""Other ways to write a kata: when they are shown, that they are right answers, and who gets them."""

import re
import subprocess
import sys

import pytest

from grader.authoring.answers import reference_of, wrong_answers
from grader.authoring.audit import audit_katas
from grader.authoring.handout import list_release
from grader.bank.approaches import Approach, apply, definitions, load_approaches
from grader.bank.kata import load_kata, load_katas
from grader.errors import ContentError
from tests.conftest import ROOT, write_bank
from tests.test_cli import RIGHT, kata

KATAS = load_katas(ROOT)
FILE = "exercises/01_double/approaches.toml"
WAY = """
[approaches.{name}]
title = {{ en = "{title}", ko = "다른 길" }}
code = '''
{code}
'''
en = "Good at this."
ko = "이럴 때 좋아요."
"""
SHIFT = WAY.format(name="shift", title="Add it to itself", code="def double(x):\n    return x + x")
LOOP = WAY.format(name="loop", title="Two times", code="def double(x):\n    return sum([x, x])")


@pytest.fixture
def bank(tmp_path):
    return write_bank(tmp_path / "bank", {FILE: SHIFT + LOOP})


def solve(bank):
    (bank / "exercises" / "01_double" / "double.py").write_text(RIGHT, "utf-8")
    assert kata("check", "01", cwd=bank).returncode == 0


def problems(tmp_path, text):
    return audit_katas(load_katas(write_bank(tmp_path / "bank", {FILE: text}))).problems


# --- the real bank ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kata_", KATAS, ids=lambda one: one.name)
def test_each_kata_has_two_or_three_and_each_says_more_than_code(kata_):
    found = load_approaches(kata_)
    assert 2 <= len(found) <= 3
    for way in found:
        assert re.search("[가-힣]", way.title["ko"]), way.name
        assert 25 <= len(way.text["en"].split()) <= 120, (way.name, len(way.text["en"].split()))
        assert way.text["ko"].rstrip().endswith(("요.", "요.)", "].")), way.name


@pytest.mark.parametrize("kata_", KATAS, ids=lambda one: one.name)
def test_no_way_shows_a_choice_that_hidden_checks_judge(kata_):
    """What is only recorded at home would be given away; kata.toml names no such choice, so the wrong files do."""
    reasons = [answer.green for answer in wrong_answers(kata_)]
    recorded = {name for reason in reasons for name in re.findall(r"recorded, judged later: (\w+)", reason)}
    for way in load_approaches(kata_):
        names = definitions(way.code) if kata_.suffix == ".py" else re.findall(r"^(\w+)", way.code, re.M)
        assert recorded.isdisjoint(names), way.name


def test_no_way_of_the_facts_gives_the_letter_of_a_correction():
    (facts,) = (one for one in KATAS if one.suffix == ".toml")
    for way in load_approaches(facts):
        assert not re.search(r'correction = "\w', way.code), way.name


# --- when they are shown ------------------------------------------------------------------------------------------


def test_they_open_with_the_green_check_and_the_check_says_so(bank):
    closed = kata("approaches", "01", cwd=bank)
    assert closed.returncode == 1
    assert "kata check 01" in closed.stdout
    assert "return x + x" not in closed.stdout
    (bank / "exercises" / "01_double" / "double.py").write_text(RIGHT, "utf-8")
    assert "kata approaches 01" in kata("check", "01", cwd=bank).stdout
    shown = kata("approaches", "01", cwd=bank)
    assert shown.returncode == 0
    for words in ("1. Add it to itself", "    return x + x", "2. Two times", "Good at this."):
        assert words in shown.stdout


def test_they_close_again_when_the_file_changes(bank):
    solve(bank)
    (bank / "exercises" / "01_double" / "double.py").write_text(f"{RIGHT}\n# more\n", "utf-8")
    assert kata("approaches", "01", cwd=bank).returncode == 1


def test_in_korean_and_in_both_languages(bank):
    solve(bank)
    assert "1. 다른 길" in kata("approaches", "01", cwd=bank, lang="ko").stdout
    both = kata("approaches", "01", cwd=bank, lang="both").stdout
    assert "1. Add it to itself / 다른 길" in both
    assert "Good at this." in both
    assert "이럴 때 좋아요." in both


def test_a_kata_without_them_says_so_and_its_green_check_does_not_speak_of_them(tmp_path):
    bank = write_bank(tmp_path / "bank")
    (bank / "exercises" / "01_double" / "double.py").write_text(RIGHT, "utf-8")
    assert "approaches" not in kata("check", "01", cwd=bank).stdout
    done = kata("approaches", "01", cwd=bank)
    assert done.returncode == 2
    assert "without other ways" in done.stderr


# --- who gets them ------------------------------------------------------------------------------------------------


def test_a_release_has_them_unless_they_are_left_out(bank, tmp_path):
    katas = load_katas(bank)
    assert FILE in list_release(katas)
    assert FILE not in list_release(katas, approaches=False)
    assert kata("release", "--no-approaches", "--to", tmp_path / "out", cwd=bank).returncode == 0
    assert not (tmp_path / "out" / FILE).exists()
    assert kata("approaches", "01", cwd=tmp_path / "out").returncode == 2


# --- how a way stands in an answer --------------------------------------------------------------------------------


def way(code):
    return Approach("one", {"en": "x", "ko": "x"}, code, {"en": "x", "ko": "x"})


def test_a_way_takes_the_place_of_what_it_defines_and_of_nothing_else():
    (gates,) = (one for one in KATAS if one.name == "02_gates")
    whole = apply(way("OR = (7, 7, -1)\nAND = (9, 9, -10)\n"), reference_of(gates).source, gates)
    assert whole.count("AND = ") == 2  # AND and NAND
    assert "AND = (9, 9, -10)" in whole
    assert "NAND = (-0.5" in whole
    assert "OR = (0.5" not in whole


def test_a_way_of_a_toml_kata_takes_the_place_of_its_tables():
    (facts,) = (one for one in KATAS if one.suffix == ".toml")
    whole = apply(way('s01.verdict = "outdated"\n'), reference_of(facts).source, facts)
    assert whole.count("s01") == 1
    assert "[s02]" in whole


# --- the audit ----------------------------------------------------------------------------------------------------


def test_the_audit_judges_every_way(tmp_path):
    wrong = WAY.format(name="wrong", title="x", code="def double(x):\n    return x + 2")
    (found,) = problems(tmp_path, SHIFT + wrong)[:1]
    assert "[approaches.wrong]: is no right answer" in found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (SHIFT, "1 ways; 2 or 3"),
        (SHIFT + WAY.format(name="same", title="x", code=RIGHT), "double is the reference's own"),
        (SHIFT + LOOP.replace('ko = "이럴 때 좋아요."', ""), "'ko' has no value or no text"),
        (SHIFT + LOOP.replace("sum([x, x])", "sum([x, x])" + " " * 90 + "# far"), "a line of more than 100"),
    ],
    ids=["one alone", "the reference", "one language", "a wide line"],
)
def test_the_audit_names_what_is_wrong_with_a_way(tmp_path, text, words):
    try:
        found = problems(tmp_path, text)
    except ContentError as problem:
        found = [str(problem)]
    assert any(words in one for one in found), found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (LOOP.replace("def double", "def other"), "defines no name of the kata"),
        (LOOP.replace("def double(x):", "def double(x)"), "code"),
        ('[approaches.a]\nen = "x"\nko = "x"\ncode = "x = 1"\n', "title"),
        ('[approaches.a]\nen = "x"\nko = "x"\ntitle = { en = "x", ko = "x" }\n', "code: is missing"),
    ],
    ids=["another name", "no Python", "no title", "no code"],
)
def test_a_way_that_cannot_be_read_is_said_with_file_and_key(tmp_path, text, words):
    (one,) = load_katas(write_bank(tmp_path / "bank", {FILE: text}))
    with pytest.raises(ContentError, match=r"approaches\.toml") as problem:
        [apply(found, reference_of(one).source, one) for found in load_approaches(one)]
    assert words in str(problem.value)


def test_the_verdict_on_a_kata_does_not_depend_on_its_other_ways(bank):
    (one,) = load_katas(bank)
    assert not [path for path in one.files("judge") if path.name == "approaches.toml"]
    assert [path for path in one.files("author") if path.name == "approaches.toml"]


def test_the_command_is_quick_because_numpy_is_not_imported(bank):
    solve(bank)
    code = "import sys\nfrom grader.cli.approaches import approaches_command\nprint('numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=bank, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_a_kata_is_loaded_with_what_was_learnt(tmp_path):
    text = 'title = { en = "x", ko = "x" }\npoints = 1\nneeds = "py"\nlearnt = { en = "only" }\n'
    bank = write_bank(tmp_path / "bank", {"exercises/01_double/kata.toml": text})
    with pytest.raises(ContentError, match="learnt"):
        load_kata(bank / "exercises" / "01_double")
