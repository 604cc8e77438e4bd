"""What a beginner's crash or unreadable file is called: each kind has words of its own, in both languages."""

import sys
from pathlib import Path

import pytest

from grader import expect
from grader.checks.crash import StudentFault
from grader.checks.residue import find
from grader.checks.student import Student
from grader.sandbox.cause import FIELDS
from grader.sandbox.local import LocalSession
from grader.words.catalogue import load_catalogue
from grader.words.languages import TEXTS
from tests.conftest import write_bank
from tests.test_plugin import answer, bank, run_pytest

__all__ = ["bank"]

CRASHES = {
    "a misspelt name": ("def double(x):\n    return y + y\n", "name_unknown"),
    "a name used too early": ("def double(x):\n    n = n + x\n    return n\n", "name_too_early"),
    "a parameter too few": ("def double():\n    return 6\n", "wrong_arguments"),
    "brackets forgotten": ("def two():\n    return 2\ndef double(x):\n    return two * x\n", "function_not_called"),
    "None used": ("def double(x):\n    return print(x) + x\n", "none_used"),
    "a number in quotation marks": ("def double(x):\n    return '2' + x\n", "text_not_number"),
    "input": ("def double(x):\n    return 2 * int(input())\n", "asks_input"),
    "itself": ("def double(x):\n    return double(x)\n", "calls_itself"),
    "= for ==": ("def double(x):\n    if x = 1:\n        return 2\n", "syntax_equals"),
    "a wide sign": ("def double(x)：\n    return 2 * x\n", "syntax_character"),
    "curly quotes": ("def double(x):\n    return “2”\n", "syntax_character"),
    "no indent": ("def double(x):\nreturn 2 * x\n", "syntax_block"),
    "tabs and spaces": ("def double(x):\n\ty = x\n        return y\n", "syntax_indent"),
    "an open bracket": ("def double(x):\n    return (2 * x\n", "syntax_open"),
    "no colon": ("def double(x)\n    return 2 * x\n", "syntax_colon"),
    "cp949": ("def double(x):\n    return '값'\n".encode("cp949"), "encoding"),
    "UTF-16": ("def double(x):\n    return 2 * x\n".encode("utf-16"), "encoding"),
    "empty": ("\n", "empty_file"),
    "only a comment": ("# def double(x):\n", "no_names"),
    "only a text": ('"""Kata 1: mine"""\n', "no_names"),
    "another name": ("def dubble(x):\n    return 2 * x\n", "missing_name"),
    "a class": ("class double:\n    def __init__(self, x):\n        self.x = 2 * x\n", "class_made"),
    "yield": ("def double(x):\n    yield 2 * x\n", "not_run"),
    "async": ("async def double(x):\n    return 2 * x\n", "not_run"),
    "brackets around a for": ("def double(x):\n    return (2 * n for n in [x])\n", "not_run"),
    "a command of Jupyter's with a result": ("files = !ls\n", "notebook_magic"),
    "a magic with a result": ("took = %timeit -o 1 + 1\n", "notebook_magic"),
    "Colab": ("from google.colab import drive\n", "notebook_magic"),
    "a division by zero": ("def double(x):\n    return x / 0\n", "divides_by_zero"),
    "something else": ("def double(x):\n    return next(iter([]))\n", "crash"),
}


@pytest.mark.parametrize(("source", "tag"), CRASHES.values(), ids=CRASHES)
def test_each_kind_of_crash_has_its_own_name(grade, source, tag):
    report = grade(source)
    check = report.katas[0].checks[0]
    assert check.tag == tag
    assert "?:" not in check.message["en"], "a line that is not known is not named"


NEWER = {
    "a type's name": ((3, 12), "type Number = int"),
    "a type's name with a parameter": ((3, 12), "type Pair[T] = tuple[T, T]"),
    "a function with one": ((3, 12), "def twice[T](x: T) -> T: return x"),
    "a class with one": ((3, 12), "class Box[T]: pass"),
    "marks within an f-string": ((3, 12), "print(f'{dict(a=1)['a']}')"),
    "marks further on": ((3, 12), 'print(f"{1} and {\'x\'} and {", ".join([])}")'),
    "a template": ((3, 14), "x = t'{1}'"),
}


@pytest.mark.parametrize(("since", "line"), NEWER.values(), ids=NEWER)
def test_a_line_for_a_newer_python_is_told_as_that_where_an_older_one_reads_it(grade, since, line):
    check = grade(f"{line}\ndef double(x):\n    return 2 * x\n").katas[0].checks[0]
    assert check.tag == ("" if sys.version_info >= since else "newer_python")


@pytest.mark.parametrize(
    "line", ["type X", "print(f'{x} and', 'y' z)", "def f[x, y:", "def f[x, y]", "print t'a'", "x = f'{a}' 'b' c"]
)
def test_no_other_mistake_is_taken_for_a_newer_python(line):
    residue = find(line.encode(), 1)
    assert residue is None or residue.kind != "newer_python"


def test_a_rule_names_a_type_and_fields_that_there_are():
    tags = load_catalogue(TEXTS / "common.toml").tables["tags"]
    rules = [rule for entry in tags.values() for rule in entry.get("when", [])]
    assert all("type" in rule and set(rule) <= {"type", "contains", *FIELDS} for rule in rules)
    assert len(rules) >= 40


def test_only_what_has_no_field_is_known_by_a_piece_of_its_text():
    """A SyntaxError and our UnreadableToml have a sentence and a line; NumPy and tqdm raise their errors by hand."""
    catalogues = [TEXTS / "common.toml", *Path("exercises").glob("*/messages.toml")]
    entries = [entry for path in catalogues for entry in load_catalogue(path).tables.get("tags", {}).values()]
    pieces = [rule for entry in entries for rule in entry.get("when", []) if "contains" in rule]
    types = [rule["type"] for rule in pieces if rule["type"] not in ("SyntaxError", "UnreadableToml")]
    assert sorted(types) == ["ImportError", "ValueError", "ValueError"]


def test_a_loop_without_an_end_is_named_at_home_too(bank):
    """The bare `except:` swallows the first signal; the next one stops it."""
    body = "    while True:\n        try:\n            x += 1\n        except:\n            pass\n"
    answer(bank, f"def double(x):\n{body}")
    done = run_pytest(bank, "exercises/01_double")
    assert "Stopped after 5 s of computing, in line" in done.stdout
    assert done.returncode == 1


def test_many_prints_are_counted_and_not_shown(bank):
    answer(bank, "def double(x):\n    for i in range(500):\n        print('row', i)\n    return 0\n")
    done = run_pytest(bank, "exercises/01_double")
    assert done.stdout.count("row ") == 20
    assert "... (+" in done.stdout


def test_two_numbers_that_look_equal_get_more_digits():
    with pytest.raises(expect.Mismatch) as failed:
        expect.fail("wrong_value", asked="f()", expected=0.10512, actual=0.10514)
    assert (failed.value.expected, failed.value.actual) == ("0.10512", "0.10514")
    with pytest.raises(expect.Mismatch) as failed:
        expect.fail("wrong_value", asked="f()", expected=0.3, actual=0.1 + 0.2)
    assert (failed.value.expected, failed.value.actual) == ("0.3", "0.30000000000000004")


def test_an_open_entry_of_a_table_does_not_hide_the_others():
    """Kata 05's LAYERS is filled one model at a time; each is judged by itself, with its own line."""
    session = LocalSession(b"TABLE = {\n    1: [2, 3],\n    'a': [...],\n    5: [4, ...],\n}\n", "table.py")
    student = Student(session, "check")
    assert student.entry("TABLE", 1) == {1: [2, 3]}
    for key, name, line in ((5, "TABLE[5]", "4"), ("a", "TABLE['a']", "3"), (7, "TABLE", "3")):
        with pytest.raises(StudentFault) as hole:
            student.entry("TABLE", key)
        assert (hole.value.tag, hole.value.values["name"], hole.value.values["line"]) == ("not_filled", name, line)


STOPS = '''import pytest
from grader import expect

@pytest.mark.check(points=2)
def test_three(student):
    """double(3)"""
    expect.fail("wrong_value", asked="double(3)", expected=6, actual={actual!r})
'''


@pytest.mark.parametrize(
    ("actual", "english", "korean"),
    [
        ("TypeError", "expected 6, and it stopped with TypeError.", "기대한 값 6. TypeError 오류로 멈췄어요."),
        ("overflow", "On the way a number became too large (overflow).", "너무 큰 수가 나왔어요(overflow)."),
        ("'TypeError'", "expected 6, got 'TypeError'.", "나온 값 'TypeError'."),
    ],
)
def test_what_stopped_a_call_is_not_told_as_its_value(tmp_path, actual, english, korean):
    write_bank(tmp_path, {"exercises/01_double/test_double.py": STOPS.format(actual=actual)})
    answer(tmp_path, "def double(x):\n    return 1\n")
    for language, words in (("en", english), ("ko", korean)):
        assert words in run_pytest(tmp_path, "exercises/01_double", lang=language).stdout


LONG = STOPS.partition("    expect.fail")[0] + "    student.double([0] * 400)\n"


def test_the_call_above_a_crash_is_cut(tmp_path):
    write_bank(tmp_path, {"exercises/01_double/test_double.py": LONG})
    answer(tmp_path, "def double(x):\n    return x / 0\n")
    said = run_pytest(tmp_path, "exercises/01_double").stdout
    called = next(line for line in said.splitlines() if line.startswith("Called: "))
    assert called.startswith("Called: double([0, 0, ")
    assert len(called) < 220
