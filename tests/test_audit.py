"""What kata audit finds: one broken rule at a time, in a bank of one small kata."""

from pathlib import Path

import pytest

from grader.authoring.audit import audit_catalogue, audit_katas
from grader.bank.kata import load_katas
from grader.words.catalogue import Catalogue
from tests.conftest import FILES, write_bank

PUBLIC = FILES["exercises/01_double/test_double.py"]
MESSAGES = FILES["exercises/01_double/messages.toml"]
EDITS = "solutions/01_double/wrong.toml"
EDIT = '[squares_too]\nedits = [{ was = "    return 2 * x", now = "    return x * x" }]\n'
EDITED = "def double(x):\n    y = x\n    return 2 * x\n"

BROKEN = {
    "fine": ({}, None),
    "stale stub": ({"exercises/01_double/double.py": "x = 1\n"}, "is stale; run: kata build"),
    "stub passes": (
        {
            "solutions/01_double/double.py": FILES["solutions/01_double/double.py"].replace(
                "### END", "### STUB return 2 * x\n    ### END"
            ),
            "exercises/01_double/double.py": FILES["exercises/01_double/double.py"].replace(
                "...  # TODO", "return 2 * x"
            ),
        },
        "the untouched stub passes doubles",
    ),
    "reference wrong": (
        {"solutions/01_double/double.py": FILES["solutions/01_double/double.py"].replace("2 * x", "5 * x")},
        "double.py: should get full marks, but doubles says wrong_value",
    ),
    "right fails": (
        {"solutions/01_double/right/plus.py": "def double(x):\n    return x\n"},
        "right/plus.py: should get full",
    ),
    "too few right": ({"solutions/01_double/right/plus.py": None}, "3 other right answers, 4 are needed"),
    "wrong passes": (
        {"solutions/01_double/wrong/squares.py": "def double(x):\n    return x * 2\n"},
        "should fail with squares; it got full marks",
    ),
    "wrong has another tag": (
        {"solutions/01_double/wrong/squares.py": "def double(x):\n    return x + 2\n"},
        "should fail with squares; it got adds_two, blocked",
    ),
    "wrong is green at home": (
        {"solutions/01_double/wrong/squares.py": "def double(x):\n    return 2 * x if x < 5 else x * x\n"},
        "squares.py: all public checks pass; let one look at this mistake, or say why",
    ),
    "wrong is green at home, with a reason": (
        {
            "solutions/01_double/wrong/squares_of_large.py": "# Green at home: as an example\ndef double(x):\n"
            "    return 2 * x if x < 5 else x * x\n"
        },
        None,
    ),
    "wrong is not green at home, but says so": (
        {"solutions/01_double/wrong/squares.py": "# Green at home: once\ndef double(x):\n    return x * x\n"},
        "squares.py: is not green at home, as it says",
    ),
    "a picture's sentence without a value": (
        {"exercises/01_double/support/picture.toml": '[gaps.squares]\nen = "{got} {asked}"\nko = "{got} {asked}"\n'},
        "[gaps.squares]: {got}: neither actual, asked, expected, name nor in [tags.squares]",
    ),
    "a picture's sentence with a value of its tag": (
        {"exercises/01_double/support/picture.toml": '[gaps.adds_two]\nen = "{got}"\nko = "{got}"\n'},
        None,
    ),
    "wrong as an edit": ({EDITS: EDIT}, None),
    "wrong as an edit of another right answer": (
        {EDITS: EDIT + 'of = "right/adds.py"\n', "solutions/01_double/right/adds.py": EDITED},
        None,
    ),
    "wrong as an edit has another tag": (
        {EDITS: EDIT.replace("squares_too", "adds_two_too")},
        "wrong.toml: [adds_two_too]: should fail with adds_two; it got squares, blocked",
    ),
    "wrong as an edit is green at home": (
        {EDITS: EDIT.replace("return x * x", "return 2 * x if x < 5 else x * x")},
        "wrong.toml: [squares_too]: all public checks pass; let one look at this mistake, or say why",
    ),
    "wrong as an edit is green at home, with a reason": (
        {EDITS: EDIT.replace("return x * x", "return 2 * x if x < 5 else x * x") + 'green = "as an example"\n'},
        None,
    ),
    "wrong has no tag": ({"solutions/01_double/wrong/hm.py": "x = 1\n"}, "its name begins with no tag"),
    "tag unshown": ({"solutions/01_double/wrong/squares.py": None}, "[tags.squares]: no known mistake shows it"),
    "unknown file": ({"exercises/01_double/x.txt": "x"}, "x.txt: is no file of a kata"),
    "missing readme": ({"exercises/01_double/README.ko.md": None}, "README.ko.md: is missing"),
    "thin readme": ({"exercises/01_double/README.md": "word"}, "fewer than 50 words"),
    "points": (
        {"exercises/01_double/kata.toml": FILES["exercises/01_double/kata.toml"].replace("2", "3")},
        "points: 3, but",
    ),
    "public share": (
        {
            "exercises/01_double/test_double.py": PUBLIC.replace("points=0.7", "points=0.1"),
            "exercises/01_double/kata.toml": FILES["exercises/01_double/kata.toml"].replace("= 2", "= 1.4"),
        },
        "of the points are public",
    ),
    "no korean title": (
        {"exercises/01_double/messages.toml": MESSAGES.replace("again.ko", "agian.ko")},
        "again: no Korean title",
    ),
    "predict names no hole": (
        {"exercises/01_double/kata.toml": FILES["exercises/01_double/kata.toml"] + 'predict = ["GUESS"]\n'},
        "predict: the stub has no line GUESS = ...",
    ),
    "no third hint": (
        {"exercises/01_double/messages.toml": MESSAGES.replace("[hints.3]", "[more.3]")},
        "[hints.3]: is missing",
    ),
    "a fourth hint": (
        {"exercises/01_double/messages.toml": MESSAGES + MESSAGES[MESSAGES.index("[hints.3]") :].replace("3", "4")},
        "[hints.4]: is no level",
    ),
    "hint too short": (
        {"exercises/01_double/messages.toml": MESSAGES.replace("Hint 2: word word word", "word")},
        "[hints.2]: en: 38 words; 40 to 120",
    ),
    "hint with a placeholder": (
        {
            "exercises/01_double/messages.toml": MESSAGES.replace("Hint 2:", "Hint {two}:").replace(
                "힌트 2:", "힌트 {two}:"
            )
        },
        "[hints.2]: en: a brace",
    ),
    "odd value": (
        {
            "exercises/01_double/test_double.py": PUBLIC.replace(
                "expect.number(student.double(x), asked=asked)", "student.double(x) + 0"
            )
        },
        "doubles: dies of None",
    ),
    "same id": (
        {
            "exercises/01_double/test_double.py": PUBLIC.replace("test_again", "test_random").replace(
                "test_doubles", "test_doubles"
            )
        },
        "two checks are called random",
    ),
}


@pytest.mark.parametrize(("changes", "problem"), BROKEN.values(), ids=BROKEN)
def test_the_audit_sees_every_broken_rule(tmp_path, changes, problem):
    problems = audit_katas(load_katas(write_bank(tmp_path, changes))).problems
    if problem is None:
        assert problems == []
    else:
        assert any(problem in line for line in problems), problems


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ({"en": "a {x}", "ko": "가 {x}"}, None),
        ({"en": "a"}, "no text in ko"),
        ({"en": "a", "ko": " "}, "no text in ko"),
        ({"en": "a {x}", "ko": "가 {y}"}, "placeholders differ"),
        ({"en": "a \u2014 b", "ko": "가"}, "dash"),
        ({"en": "a \U0001f600", "ko": "가"}, "cp949"),
        ({"en": "a {x}", "ko": "{x}은 가"}, "particle '은'"),
        ({"en": "a {x}", "ko": "{x} 값은 가"}, None),
        ({"en": "a {x}", "ko": "{x}개는 가"}, None),
    ],
)
def test_the_audit_reads_every_text(entry, problem):
    problems = list(audit_catalogue(Catalogue(Path("m.toml"), {"tags": {"t": entry}})))
    assert (problems == []) if problem is None else any(problem in line for line in problems)
