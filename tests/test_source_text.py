"""What is forgiven in a student's file is forgiven at home and in grading; what is not has a name in both."""

import re
import time

import pytest

from grader.bank.kata import load_kata
from grader.bank.texts import load_kata_texts
from grader.checks.student import Student, StudentFault
from grader.intake import Found, Submission, read_submission
from grader.judge.judge import Judge, isolation_for_trusted_code
from grader.plugin import open_session
from grader.sandbox.source_text import forgive, forgive_source
from tests.conftest import ROOT
from tests.test_notebook import answer, check, notebook
from tests.test_toml_kata import RIGHT as FACTS

GATES, TOML = (load_kata(ROOT / "exercises" / name) for name in ("02_gates", "16_facts"))
WHOLE = "# 0 0 0 1\nAND = (0.5, 0.5, -0.75)\nNAND = (-0.5, -0.5, 0.75)\nOR = (0.5, 0.5, -0.25)\n"
WHOLE += "NOR = (-0.5, -0.5, 0.25)\nA_NOT_B = (0.5, -0.5, -0.25)\n"
EXPORTED = "#!/usr/bin/env python\n# coding: utf-8\n\n# In[1]:\n\n\n"
EXPORTED += "get_ipython().run_line_magic('matplotlib', 'inline')\nimport numpy as np\n\n\n"

FORGIVEN = {
    "a byte order mark": lambda text: "\ufeff" + text,
    "line ends of Windows": lambda text: text.replace("\n", "\r\n"),
    "line ends of old Macs": lambda text: text.replace("\n", "\r"),
    "no-break spaces": lambda text: text.replace(" = ", "\xa0=\xa0"),
    "wide spaces": lambda text: text.replace(" = ", "\u3000= "),
    "a zero-width space": lambda text: text.replace(" = ", "\u200b = "),
}
JUPYTER = {
    "magics": lambda text: "%matplotlib inline\n!pip install numpy\n" + text + "AND?\n?OR\n%time AND\n",
    "a cell's magic": lambda text: "%%writefile gates.py\n" + text,
    "an exported notebook": lambda text: EXPORTED + text + "get_ipython().system('ls; echo it is')\n",
}
NAMED = {
    "cp949": (lambda text: text.replace('"1"', '"값"').encode("cp949"), "encoding"),
    "UTF-16": (lambda text: text.encode("utf-16"), "encoding"),
    "curly quotes": (lambda text: re.sub(r'= "(1|true)"', r"= “\1”", text, count=1), "syntax_character"),
    "a wide sign": (lambda text: text.replace(" = ", " ＝ ", 1), "syntax_character"),
}


@pytest.fixture(scope="module")
def judge():
    with Judge((GATES, TOML), isolation=isolation_for_trusted_code()) as opened:
        yield opened


def as_bytes(text):
    return text if isinstance(text, bytes) else text.encode("utf-8")


def tag_at_home(kata, source):
    """What plain pytest says of a file that does not load; "" if it loads."""
    try:
        open_student = Student(open_session(kata, source), "check")
        assert open_student.syntax is not None
    except StudentFault as fault:
        raised = fault.raised
        return load_kata_texts(kata, hidden=False).fault_tag(raised.type, raised.text, raised.fields) or fault.tag
    return ""


def graded(judge, kata, source):
    results = judge.grade(Submission("s", {kata.name: source})).katas
    return next(result for result in results if result.kata == kata.name)


@pytest.mark.parametrize("change", FORGIVEN.values(), ids=FORGIVEN)
@pytest.mark.parametrize(("kata", "text"), [(GATES, WHOLE), (TOML, FACTS)], ids=["py", "toml"])
def test_what_nobody_can_see_costs_nothing_in_either_place(judge, kata, text, change):
    source = as_bytes(change(text))
    assert tag_at_home(kata, source) == ""
    result = graded(judge, kata, source)
    assert result.score == result.max_score


@pytest.mark.parametrize("change", JUPYTER.values(), ids=JUPYTER)
def test_lines_that_only_jupyter_knows_cost_nothing_in_a_file_or_a_cell(judge, tmp_path, change):
    source = as_bytes(change(WHOLE))
    assert tag_at_home(GATES, source) == ""
    assert graded(judge, GATES, source).score == GATES.points
    path = tmp_path / "ana.ipynb"
    path.write_bytes(notebook(answer(change(f"# gates.py\n{WHOLE}"), grade_id="gates_answer"), check()))
    (content,) = read_submission(Found("ana", path), (GATES, TOML)).files.values()
    assert graded(judge, GATES, content).score == GATES.points


@pytest.mark.parametrize(("change", "tag"), NAMED.values(), ids=NAMED)
@pytest.mark.parametrize(("kata", "text"), [(GATES, 'x = "1"\n' + WHOLE), (TOML, FACTS)], ids=["py", "toml"])
def test_what_one_can_see_is_named_and_alike_in_either_place(judge, kata, text, change, tag):
    source = as_bytes(change(text))
    assert tag_at_home(kata, source) == tag
    assert graded(judge, kata, source).checks[0].tag == tag


def test_korean_comments_of_an_old_editor_cost_nothing_in_a_py_file(judge):
    source = f"# 값\r\n%time 1\r\n{WHOLE}".encode("cp949")
    assert tag_at_home(GATES, source) == ""
    assert graded(judge, GATES, source).score == GATES.points


def test_a_line_keeps_its_number_whatever_stands_above_it(judge):
    text = "%matplotlib inline\n\x0cx\xa0=\xa01\n# a\u2028b\nget_ipython().system('ls')\nAND = 1 / 0\n"
    message = graded(judge, GATES, text.encode()).checks[0].message["en"]
    assert message.startswith("Line 5 divides by 0.\n    AND = 1 / 0\n")


def test_a_hole_in_toml_keeps_its_number_behind_signs_that_end_no_line(judge):
    text = FACTS.replace('verdict = "true"', 'verdict = "..."', 1)
    line = text[: text.index('verdict = "..."')].count("\n") + 2
    message = graded(judge, TOML, f"# page\x85 two\u2028\n{text}".encode()).checks[0].message["en"]
    assert message.startswith(f"Line {line}: s01 is still")


@pytest.mark.parametrize(
    "text",
    [
        "x = (a\n     %b)\n",
        "x = a \\\n  %b\n",
        "s = '''\n%d\n!x\nwhat?\n'''\n",
        's = "a\xa0b"  # c\xa0d\n',
        "s = 'x\\'\xa0y'\n",
        "t = [\n    'what?'\n]\n",
        "# AND?\nx = 1\n",
    ],
)
def test_python_as_it_stands_is_not_touched(text):
    assert forgive(text) == text
    assert forgive_source(text.encode()) == text.encode()


@pytest.mark.parametrize("part", ["(\xa0", "'\xa0", "'''\xa0", "\\\xa0", "%a\n", "a?\n", "'\\\xa0?\n", "\xa0\n?"])
def test_the_longest_file_of_the_oddest_text_takes_no_time_to_speak_of(part):
    start = time.process_time()
    forgive(part * (256 * 1024 // len(part)))
    assert time.process_time() - start < 5
