"""Runs one check. Most take nothing but the student and their own parameters, and need nothing of pytest's fixtures.

Setting up and taking down fixtures, and the hooks around them, cost several times what such a check computes. What is
left out changes no verdict: outcome and words come from the same functions of the plugin either way.
"""

import inspect
import warnings
from collections.abc import Sequence

import pytest

from grader.checks.check import CHECK
from grader.plugin import PROVIDER, RESULTS, refuse_blocked, result_of

_MARKS = frozenset({"check", "parametrize"})
_FIXTURES = frozenset({"student", "request"})
"""`request` is what the fixture `student` takes."""


def run_checks(items: Sequence[pytest.Item]) -> None:
    """Run checks in this order; each leaves its result in the config's stash."""
    with warnings.catch_warnings():
        # Numbers that overflow are the answer's, and the warning would print the check's own line: to a student, too,
        # where a platform shows what the judge prints.
        warnings.simplefilter("ignore")
        for number, item in enumerate(items):
            if isinstance(item, pytest.Function) and is_plain(item):
                _run_plain(item)
                continue
            following = next((other for other in items[number + 1 :] if not is_plain(other)), None)
            item.ihook.pytest_runtest_protocol(item=item, nextitem=following)


def is_plain(item: pytest.Item) -> bool:
    """True if a check asks pytest for nothing: no fixture but `student`, no mark but its own, no class around it."""
    if _PLAIN not in item.stash:
        item.stash[_PLAIN] = (
            isinstance(item, pytest.Function)
            and item.cls is None
            and {mark.name for mark in item.iter_markers()} <= _MARKS
            and set(item.fixturenames) - set(_parameters(item)) <= _FIXTURES
            and set(inspect.signature(item.function).parameters) <= {"student", *_parameters(item)}
        )
    return item.stash[_PLAIN]


_PLAIN = pytest.StashKey[bool]()


def _parameters(item: pytest.Function) -> dict[str, object]:
    return dict(item.callspec.params) if hasattr(item, "callspec") else {}


def _run_plain(item: pytest.Function) -> None:
    check = item.stash[CHECK]
    arguments = _parameters(item)

    def call() -> None:
        refuse_blocked(item, check)
        if "student" in item.fixturenames:
            arguments["student"] = item.config.stash[PROVIDER].student_for(check)
        item.function(**arguments)

    done = pytest.CallInfo.from_call(call, when="call", reraise=(pytest.exit.Exception, KeyboardInterrupt))
    result = result_of(check, done, arguments.get("student"))
    item.config.stash[RESULTS][(check.kata.name, check.id)] = result
