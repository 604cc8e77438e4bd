"""Many calls in one request: the same words, counts and limits as one by one, in the judge and at home."""

import contextlib

import pytest

from grader import expect
from grader.bank.kata import load_kata
from grader.checks.student import Student
from grader.errors import InternalFault
from grader.intake import Submission
from grader.judge.judge import Judge, isolation_for_trusted_code
from grader.sandbox import remote
from grader.sandbox.client import Sandbox
from grader.sandbox.fault import Fault
from grader.sandbox.local import LocalSession
from grader.sandbox.remote import Budget, SandboxSession
from grader.sandbox.tier import Tier
from tests.conftest import ROOT
from tests.tiers import need

SOURCE = b"""
import os
asked = []
def f(x):
    asked.append(x)
    if x == 'end': os._exit(0)
    if x == 'loop':
        while True: pass
    if x == 'crash': raise ValueError('no ' + str(len(asked)))
    if x == 'nan': return float('nan')
    return [x, len(asked)]
def count():
    return len(asked)
def asked_of(x):
    return f(x)
def through(x):
    return asked_of(x)
number = 3
"""


@pytest.fixture(scope="module")
def sandbox():
    need("kernel-rules")
    with Sandbox(Tier.KERNEL_RULES) as opened:
        yield opened


@pytest.fixture(params=["judge", "home"])
def student(request):
    """A fresh file, each way; `os._exit` and endless loops only where they harm nobody."""
    if request.param == "home":
        yield Student(LocalSession(SOURCE, "f.py", cpu_s=0.3), "check")
        return
    session = SandboxSession(
        request.getfixturevalue("sandbox"), SOURCE, "f.py", needs="py", aside=(), budget=Budget(wall_s=60, cpu_s=60)
    )
    yield Student(session, "check")
    session.close()


def outcome(answers):
    """Every answer, then what was raised in words."""
    found = []
    try:
        for answer in answers:
            found.append(answer)
    except expect.Mismatch as problem:
        found.append((problem.tag, problem.asked))
    return found


def one_by_one(function, rows):
    for row in rows:
        yield function(*row)


@pytest.mark.parametrize("last", ["crash", "nan", "loop", "end"])
def test_the_answers_before_a_fault_and_the_fault_are_those_of_single_calls(student, last):
    at_home = isinstance(student._session, LocalSession)
    if last == ("end" if at_home else "loop"):
        return  # it would end pytest; it would take ten seconds
    rows = [("a",), (2,), (last,), ("never",)]
    together = outcome(student.f.each(rows))
    student._session.close()
    student._session._stuck.clear()
    assert together == outcome(one_by_one(student.f, rows))
    assert len(together) == 3


def test_all_calls_are_made_whatever_becomes_of_the_first_answer(student):
    with contextlib.suppress(ZeroDivisionError):
        for _ in student.f.each([(number,) for number in range(250)]):
            raise ZeroDivisionError
    assert student.count() == 250


def test_no_call_is_made_before_an_answer_is_wanted(student):
    answers = student.f.each([(1,), (2,)])
    assert student.count() == 0
    assert list(answers) == [[1, 1], [2, 2]]


def test_a_fault_among_calls_that_nobody_waited_for_is_no_answer_to_the_next_question(student):
    next(student.f.each([(1,), ("crash",), (3,)]))
    assert student.count() == 2


def test_a_question_between_two_answers_is_the_checks_own_fault(student):
    answers = student.f.each([(1,), (2,), (3,)])
    next(answers)
    assert student.count() == 3
    with pytest.raises(InternalFault, match="about f, each"):
        next(answers)


def test_more_calls_than_one_request_takes(student):
    rows = [("x" * 1000,)] * (2 * remote.MOST_AT_ONCE + 1)
    assert [count for _, count in student.f.each(rows)] == list(range(1, len(rows) + 1))


def test_a_stand_in_records_the_calls_of_many_questions_as_of_single_ones(student):
    rows = [(1,), (2,), ("crash",), ("never",)]
    with student.replacing("asked_of", "sequence", [7, 8]) as together:
        answers = outcome(student.through.each(rows[:2]))
    with student.replacing("asked_of", "sequence", [7, 8]) as singly:
        assert outcome(one_by_one(student.through, rows[:2])) == answers == [7, 8]
    assert together == singly == [((1,), {}), ((2,), {})]


def test_what_nobody_waited_for_reaches_the_stand_in_before_it_goes(student):
    with student.replacing("asked_of", "sequence", [7]) as record:
        next(student.through.each([(1,), (2,), (3,)]))
    assert [arguments for arguments, _ in record] == [(1,), (2,), (3,)]
    assert student.through(4) == [4, 1]


def test_values_that_are_got_together_are_those_that_are_got_singly(student):
    names = ["number", "f", "missing", "never"]
    together = outcome(student.get_each(names))
    assert together == outcome(getattr(student, name) for name in names)
    assert [type(value).__name__ for value in together] == ["int", "Function", "tuple"]
    assert together[1](5) == [5, 1]


def test_a_value_where_many_calls_were_to_go_is_said_to_be_no_function():
    kata = load_kata(ROOT / "exercises" / "13_progress")
    with Judge((kata,), isolation=isolation_for_trusted_code()) as judge:
        report = judge.grade(Submission("s", {kata.name: b"n_updates = 6"}))
    tags = {check.id: check.tag for check in report.katas[0].checks}
    assert tags["updates_any"] == "not_a_function"


def test_nothing_to_ask(student):
    assert list(student.f.each([])) == []


def test_an_answer_out_of_turn_is_nonsense(sandbox):
    source = (
        SOURCE
        + b"def forge():\n    for fd in range(3, 30):\n        try: os.write(fd, FRAME)\n        except OSError: pass\n"
    )
    frame = b'{"id":4,"ok":"forged"}'
    source += b"FRAME = " + repr(len(frame).to_bytes(4, "big") + frame).encode() + b"\n"
    with sandbox.open("py", source, "f.py") as child:
        child.ask("parse")
        child.ask("load")
        receive = child.send(
            "call", [{"name": "forge", "args": [], "kwargs": {}}, {"name": "count", "args": [], "kwargs": {}}]
        )
        with pytest.raises(Fault) as caught:
            receive(5.0)
    assert (caught.value.kind, caught.value.text) == ("nonsense", "an answer to another question")
