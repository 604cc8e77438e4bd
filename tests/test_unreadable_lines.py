"""A line that Python cannot read is told in words of our own in both languages, whichever Python reads it."""

import re
import sys

import pytest

from grader.bank.kata import load_katas
from grader.bank.texts import load_kata_texts
from grader.checks.crash import StudentFault
from grader.checks.student import Student
from grader.sandbox.local import LocalSession
from tests.conftest import ROOT

LINES = {
    "a wide comma": ("x = (1， 2)", "syntax_character"),
    "a wide colon": ("def f(x)：\n    return x", "syntax_character"),
    "curly quotes": ("x = “never”", "syntax_character"),
    "a multiplication sign": ("x = 2 × 3", "syntax_character"),
    "a long minus": ("x = 2 – 3", "syntax_character"),
    "a root": ("x = √2", "syntax_character"),
    "a sign that cannot be seen": ("x = 1 \x7f 2", "syntax_character"),
    "a text without its end": ("x = 'never", "syntax_open"),
    "an apostrophe in a text": ("x = 'it's'", "syntax_open"),
    "a long text without its end": ('x = """never', "syntax_open"),
    "an open bracket": ("x = (1, 2\ny = 3", "syntax_open"),
    "a bracket too many": ("x = (1, 2))", "syntax_bracket"),
    "no colon": ("def f(x)\n    return x", "syntax_colon"),
    "= for ==": ("if x = 1:\n    pass", "syntax_equals"),
    "= behind a sum": ("x + 1 = y", "syntax_equals"),
    "= in a call": ("f(a.b = 1)", "syntax_equals"),
    "a value for True": ("True = 1", "syntax_target"),
    "a value for a comparison": ("x == 1 = 2", "syntax_target"),
    "no comma": ("x = [1 2]", "syntax_comma"),
    "no times": ("x = 2x", "syntax_number"),
    "a name that begins with a digit": ("1x = 3", "syntax_number"),
    "a zero too many": ("x = 01", "syntax_zeros"),
    "no else": ("x = 1 if y", "syntax_else"),
    "a parameter twice": ("def f(x, x):\n    pass", "syntax_twice"),
    "an argument twice": ("f(x=1, x=2)", "syntax_twice"),
    "an argument without a name behind": ("f(x=1, 2)", "syntax_order"),
    "a parameter without a value behind": ("def f(x=1, y):\n    pass", "syntax_order"),
    "a backslash to divide": ("x = 1 \\ 2", "syntax_line_end"),
    "a try alone": ("try:\n    x = 1\ny = 2", "syntax_try"),
    "a key alone": ("x = {1: 2, 3}", "syntax_entry"),
    "an f-string's bracket": ("x = f'{y'", "syntax_fstring"),
    "an f-string's bracket behind a format": ("x = f'{y:.3f'", "syntax_fstring"),
    "an f-string's empty brackets": ("x = f'{}'", "syntax_fstring"),
    "a late global": ("def f():\n    x = 1\n    global x", "syntax_global"),
    "an import of everything": ("def f():\n    from math import *", "syntax_star"),
    "only a comment in a function": ("def f(x):\n    # later\n\ndef g(x):\n    return x", "syntax_block"),
    "a function without lines at the end": ("x = 1\ndef f(x):", "syntax_block"),
    "a line too far in": ("x = 1\n    y = 2", "syntax_indent"),
    "a line between": ("def f(x):\n    x = 1\n  return x", "syntax_indent"),
    "tabs": ("def f(x):\n\ty = x\n        return y", "syntax_indent"),
    "a word of Python's": ("lambda = 0.1", "own_word"),
    "a parameter's name that is one": ("def f(x, lambda):\n    pass", "own_word"),
    "= before <": ("if x =< 1:\n    pass", "comparison_sign"),
    "= before !": ("if x =! 1:\n    pass", "comparison_sign"),
    "another language's elif": ("if x:\n    pass\nelsif y:\n    pass", "other_language"),
    "less one": ("x--", "other_language"),
    "another language's choice": ("x = y > 0 ? 1 : 0", "other_language"),
    "then": ("if x > 0 then y = 1", "other_language"),
    "a print behind a colon": ("if x: print 'a'", "python_2"),
    "a name for an error": ("try:\n    pass\nexcept OSError, e as f:\n    pass", "except_comma"),
    "something else": ("x = ~", "syntax"),
    "something rare": ("nonlocal x", "syntax"),
}


def told(source):
    """The tag and both languages' words, as the file is read at home, and what Python itself said."""
    texts = load_kata_texts(next(kata for kata in load_katas(ROOT) if kata.name == "01_neuron"), hidden=False)
    with pytest.raises(StudentFault) as fault:
        _ = Student(LocalSession(source.encode(), "neuron.py"), "check").neuron
    raised = fault.value.raised
    tag = texts.fault_tag(raised.type, raised.text, raised.fields) or fault.value.tag
    return tag, texts.tag_text(tag, fault.value.values), raised.text


@pytest.mark.parametrize(("source", "tag"), LINES.values(), ids=LINES)
def test_a_line_that_cannot_be_read_has_words_of_its_own(source, tag):
    named, words, python = told(source)
    assert named == tag, python
    for language in ("en", "ko"):
        assert python not in words[language], "Python's own sentence is English in every language"
    code = re.search(r"\n    .*", words["ko"])[0]
    assert code in words["en"]


def test_two_kinds_of_errors_without_brackets_are_not_called_old():
    """Python 2 took the second one for a name, Python 3.14 takes it for a kind again; between them nobody reads it."""
    source = "try:\n    pass\nexcept ValueError, TypeError:\n    pass\n"
    if sys.version_info < (3, 14):
        tag, words, _ = told(source)
        assert tag == "except_comma"
        assert "Python 2" not in words["en"]
    else:
        tag, _, _ = told(source + "x = [1 2]")
        assert tag == "syntax_comma"


def test_the_line_that_begins_a_block_is_told_and_not_the_next_one():
    _, words, _ = told("def f(x):\n    # later\n\n\ndef g(x):\n    return x\n")
    assert words["en"].startswith("Line 1 begins a block")
    assert "\n    def f(x):\n" in words["en"]


def test_a_sign_is_shown_with_its_number():
    assert "'，' (U+FF0C)" in told("x = (1， 2)")[1]["ko"]
