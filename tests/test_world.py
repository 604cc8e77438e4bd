"""What a student's file finds around it, and what a session remembers about it."""

import os
import random
import subprocess
import sys
import time
import warnings
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from grader.bank.kata import load_katas
from grader.checks.student import Student
from grader.intake import Submission
from grader.judge.judge import Judge
from grader.result import MOST_LINE_BYTES, CheckResult, KataResult, Outcome, Report, Status, fit_into_line
from grader.sandbox import limits
from grader.sandbox.client import Sandbox
from grader.sandbox.facts import read_facts
from grader.sandbox.fault import Fault
from grader.sandbox.limits import limits_for, needs_of
from grader.sandbox.local import LocalSession
from grader.sandbox.places import neutral
from grader.sandbox.remote import Budget
from grader.sandbox.tier import Tier
from tests.conftest import ROOT, write_bank
from tests.tiers import need

KATAS = {kata.name: kata for kata in load_katas(ROOT)}


def session_of(source, **more):
    return LocalSession(source.encode(), "double.py", **more)


def student_of(source, **more):
    return Student(session_of(source, **more), "check")


# --- the world -----------------------------------------------------------------------------------------------------


def test_what_a_file_changes_stays_its_own_and_comes_back_at_the_next_question():
    source = """
import os, random, sys, warnings
import numpy as np
np.seterr(all="raise")
warnings.simplefilter("error")
sys.setrecursionlimit(5000)
random.seed(7)
os.makedirs("deeper"); os.chdir("deeper")
def look():
    return [np.geterr()["over"], warnings.filters[0][0], sys.getrecursionlimit() > 4000, random.random(), os.getcwd()]
"""
    random.seed(1)
    before = (np.geterr(), list(warnings.filters), sys.getrecursionlimit(), random.getstate(), Path.cwd(), sys.path[:])
    student = student_of(source)
    first, second = student.look(), student.look()
    after = (np.geterr(), list(warnings.filters), sys.getrecursionlimit(), random.getstate(), Path.cwd(), sys.path[:])
    assert before == after
    assert first[:3] == ["raise", "error", True]
    assert first[4].endswith("deeper")
    stream = random.Random(7)
    assert [first[3], second[3]] == [stream.random(), stream.random()]


@pytest.mark.parametrize(
    "way", ["import helpers", "from helpers import a", "import importlib as i; i.import_module('helpers')"]
)
@pytest.mark.parametrize("path", ["''", "'.'", "os.getcwd()", "HERE"])
def test_nothing_beside_the_file_can_be_imported(tmp_path, monkeypatch, way, path):
    (tmp_path / "helpers.py").write_text("a = 1\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.chdir(tmp_path)
    source = f"import os, sys\nHERE = {str(tmp_path)!r}\nsys.path.insert(0, {path})\n{way}\n"
    with pytest.raises(Exception, match="module_missing"):
        _ = student_of(source).x


def test_what_pytest_has_loaded_from_the_folder_cannot_be_imported_either():
    assert "tests.conftest" in sys.modules
    with pytest.raises(Exception, match="module_missing"):
        _ = student_of("import tests.conftest\n").x
    assert "tests.conftest" in sys.modules


@pytest.mark.parametrize(
    "way",
    [
        "import perceptron",
        "from perceptron.shared import gates",
        "from perceptron.train_xor.xor_net import measured_slopes",
        "import importlib as i; i.import_module('perceptron.shared.gates')",
        "import sys; sys.path.insert(0, '/'); import perceptron.shared.stacks",
    ],
)
def test_the_banks_own_code_is_for_checks_alone(way):
    from perceptron.shared import gates

    with pytest.raises(Exception, match="module_missing") as caught:
        _ = student_of(way).x
    assert caught.value.raised.type == "ModuleNotFoundError"
    assert caught.value.raised.text == "No module named 'perceptron'"
    with pytest.raises(Exception, match="module_missing"):
        _ = student_of(f"def later():\n    {way}\n").later()
    assert sys.modules["perceptron.shared.gates"] is gates, "the checks have it as before"


def test_what_a_file_calls_like_the_banks_package_is_gone_after_the_question():
    from perceptron.shared import gates

    student = student_of("import sys\nsys.modules['perceptron.shared.gates'] = sys\nx = 1\n")
    assert student.x == 1
    assert sys.modules["perceptron.shared.gates"] is gates


@pytest.mark.parametrize("name", ["json", "numpy", "tqdm", "matplotlib", "decimal", "bz2"])
def test_what_is_installed_can_be_imported(name):
    assert student_of(f"import {name}\nx = {name}.__name__\n").x == name


def test_no_file_finds_widgets_although_they_are_installed():
    """With them tqdm's bar for notebooks draws for nobody, and without them it fails; not every student has them."""
    import ipywidgets
    import tqdm.notebook

    assert tqdm.notebook.IProgress is not None
    for source in ("import ipywidgets\nx = 1\n", "import importlib as i\nx = i.import_module('ipywidgets')\n"):
        with pytest.raises(Exception, match="module_missing"):
            _ = student_of(source).x
    student = student_of("import tqdm.notebook\ndef bar():\n    return tqdm.notebook.IProgress is None\n")
    assert [student.bar(), student.bar()] == [True, True]
    assert sys.modules["ipywidgets"] is ipywidgets, "pytest's plugins have them as before"


@pytest.mark.parametrize("line", ["import tkinter", "import turtle", "from tkinter import messagebox"])
def test_no_file_opens_a_window_although_a_student_has_a_screen(line):
    with pytest.raises(Exception, match="module_missing") as caught:
        _ = student_of(f"{line}\nx = 1\n").x
    assert caught.value.raised.fields["module"] in ("_tkinter", "tkinter", "turtle")


def test_nobody_types():
    with pytest.raises(Exception, match="crash") as caught:
        student_of("def ask():\n    return input()\n").ask()
    raised = caught.value.raised
    assert (raised.type, raised.text) == ("EOFError", "EOF when reading a line")


def test_letters_are_utf8_where_the_systems_are_not():
    program = (
        "from grader.sandbox.local import LocalSession; from grader.checks.student import Student\n"
        'source = \'from pathlib import Path\\nopen("a", "w").write("\\uac00")\\n\'\n'
        "source += 'x = Path(\"a\").read_text()\\nprint(x)\\n'\n"
        "assert Student(LocalSession(source.encode(), 'a.py'), 'c').x == '\\uac00'\n"
        "import builtins, io; assert open is io.open and open.__module__ in ('io', '_io')\n"
    )
    environment = {**os.environ, "LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("No such file: '/box/job/home/data.csv'", "No such file: 'data.csv'"),
        (f"from 'numpy' ({np.__file__})", "from 'numpy' (numpy/__init__.py)"),
        (f"in {os.__file__}, line 3", "in os.py, line 3"),
        ("from 'keras' (C:\\\\py\\\\Lib\\\\site-packages\\\\keras\\\\a.py)", "from 'keras' (keras\\\\a.py)"),
        ("<A object at 0x7f00aa> / <B object at 0x1>", "<A object> / <B object>"),
        ("5 / 0 and a/b stay", "5 / 0 and a/b stay"),
        ("{{function_node __wrapped__AddV2_device_/job:localhost/device:CPU:0}} Incompatible", "Incompatible"),
        ("for '{{node MatMul}} = MatMul[T=DT_FLOAT](x, x)'", "for '{{node MatMul}} = MatMul[T=DT_FLOAT](x, x)'"),
    ],
)
def test_a_text_names_no_place_of_this_machine(text, clean):
    assert neutral(text, "/box/job/home/double.py") == clean


# --- needs ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "needs"),
    [
        ("import keras", "keras"),
        ("def f():\n    from tensorflow.keras import layers", "keras"),
        ("import numpy, tensorflow as tf", "keras"),
        ("class A:\n    def f(self):\n        import keras", "keras"),
        ("import importlib\nimportlib.import_module('keras.utils')", "keras"),
        ("def look():\n    import keras", "np"),
        ("import kerastuner_of_mine\nx = 'import keras'", "np"),
    ],
)
def test_a_text_that_imports_keras_needs_keras_wherever_it_stands(source, needs):
    assert needs_of("np", read_facts(source.encode(), "a.py").imports, ["look"]) == needs


def test_no_kata_but_those_about_keras_pays_for_it():
    for kata in KATAS.values():
        if kata.needs not in ("keras", "toml"):
            facts = read_facts(kata.student_file.read_bytes(), "a.py")
            assert needs_of(kata.needs, facts.imports, kata.aside) == kata.needs, kata.name


def test_home_and_judge_read_their_limits_from_one_table():
    session = session_of("def loop():\n    while True:\n        pass\n")
    assert limits_for("np").call_cpu_s == 5
    with pytest.raises(Fault) as caught:
        session.ask("call", name="loop", args=[], kwargs={})
    assert (caught.value.kind, caught.value.wall_s) == ("cpu", 5)


# --- memory --------------------------------------------------------------------------------------------------------


def test_one_endless_builder_does_not_make_every_builder_too_slow():
    student = student_of("def bad():\n    while True:\n        pass\ndef good():\n    return 3\n", cpu_s=0.2)
    with pytest.raises(Exception, match="too_slow"):
        student.bad.once()
    assert student.good.once() == 3
    begin = time.process_time()
    with pytest.raises(Exception, match="too_slow"):
        student.bad.once()
    assert time.process_time() - begin < 0.1, "remembered, not tried again"


def test_after_a_loop_without_an_end_the_file_is_loaded_anew_as_in_a_new_child():
    student = student_of("seen = []\ndef bad():\n    seen.append(1)\n    while True:\n        pass\n", cpu_s=0.2)
    with pytest.raises(Exception, match="too_slow"):
        student.bad()
    assert student.seen == []


def test_strict_floats_give_back_what_the_file_had_chosen():
    student = student_of("import numpy as np\nnp.seterr(all='ignore')\ndef mode():\n    return np.geterr()['over']\n")
    with student.strict_floats():
        assert student.mode() == "raise"
    assert student.mode() == "ignore"


def test_a_function_as_a_value_is_told_as_a_function():
    from grader import expect

    student = student_of("def AND(a, b):\n    return 1\ndef use(f):\n    return 1\n")
    assert expect.show(student.AND) == "<function AND>"
    assert expect.call_text("use", [student.AND]) == "use(AND)"


ASKS_SYNTAX = '''import pytest

from grader import expect


@pytest.mark.check(points=1.2)
def test_doubles(student):
    """it compares nothing"""
    student.double(1)
    if any(fact.kind == "Compare" for fact in student.syntax):
        expect.fail("wrong_value")
'''


def test_facts_about_the_text_are_from_before_it_ran(tmp_path):
    katas = load_katas(write_bank(tmp_path, {"exercises/01_double/test_double.py": ASKS_SYNTAX}))
    source = "import ast, os\nast.parse = lambda *a, **k: ast.Module([], [])\ndef double(x):\n    return x > 1\n"
    with Judge(katas) as judge:
        for text in (source, source.replace("return", "os._exit(0) if x > 7 else None; return")):
            check = judge.grade(Submission("s", {"01_double": text.encode()})).katas[0].checks[0]
            assert (check.outcome, check.tag) == (Outcome.FAILED, "wrong_value")


# --- what one submission may cost ----------------------------------------------------------------------------------


def test_time_is_limited_for_a_part_and_for_a_submission(tiny_judge, monkeypatch):
    from dataclasses import replace

    sleeper = b"import time\ndef double(x):\n    time.sleep(2)\n    return 2 * x\n"
    monkeypatch.setattr(limits, "PLAIN", replace(limits.PLAIN, part_wall_s=3))
    checks = tiny_judge.grade(Submission("s", {"01_double": sleeper})).katas[0].checks
    assert [(c.outcome, c.tag) for c in checks] == [
        (Outcome.PASSED, ""),
        (Outcome.TIMEOUT, "waits_too_often"),
        (Outcome.TIMEOUT, "waits_too_often"),
    ]
    assert "more than 3 s in all" in checks[1].message["en"]
    monkeypatch.undo()
    monkeypatch.setattr(limits, "SUBMISSION_WALL_S", 3.0)
    checks = tiny_judge.grade(Submission("s", {"01_double": sleeper})).katas[0].checks
    assert [c.tag for c in checks] == ["", "no_time_left", "no_time_left"]


def test_the_judges_own_computing_is_limited():
    budget = Budget(wall_s=60, cpu_s=0.05)
    budget.left_s()
    end = time.process_time() + 0.1
    while time.process_time() < end:
        pass
    with pytest.raises(Fault) as caught:
        budget.left_s()
    assert caught.value.kind == "all_time"


def report_of(text):
    message = {"en": text, "ko": text}
    checks = tuple(
        CheckResult(f"c{i}", "t", False, 1, Outcome.FAILED, 1.0, "wrong_value", message, text, text) for i in range(100)
    )
    return Report("s", Status.GRADED, "full", "0", "d", 1.0, 100.0, (KataResult("k", checks),))


def test_a_line_of_the_results_is_short_whatever_a_submission_answers():
    for text in ("x" * 10_000, "가" * 10_000, '"\\\n' * 4000):
        assert len(fit_into_line(report_of(text)).to_line().encode()) < MOST_LINE_BYTES
    short = report_of("x" * 400)
    assert fit_into_line(short) is short


HOSTILE = {
    "an exception's text": "def double(x):\n    raise ValueError('x' * 10**6)\n",
    "an exception's name": "def double(x):\n    raise type('E' * 10**6, (Exception,), {})('x')\n",
    "a string": "def double(x):\n    return '\\n' * 10**5\n",
    "names": "globals().update({'n' * 30 + str(i): 1 for i in range(10**4)})\n",
    "a class": "def double(x):\n    return type('T' * 10**6, (), {})()\n",
    "a line": "def double(x): raise ValueError(" + "1 + " * 20_000 + "1)\n",
    "a number": "def double(x):\n    return 1e300 + x\n",
    "nests": "def double(x):\n    return [[['y' * 1000] * 30] * 30] * 2\n",
}


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE)
def test_no_answer_makes_a_long_line(grade, source):
    assert len(grade(source).to_line().encode()) < 20_000


def test_a_childs_number_does_not_tell_its_part():
    need("full")
    source = b"import os\nx = os.getpid()\n"
    numbers = []
    with Sandbox(Tier.FULL) as sandbox:
        for _ in range(30):
            with sandbox.open("py", source, "a.py") as child:
                child.ask("parse")
                child.ask("load")
                numbers.append(child.ask("get", name="x"))
    steps = {later - earlier for earlier, later in pairwise(numbers)}
    assert len(steps) > 3
    assert {number % 2 for number in numbers} == {0, 1}
