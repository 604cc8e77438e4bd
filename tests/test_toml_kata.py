"""A kata whose file is TOML (docs/decisions/0006): kata 16 from intake to verdict."""

import re
import tomllib

import pytest

from grader.authoring.handout import list_release
from grader.authoring.stub import strip_markers
from grader.bank.kata import load_kata
from grader.intake import Found, Submission, find_submissions, read_submission
from grader.judge.judge import Judge, isolation_for_trusted_code
from grader.result import Outcome, Status
from grader.sandbox.toml_file import UnreadableToml, find_holes, read_toml
from grader.words.catalogue import load_catalogue
from tests.conftest import ROOT

KATA = load_kata(ROOT / "exercises" / "16_facts")
RIGHT = strip_markers((KATA.solution / "facts.toml").read_text("utf-8"))
WORDS = ("true", "false", "outdated", "unsupported")
NAMES = [f"s{number:02}" for number in range(1, 35)]


@pytest.fixture(scope="module")
def grade():
    with Judge((KATA,), isolation=isolation_for_trusted_code()) as judge:

        def run(source):
            content = source if isinstance(source, bytes) else source.encode("utf-8")
            return judge.grade(Submission("s", {KATA.name: content}))

        yield run


def with_verdict(name, word):
    pattern = rf"(\[{name}\]\n(?:claim.*\n)+)verdict = .*"
    return re.sub(pattern, rf'\1verdict = "{word}"', RIGHT)


# --- the file -----------------------------------------------------------------------------------------------------


def test_the_files_ending_follows_from_what_the_kata_needs(tiny_katas):
    assert KATA.file_name == "facts.toml"
    assert tiny_katas[0].file_name == "double.py"


def test_a_lone_toml_file_counts_where_a_kata_asks_for_one_and_is_passed_over_elsewhere(tmp_path, tiny_katas):
    (tmp_path / "ana.toml").write_text(RIGHT, "utf-8")
    (tmp_path / "bob.py").write_text("x = 1\n", "utf-8")
    assert [one.id for one in find_submissions([tmp_path], (KATA,))] == ["ana", "bob"]
    assert read_submission(Found("ana", tmp_path / "ana.toml"), (KATA,)).files[KATA.name] == RIGHT.encode()
    assert read_submission(Found("bob", tmp_path / "bob.py"), (KATA,)).files == {}
    assert [one.id for one in find_submissions([tmp_path], tiny_katas)] == ["bob"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (b"a = 1\nb = tru\n", 2),
        (b'a = 1\n\nb = "x\n', 3),
        (b"[a]\n[b]\n[a]\n", 3),
        (b"a = 1\n[b", 2),
        ("a = 1\n# \ud55c\n".encode("cp949"), 2),
        (b"a = " + b"[" * 30_000, None),
        (b"a = " + b"9" * 5_000, None),
        (b"a" + b".a" * 2_000 + b" = 1", None),
    ],
)
def test_whatever_is_no_toml_has_one_name_and_where_possible_a_line(text, line):
    with pytest.raises(UnreadableToml) as wrong:
        read_toml(text)
    assert wrong.value.lineno == line


def test_a_hole_is_found_with_its_line_in_every_way_to_write_it():
    text = 'x = "..."\ny.z = \'...\'\n[a]\nw = "0..."\nv = "..."\nu = "..."\n[b]\n# v = 1\n[ c ] # c\nv="..."\n'
    assert find_holes(text.encode()) == {"x": 1, "y": 2, "a": 5, "c": 10}
    assert read_toml(text.encode())["a"] == {"w": "0...", "v": ..., "u": ...}


# --- verdicts -----------------------------------------------------------------------------------------------------


def test_the_stub_is_toml_and_holds_no_verdict():
    stub = tomllib.loads(KATA.student_file.read_text("utf-8"))
    assert list(stub) == NAMES
    assert {statement["verdict"] for statement in stub.values()} == {"..."}
    assert {statement["correction"] for statement in stub.values()} == {""}


def test_each_pair_counts_on_its_own(grade):
    half = KATA.student_file.read_text("utf-8").replace('verdict = "..."', 'verdict = "true"', 3)
    fourth = '"..."  # TODO\ncorrection = ""'
    half = half.replace(fourth, '"false"\ncorrection = "G"', 1)
    checks = {check.id: check for check in grade(half).katas[0].checks}
    assert checks["measured[s01 s04]"].outcome is Outcome.PASSED
    assert checks["measured[s02 s06]"].tag == "not_filled"
    assert ": s06" in checks["measured[s02 s06]"].message["en"]


@pytest.mark.parametrize("name", NAMES)
def test_every_other_word_costs_points(grade, name):
    right = tomllib.loads(RIGHT)[name]["verdict"]
    for word in set(WORDS) - {right}:
        assert grade(with_verdict(name, word)).score < 4, word


@pytest.mark.parametrize("word", WORDS)
def test_one_word_for_everything_earns_nothing(grade, word):
    text = re.sub(r"verdict = .*", f'verdict = "{word}"', RIGHT)
    assert grade(re.sub(r"correction = .*", 'correction = "A"', text)).score == 0


@pytest.mark.parametrize("group", ["s01-s06", "s07-s12", "s13-s18", "s19-s24", "s25-s34"])
def test_a_letter_counts_only_where_no_statement_beside_it_is_called_false_by_mistake(grade, group):
    name = next(n for n in NAMES[NAMES.index(group[:3]) :] if tomllib.loads(RIGHT)[n]["verdict"] != "false")
    checks = {check.id: check for check in grade(with_verdict(name, "false")).katas[0].checks}
    assert checks[f"letters[{group}]"].tag == "other_letter"


@pytest.mark.parametrize(
    ("source", "tag"),
    [
        (RIGHT.replace('verdict = "true"', "verdict = outdated", 1), "toml_syntax"),
        ("import os\nos._exit(0)\n", "toml_syntax"),
        (b"\xff\xfe\0\0", "toml_syntax"),
        ("a" + ".a" * 60_000 + " = 1", "too_slow_elsewhere"),
        ("s01 = " + "[" * 60 + "]" * 60, "too_big"),
        ("s01 = nan\n", "not_a_table"),
        ("[s01]\nverdict = nan\n", "unknown_word"),
        ("[s01]\nverdict = -inf\n", "unknown_word"),
        ("# nothing\n", "no_names"),
        ("", "empty_file"),
    ],
    ids=[
        "word without quotes",
        "python",
        "no text",
        "quadratic",
        "deep",
        "nan",
        "verdict nan",
        "verdict inf",
        "comment",
        "empty",
    ],
)
def test_what_is_no_answer_is_the_students_mistake_in_words(grade, source, tag):
    report = grade(source)
    assert report.status is Status.GRADED
    assert report.score == 0
    assert report.katas[0].checks[0].tag == tag


def test_a_toml_mistake_is_told_with_its_line_in_both_languages(grade):
    message = grade(RIGHT.replace('verdict = "true"', "verdict = outdated", 1)).katas[0].checks[0].message
    assert message["en"].startswith("Line 66 cannot be read as TOML.\n    verdict = outdated\n")
    assert message["ko"].startswith("66번째 줄을 TOML로 읽지 못했어요")


# --- what is told, and what is kept back --------------------------------------------------------------------------


def test_a_right_hidden_verdict_is_told_its_source(grade):
    checks = {check.id: check for check in grade(with_verdict("s13", "true")).katas[0].checks}
    assert "2.10" in checks["outside[s14 s16]"].message["en"]
    assert "18(7)" not in str(checks["outside[s13 s15]"].message)
    assert checks["outside[s13 s15]"].tag == "look_it_up"


def test_no_source_of_a_hidden_verdict_is_released():
    released = b"\n".join(list_release((KATA,)).values())
    secret = load_catalogue(KATA.solution / "messages.toml").tables["tags"]
    assert len(secret) == 20
    for entry in secret.values():
        assert not [text for text in (entry["en"], entry["ko"]) if text.encode() in released]
