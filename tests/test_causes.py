"""A crash is told by its type and the fields of its cause, and what pasting left behind has a name of its own."""

import pytest

from grader.checks import residue
from grader.sandbox import cause
from tests.test_plugin import bank

__all__ = ["bank"]

HEAD = "import numpy as np\n"

PASTED = {
    "a prompt": (">>> def double(x):\n...     return 2 * x\n", "prompt"),
    "a notebook's prompt": ("In [1]:\ndef double(x):\n    return 2 * x\n", "prompt"),
    "a notebook's prompt before a value": ("In[3]: two = 2\ndef double(x):\n    return 2 * x\n", "prompt"),
    "pip": ("pip install numpy\ndef double(x):\n    return 2 * x\n", "pip_line"),
    "a terminal's line": ("$ python double.py\ndef double(x):\n    return 2 * x\n", "shell_line"),
    "line numbers": ("1 def double(x):\n2     return 2 * x\n", "line_numbers"),
    "line numbers with a colon": ("1: def double(x):\n2:     y = 2 * x\n3:     return y\n", "line_numbers"),
    "a merge": ("<<<<<<< HEAD\ntwo = 2\n=======\ntwo = 3\n>>>>>>> main\n", "merge_marks"),
    "a merge inside a block": (
        "def double(x):\n<<<<<<< HEAD\n    return 2\n=======\n    return 3\n>>>>>>> a\n",
        "merge_marks",
    ),
    "a notebook": ('{"cells": [{"execution_count": null}], "nbformat": 4}', "pasted_notebook"),
    "a fence": ("```python\ndef double(x):\n    return 2 * x\n```\n", "code_fence"),
    "a fence at the end": ("def double(x):\n    return 2 * x\n```\n", "code_fence"),
    "html in a condition": ("def double(x):\n    if x &gt; 0:\n        return 2\n", "html_signs"),
    "html that parses": ("two = one &lt; 3\n", "html_signs"),
    "a web page": ("<!DOCTYPE html>\n<html></html>\n", "html_signs"),
    "a line of a diff": ("+def double(x):\n+    return 2 * x\n", "diff_marks"),
    "a whole diff": ("@@ -1,2 +1,2 @@\n def double(x):\n-    return x\n+    return 2 * x\n", "diff_marks"),
    "Python 2's print": ("def double(x):\n    print 'x'\n", "python_2"),
    "Python 2's range": ("for i in xrange(3):\n    pass\n", "python_2"),
    "Python 2's keys": ("if {}.has_key(1):\n    pass\n", "python_2"),
    "another and": ("def double(x):\n    return x && 2\n", "other_language"),
    "another else if": (
        "def double(x):\n    if x:\n        return 1\n    else if 2:\n        return 2\n",
        "other_language",
    ),
    "another comment": ("// doubles\ndef double(x):\n    return 2 * x\n", "other_language"),
    "another true": ("two = true\n", "name_capital"),
    "two words": ("WHY = loss optimum\n", "no_quotes"),
    "two words in a table": ("CAN = {3: nearly always}\n", "no_quotes"),
    "one word of several": ("# Why? 'k too small' or 'z is 0'\nWHY = z is 0\n", "name_without_quotes"),
    "a later word of several": ("# the kit's: 'not trained'\nWHY = not trained\n", "name_without_quotes"),
    "a name that stands in quotation marks elsewhere": ("# 'z is 0'\nWHY = z + 1\n", "name_unknown"),
    "one word of a list": ("# 'never' or 'always'\nCAN = {3: never}\n", "name_without_quotes"),
}

CAUSES = {
    "Keras's name in one's own words": ("raise ValueError('no keras, no tensorflow')\n", "stops_itself"),
    "a function's name in one's own words": ("raise TypeError(\"'function' NoneType 'str'\")\n", "stops_itself"),
    "null bytes in one's own words": ("raise ValueError('source code cannot contain null bytes')\n", "stops_itself"),
    "EOFError of one's own": ("raise EOFError('reading')\n", "stops_itself"),
    "a part of NumPy": ("from numpy import arrray\n", "import_part"),
    "a module of NumPy": ("import numpy.foo\n", "import_part"),
    "no such module": ("import nompy\n", "module_missing"),
    "NumPy without its import": ("two = np.array([2])\n", "name_not_imported"),
    "a function further down": ("two = one(1)\ndef one(x):\n    return x\n", "name_below"),
    "math of an array": ("import math\n" + HEAD + "two = math.exp(np.ones(2))\n", "math_of_many"),
    "math of a list": ("from math import log\ntwo = log([1, 2])\n", "math_of_many"),
    "math of a text": ("from math import log\ntwo = log('2')\n", "text_not_number"),
    "a NameError of one's own": ("raise NameError('x')\n", "stops_itself"),
    "rows of two lengths": (HEAD + "two = np.array([[1, 2], [3]])\n", "rows_of_an_array"),
    "a text in an array": (HEAD + "two = np.array(['x'], dtype=float)\n", "rows_of_an_array"),
    "a file that is not there": ("open('weights.txt')\n", "no_such_file"),
    "a number too large": ("import math\ntwo = math.exp(1000)\n", "number_too_large"),
    "a root of less than nothing": ("import math\ntwo = math.sqrt(-1)\n", "no_value_there"),
    "a decimal comma": ("two = float('0,5')\n", "text_is_no_number"),
    "an array as a number": (HEAD + "two = float(np.ones(2))\n", "no_single_number"),
    "a list as a number": ("two = int([1])\n", "no_single_number"),
    "nothing as a number": ("two = int(None)\n", "none_used"),
    "three for two names": ("one, two = 1, 2, 3\n", "other_count"),
    "three for two names in a loop": ("for one, two in [(1, 2, 3)]:\n    pass\n", "other_count"),
    "a tuple's part": ("two = (1, 2)\ntwo[0] = 3\n", "cannot_be_changed"),
    "two in a place for one": (HEAD + "two = np.ones(2)\ntwo[0] = [1, 2]\n", "place_for_one"),
    "a shape for more": (HEAD + "two = np.ones(2).reshape(2, 2)\n", "other_number_of_entries"),
    "what is not in a list": ("[1, 2].index(3)\n", "not_among_them"),
    "the largest of nothing": ("two = max([])\n", "nothing_in_it"),
    "the last of nothing": ("two = [].pop()\n", "nothing_in_it"),
    "a text for NumPy": (HEAD + "two = np.log('2')\n", "library_refuses"),
    "a length with a point": (HEAD + "two = np.linspace(0, 1, 2.5)\n", "whole_number_needed"),
    "a method's product": (HEAD + "two = np.ones(2).dot(np.ones(3))\n", "shapes_of_product"),
    "a window": ("import tkinter\n", "opens_window"),
    "a database": ("import sqlite3\n", "keeps_database"),
    "a place that is held": ("raise NotImplementedError\n", "stops_itself"),
    "a trial of one's own": ("two = 3\nassert two == 2, 'no'\n", "stops_itself"),
    "raised again": ("try:\n    1 / 0\nexcept ZeroDivisionError:\n    raise\n", "divides_by_zero"),
    "a path": ("two = 'C:\\Users\\kim'\n", "backslash"),
    "an unknown encoding": ("# coding: latin-99\ntwo = 2\n", "encoding_line"),
    "UTF-8 and another claim": ("# coding: ascii\ntwo = '값'\n", "encoding_line"),
    "append gives None": ("r = []\nr = r.append(1)\nr.append(2)\n", "none_used"),
    "a shape without brackets": (HEAD + "two = np.zeros(3, 4)\n", "library_brackets"),
    "rows without brackets": (HEAD + "two = np.array([0, 0], [0, 1])\n", "library_brackets"),
    "a library's arguments": ("import math\ntwo = math.exp()\n", "library_arguments"),
    "one's own arguments": ("def one(x):\n    return 1\ntwo = one()\n", "wrong_arguments"),
    "if of an array": (HEAD + "if np.ones(2) == 1:\n    pass\n", "array_in_if"),
    "shapes of @": (HEAD + "two = np.ones((3, 2)) @ np.ones((3, 2))\n", "shapes_of_product"),
    "shapes of dot": (HEAD + "two = np.dot(np.ones((3, 2)), np.ones((3, 2)))\n", "shapes_of_product"),
    "* for @": (HEAD + "W = np.ones((3, 2))\ntwo = W * W.T\n", "shapes_entry_by_entry"),
    "shapes in a longer line": (HEAD + "two = np.ones(4) * np.log(np.ones((4, 2)))\n", "shapes_do_not_pair"),
    "a caret for a power": ("two = 2.0 ^ 2\n", "caret"),
    "a caret for a power of an array": (HEAD + "two = np.ones(2) ^ 2\n", "caret"),
    "a range with a point": ("for i in range(0.5):\n    pass\n", "whole_number_needed"),
    "a place with a point": ("two = [1, 2][1.0]\n", "whole_number_needed"),
    "a place by name": ("two = [1, 2]['x']\n", "whole_number_needed"),
    "a list in a set": ("two = set()\ntwo.add([1, 2])\n", "list_as_key"),
    "a part of a number": ("two = 2\nthree = two[0]\n", "no_parts"),
    "a misspelt method": ("two = [1, 2].counts(1)\n", "no_such_attribute"),
    "a misspelt function of NumPy": (HEAD + "two = np.meen([1, 2])\n", "no_such_attribute"),
    "a key": ("{1: 2}[3]\n", "key_unknown"),
    "a place": ("[1, 2][2]\n", "no_such_place"),
    "a call of a number": ("two = 3 (4)\n", "not_callable"),
    "a list and a number": ("two = [1, 2] - 1\n", "list_not_array"),
    "a call that goes round": ("def f(x):\n    return g(x)\ndef g(x):\n    return f(x)\nf(1)\n", "calls_itself"),
    "a bracket of another kind": ("two = [1, 2)\n", "syntax_bracket"),
    "a return outside": ("return 2\n", "syntax_outside"),
}


@pytest.mark.parametrize(("source", "tag"), [*PASTED.values(), *CAUSES.values()], ids=[*PASTED, *CAUSES])
@pytest.mark.filterwarnings("ignore::SyntaxWarning")  # Python's own, of "3 (4)", beside the crash
def test_a_cause_has_its_own_words(grade, source, tag):
    check = grade(source).katas[0].checks[0]
    assert check.tag == tag, check.message["en"]
    assert check.message["en"].count("?") <= 4
    assert "gufunc" not in check.message["en"]
    assert "a.any()" not in check.message["en"]


@pytest.mark.parametrize("line", ["!pip install numpy", "%matplotlib inline", "get_ipython().system('ls')", "double?"])
def test_a_line_of_jupyters_is_forgiven(grade, line):
    """See test_source_text.py; what stands in the middle of a statement has a name."""
    assert grade(f"{line}\ndef double(x):\n    return 2 * x\n").score == 2
    named = grade("shell = get_ipython()\ndef double(x):\n    return 2 * x\n").katas[0].checks[0]
    assert named.tag == "notebook_magic"


def test_a_call_without_an_end_is_told_where_it_calls_itself(grade):
    """Not where the depth runs out: that may be in a function that it calls on the way."""
    source = "def one(x):\n    return abs(abs(x))\n\ndef double(x):\n    return one(x) + double(x)\n"
    check = grade(source).katas[0].checks[0]
    assert (check.tag, "line 5" in check.message["en"].lower()) == ("calls_itself", True)


HARMLESS = (
    '"""\n>>> double(2)\n4\n```\n<<<<<<< HEAD\n!pip install x\n"""\ndef double(x)\n    return 2 * x\n',
    "# 1 a\n# 2 b\ndef double(x)\n    return 2 * x\n",
    "def double(x)\n    return x if x &2 else - x\n",
    "WHY = not optimum\ndef double(x)\n    return 2 * x\n",
    "y = x if x in z else\n",
)


@pytest.mark.parametrize("source", HARMLESS)
def test_signs_elsewhere_in_a_file_are_no_residue(source):
    line = next(number for number, text in enumerate(source.splitlines(), 1) if text.startswith(("def", "y =")))
    assert residue.find(source.encode(), line) is None


def test_a_long_line_is_read_in_no_time():
    """The judge reads it: a pattern that goes back and forth over it would cost everyone."""
    for piece in ("a ", "= a ", "&", "In [", "1 ", "x " * 40 + "= "):
        source = (piece * 120_000)[:240_000].encode()
        residue.find(source, 1)


class Liar(NameError):
    @property
    def name(self):
        raise RuntimeError


@pytest.mark.parametrize("problem", [Liar("x"), KeyError(), ImportError(), AttributeError("by hand")])
def test_an_exception_that_tells_nothing_has_no_fields(problem):
    found = cause.fields_of(problem, b"x = 1\n", "x.py")
    assert not {word for name, word in found.items() if name not in ("installed",)}


def test_words_of_a_cause_are_short_and_known():
    try:
        raise KeyError("k" * 500)
    except KeyError as problem:
        found = cause.fields_of(problem, b"", "x.py")
    assert set(found) <= set(cause.FIELDS)
    assert all(len(word) <= cause.MAX_FIELD for word in found.values())
