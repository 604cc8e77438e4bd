"""Tricks against single katas: a file that plays the kit instead of answering earns no more than its honest part.

Each program under tricks/ is named after its kata and begins with what it may earn at most, the points of what it
answers honestly. Its report is graded, short, and made without the judge using much memory.
"""

import re
import resource
import time
from pathlib import Path

import pytest

from grader.bank.kata import load_katas
from grader.intake import Submission
from grader.judge.judge import Judge
from grader.result import Status
from grader.sandbox import limits
from tests.conftest import ROOT
from tests.tiers import TIERS, need

TRICKS = sorted((Path(__file__).parent / "tricks").glob("*.py"))
KATAS = {kata.name[:2]: kata for kata in load_katas(ROOT)}
HEAD = re.compile(r'^"""At most ([0-9.]+): ')
MOST_LINE = 256 << 10
MOST_MEMORY_KIB = 200 << 10
"""By which the judge's own largest memory may grow."""


@pytest.fixture(params=TIERS)
def tier(request):
    need(request.param)
    return request.param


@pytest.mark.tensorflow
@pytest.mark.parametrize("path", TRICKS, ids=[path.stem for path in TRICKS])
def test_a_trick_earns_no_more_than_what_it_answers_honestly(path, tier):
    text, kata = path.read_text("utf-8"), KATAS[path.name[:2]]
    head = HEAD.match(text)
    assert head, f"{path.name} does not begin with what it may earn at most"
    with Judge((kata,), isolation=tier) as judge:
        before, computed = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
        report = judge.grade(Submission("trick", {kata.name: text.encode()}))
        after, computed = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time() - computed
    assert report.status is Status.GRADED, [check.message for check in report.katas[0].checks]
    assert report.score <= float(head[1]), [(check.id, check.points) for check in report.katas[0].checks]
    assert len(report.to_line()) < MOST_LINE
    assert after - before < MOST_MEMORY_KIB
    assert computed < limits.JUDGE_CPU_S
