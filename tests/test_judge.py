"""One submission in, one report out: every way of not passing is told apart, and none of them hurts the next one."""

import json

import pytest

from grader.intake import Problem, Submission
from grader.result import Outcome, Status, report_from_json
from grader.sandbox import limits

RIGHT = "def double(x):\n    return 2 * x\n"


def outcomes(report):
    return {check.id: (str(check.outcome), check.tag) for check in report.katas[0].checks}


def test_a_right_answer_gets_every_point(grade):
    report = grade(RIGHT)
    assert report.score == report.max_score == 2
    assert report.katas[0].passed(hidden=False) == (2, 2)
    assert report.katas[0].passed(hidden=True) == (1, 1)


def test_a_mistake_is_named_and_shown_with_its_gap(grade):
    check = grade("def double(x):\n    return x + 2\n").katas[0].checks[0]
    assert check.tag == "adds_two"
    assert check.message["en"] == "double(3): expected 6, got 5.0.\n5.0 is 2 more. What is twice as much?"
    assert check.message["ko"] == "double(3): 기대한 값 6, 나온 값 5.0.\n5.0 값은 2를 더한 거예요. 두 배는 얼마일까요?"
    assert (check.expected, check.actual) == ("6", "5.0")


def test_a_check_whose_need_failed_is_blocked_not_failed(grade):
    assert outcomes(grade("def double(x):\n    return x + 2\n"))["again"] == ("blocked", "blocked")


def test_points_are_partial_by_check(grade):
    # Right for 3 and 4 alone: a memorised table meets the random inputs of the hidden check.
    report = grade("def double(x):\n    return {3: 6, 4: 8}.get(x, 0)\n")
    assert report.score == 1.2
    assert outcomes(report)["random"] == ("failed", "wrong_value")


def test_a_hidden_message_repeats_nothing_of_the_submission(grade):
    for source in ("def double(x):\n    return x + 2\n", "def double(x):\n    return f'stolen {x}'\n"):
        hidden = grade(source).katas[0].checks[-1]
        assert hidden.hidden
        assert hidden.message["en"] == "A hidden check did not pass: any number is doubled." or "stolen" not in str(
            hidden
        )
        assert hidden.expected == hidden.actual == ""
        assert not any(char.isdigit() for char in hidden.message["en"])


@pytest.mark.parametrize(
    ("source", "english", "korean"),
    [
        ("def double(x):\n    return {3: 6, 4: 8}[x]\n", "There it ended with an error", "오류로 끝났어요"),
        (
            "def double(x):\n    while x not in (3, 4):\n        pass\n    return 2 * x\n",
            "There it took longer than it may",
            "정해진 시간보다 오래 걸려서",
        ),
    ],
    ids=["error", "time"],
)
def test_a_hidden_check_says_whether_it_ended_with_an_error_or_took_too_long(grade, source, english, korean):
    *_, hidden = grade(source).katas[0].checks
    assert hidden.message["en"].splitlines()[1].startswith(english)
    assert korean in hidden.message["ko"]


def test_a_hidden_message_may_say_what_the_author_wrote(grade):
    hidden = grade("def double(x):\n    return x * x\n").katas[0].checks[-1]
    assert hidden.message["en"] == (
        "A hidden check did not pass: any number is doubled.\nThe number was multiplied by itself."
    )


CASES = {
    "syntax": ("def double(x:\n    return 1\n", "error", "syntax_open"),
    "import crash": ("1 / 0\n", "error", "divides_by_zero"),
    "call crash": ("def double(x):\n    return x / 0\n", "error", "divides_by_zero"),
    "sys.exit": ("import sys\nsys.exit(0)\n", "error", "exits"),
    "sys.exit in a call": ("import sys\ndef double(x):\n    sys.exit(0)\n", "error", "exits"),
    "raise SystemExit": ("raise SystemExit\n", "error", "exits"),
    "os._exit": ("import os\nos._exit(0)\n", "error", "died"),
    "os._exit in a call": ("import os\ndef double(x):\n    os._exit(0)\n", "error", "died"),
    "segfault": ("import ctypes\ndef double(x):\n    ctypes.string_at(0)\n", "error", "died"),
    "missing name": ("def triple(x):\n    return 3 * x\n", "error", "missing_name"),
    "missing module": ("import no_such_module_at_all\n", "error", "module_missing"),
    "hole": ("def double(x):\n    ...  # TODO\n", "failed", "not_filled"),
    "half a hole": ("def double(x):\n    y = ...\n    return y * x\n", "failed", "not_filled"),
    "none": ("def double(x):\n    2 * x\n", "failed", "returned_nothing"),
    "text": ("def double(x):\n    return str(2 * x)\n", "failed", "number_is_text"),
    "nan": ("def double(x):\n    return float('nan')\n", "failed", "not_finite"),
    "not a function": ("double = 6\n", "failed", "not_a_function"),
    "endless list": ("def double(x):\n    a = []\n    a.append(a)\n    return a\n", "error", "too_big"),
    "huge answer": ("def double(x):\n    return 'x' * (1 << 22)\n", "error", "too_big"),
    "memory": ("def double(x):\n    return len('x' * (1 << 33))\n", "error", "crash"),
    "recursion": ("def double(x):\n    return double(x)\n", "error", "calls_itself"),
    "not text": (b"\xff\xfe\x00double", "error", "encoding"),
    "nul": ("def double(x):\n    return '\0'\n", "error", "encoding"),
}


@pytest.mark.parametrize(("source", "outcome", "tag"), CASES.values(), ids=CASES)
def test_every_way_of_not_answering_has_its_own_name(grade, source, outcome, tag):
    report = grade(source)
    assert report.status is Status.GRADED
    assert report.score == 0
    assert outcomes(report)["doubles"] == (outcome, tag)
    assert grade(RIGHT).score == 2, "the next submission is not touched"


def test_a_crash_names_the_line_of_the_students_file(grade):
    message = grade("def help(x):\n    return x / 0\n\ndef double(x):\n    return help(x)\n").katas[0].checks[0].message
    assert "Line 2 divides by 0.\n    return x / 0\n" in message["en"]


def test_an_endless_loop_ends_and_names_its_line(grade):
    report = grade("def double(x):\n    while True:\n        x = x + 1\n")
    check = report.katas[0].checks[0]
    assert (check.outcome, check.tag) == (Outcome.TIMEOUT, "too_slow")
    assert "in line 2" in check.message["en"] or "in line 3" in check.message["en"]
    assert outcomes(report)["random"] == ("timeout", "too_slow"), "the hidden check has its own child"


def test_an_endless_loop_at_import_is_paid_for_once_by_each_child(grade):
    report = grade("while True:\n    pass\n")
    # Public checks share a child, hidden ones have another; after the first that waited nobody reads the file again.
    tags = [(check.hidden, check.tag) for check in report.katas[0].checks]
    assert tags == [(False, "too_slow_to_read"), (False, "blocked"), (True, "too_slow_to_read")]


def test_signals_and_excepts_do_not_save_an_endless_loop(grade):
    source = """
import signal
for number in range(1, 32):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
def double(x):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
"""
    assert outcomes(grade(source))["doubles"][0] == "timeout"


def test_many_answers_that_are_each_allowed_cannot_hold_up_the_judge(grade, monkeypatch):
    """What costs the judge time is bounded in all, not only in each answer."""
    monkeypatch.setattr(limits, "ANSWERS_BYTES", 2000)
    calls = "calls = []\ndef double(x):\n    calls.append(x)\n    return 2 * x if len(calls) < 3 else [x] * 1000\n"
    report = grade(calls)
    assert outcomes(report) == {"doubles": ("passed", ""), "again": ("passed", ""), "random": ("error", "too_big")}
    assert grade(RIGHT).score == 2


def test_hidden_checks_never_share_a_child_with_public_ones(grade):
    source = (
        "calls = []\ndef double(x):\n    calls.append(x)\n    return 2 * x if 3 not in calls else 2 * x + (x > 4)\n"
    )
    assert outcomes(grade(source))["random"] == ("passed", "")


def test_a_patched_pytest_patches_nothing_here(grade):
    source = """
import _pytest.python, builtins, sys
_pytest.python.Function.runtest = lambda self: None
builtins.all = builtins.any = lambda *a: True
sys.modules["numpy"] = None
class Yes(int):
    __eq__ = __le__ = __lt__ = __gt__ = __ge__ = lambda self, other: True
    __hash__ = int.__hash__
def double(x):
    return Yes(7)
"""
    report = grade(source)
    assert report.score == 0
    assert outcomes(report)["doubles"] == ("failed", "wrong_value")


def test_the_child_has_no_environment_and_no_descriptor_to_look_at(grade):
    source = """
import os
def double(x):
    open_fds = [fd for fd in range(3, 200) if os.path.exists(f"/proc/self/fd/{fd}")]
    return str((sorted(k for k in os.environ if "KATA" in k or "TOKEN" in k), len(open_fds)))
"""
    import os

    os.environ["SECRET_TOKEN"] = "x"
    try:
        assert "[], 1" in grade(source).katas[0].checks[0].actual
    finally:
        del os.environ["SECRET_TOKEN"]


def test_a_missing_file_is_an_error_that_says_which(tiny_judge):
    report = tiny_judge.grade(Submission("s", {}))
    assert report.score == 0
    assert report.katas[0].checks[0].message["en"] == "There is no file double.py for this kata."


def test_a_file_that_cannot_be_used_says_why(tiny_judge):
    problem = Problem("file_too_big", {"file": "double.py", "most": "256 KiB"})
    report = tiny_judge.grade(Submission("s", {}, {"01_double": problem}))
    assert "double.py" in report.katas[0].checks[0].message["ko"]


def test_an_unreadable_submission_has_a_report_too(tiny_judge):
    report = tiny_judge.grade(Submission("s", {}, unreadable=Problem("zip_unreadable", {"file": "s.zip"})))
    assert report.status is Status.UNREADABLE
    assert report.score == 0
    assert report.reason["en"] == "s.zip is damaged or no zip."


def test_the_same_submission_gets_the_same_report_every_time(grade):
    source = (
        "import random\nimport numpy as np\ndef double(x):\n    return random.random() + np.random.rand() + hash('a')\n"
    )
    first = {**grade(source).to_json(), "seconds": 0}
    for _ in range(10):
        assert {**grade(source).to_json(), "seconds": 0} == first


def test_a_report_survives_json(grade):
    report = grade("def double(x):\n    return x + 2\n")
    assert report_from_json(json.loads(report.to_line())) == report


def test_the_denominator_never_shrinks(grade):
    for source in (RIGHT, "", "import os; os._exit(0)", "def double(x:"):
        report = grade(source)
        assert (report.max_score, len(report.katas[0].checks)) == (2, 3)


def test_a_check_may_ask_for_nan_or_for_strict_floats(tmp_path):
    from grader.bank.kata import load_katas
    from grader.judge.judge import Judge
    from tests.conftest import write_bank

    public = """import pytest


@pytest.mark.check(points=0.7)
def test_doubles(student):
    \"\"\"unchecked\"\"\"
    value = student.double.unchecked(1.0)
    assert value != value


@pytest.mark.check(points=0.5)
def test_again(student):
    \"\"\"strict\"\"\"
    with student.strict_floats():
        student.double.unchecked(1.0)
"""
    katas = load_katas(write_bank(tmp_path, {"exercises/01_double/test_double.py": public}))
    source = b"import numpy as np\ndef double(x):\n    return np.float64(x) * 1e308 * 1e308 * 0\n"
    with Judge(katas) as judge:
        first, second, _ = judge.grade(Submission("s", {"01_double": source})).katas[0].checks
    assert first.outcome is Outcome.PASSED
    assert (second.outcome, second.tag) == (Outcome.ERROR, "crash")
    assert "FloatingPointError" in second.message["en"]


def judge_chain(tmp_path, source, call="student.twice(student.double, 3)"):
    """Return the first result of a bank whose check passes one of the student's functions to another."""
    from grader.bank.kata import load_katas
    from grader.judge.judge import Judge
    from tests.conftest import write_bank

    public = f'''import pytest

from grader import expect


@pytest.mark.check(points=1.2)
def test_doubles(student):
    """a function is passed on"""
    expect.equal({call}, 12, asked="{call.replace("student.", "")}")
'''
    with Judge(load_katas(write_bank(tmp_path, {"exercises/01_double/test_double.py": public}))) as judge:
        return judge.grade(Submission("s", {"01_double": source.encode()})).katas[0].checks[0]


@pytest.mark.parametrize("call", ["student.twice(student.double, 3)", "student.twice(x=3, f=student.double)"])
def test_a_function_of_the_student_may_be_an_argument(tmp_path, call):
    source = RIGHT + "def twice(f, x):\n    return f(f(x))\n"
    assert judge_chain(tmp_path, source, call).outcome is Outcome.PASSED


def test_a_hole_in_a_function_that_is_passed_on_is_the_hole_to_fill(tmp_path):
    check = judge_chain(tmp_path, "def double(x):\n    ...\n\ndef twice(f, x):\n    return f(f(x)) + 1\n")
    assert (check.outcome, check.tag) == (Outcome.FAILED, "not_filled")
    assert check.message["en"].startswith("Line 2: double is still")


def test_a_function_that_is_passed_on_is_shown_by_its_name(tmp_path):
    check = judge_chain(tmp_path, RIGHT + "def twice(f, x):\n    return f(x) * float('inf')\n")
    assert check.tag == "not_finite"
    assert check.message["en"].startswith("twice(double, 3): expected a finite number, got inf")
