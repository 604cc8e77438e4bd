"""Judges files as a student's own pytest does: reads JSON lines [kata, source, apart], writes the results of each.

All in one process, but for those that are `apart`: they come first, and each is judged in a fork of what had only
imported what the kata needs. (After TensorFlow's first operation a fork would hang.)
Run it with: python -m tests.home_judge BANK KATA
"""

import importlib
import json
import os
import sys
from pathlib import Path

import pytest

from grader.bank.kata import load_katas
from grader.checks.student import Student
from grader.plugin import CHECK, PROVIDER, RESULTS, open_session, quiet_arguments
from grader.sandbox.limits import IMPORTS


class HomeLoop:
    """A plugin that runs the public checks of one kata on one file after the other."""

    def __init__(self, katas, orders, answers):
        self.katas = {kata.name: kata for kata in katas}
        self.orders = orders
        self.answers = answers
        self.session = None

    def student_for(self, check):
        return Student(self.session, check.id)

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self, config):
        config.stash[PROVIDER] = self

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session):
        for line in self.orders:
            name, source, apart = json.loads(line)
            if not apart:
                self.judge(session, name, source)
                continue
            for module in IMPORTS[self.katas[name].needs]:
                importlib.import_module(module)
            if (child := os.fork()) == 0:
                self.judge(session, name, source)
                os._exit(0)
            assert os.waitpid(child, 0)[1] == 0, source
        return True

    def judge(self, session, name, source):
        self.session = open_session(self.katas[name], source.encode("latin-1"))
        results = session.config.stash[RESULTS]
        results.clear()
        items = [item for item in session.items if item.stash[CHECK].kata.name == name]
        for item, following in zip(items, [*items[1:], None], strict=True):
            item.ihook.pytest_runtest_protocol(item=item, nextitem=following)
        self.session.close()
        self.answers.write(json.dumps([result.to_json() for result in results.values()]) + "\n")
        self.answers.flush()


def main(bank, name):
    katas = [kata for kata in load_katas(bank) if kata.name == name]
    # What the students' code prints goes nowhere.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.dup2(1, 2)
    loop = HomeLoop(katas, sys.stdin, answers)
    return pytest.main([*quiet_arguments(bank), *(str(kata.public_checks) for kata in katas)], plugins=[loop])


if __name__ == "__main__":
    status = main(Path(sys.argv[1]), sys.argv[2])
    # Without Python's own end: taking TensorFlow apart costs a second.
    os._exit(status)
