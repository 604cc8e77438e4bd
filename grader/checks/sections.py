"""What stands below a mistake's words at home: what the student's code printed, and where it stopped."""

import re
import traceback

from grader.checks.check import Check
from grader.result import CheckResult, Outcome
from grader.sandbox.workbench import OutOfTime

KERAS_LOG = re.compile(
    r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+: [EIW] \S+:\d+\]"
    r"|[EIW]\d{4} \d\d:\d\d:\d\d\.\d+ +\d+ \S+:\d+\]"
    r"|[EIW]0000 00:00:\d+\.\d+ +\d+ \S+:\d+\]"
    r"|WARNING: All log messages before absl::InitializeLog"
)
"""Lines that TensorFlow's C++ side writes about the machine, whatever the log level; no student has printed them."""

MOST_PRINTED = 20
"""Lines of a student's prints beside a failure; the others are counted."""


def shorten_prints(printed: str) -> str:
    """Return the first lines that the student's code printed; a check that looks for a known mistake calls it often."""
    lines = [line for line in printed.splitlines(keepends=True) if not KERAS_LOG.match(line)]
    more = f"... (+{len(lines) - MOST_PRINTED})\n" if len(lines) > MOST_PRINTED else ""
    return "".join(lines[:MOST_PRINTED]) + more


def tracebacks(check: Check, result: CheckResult, problem: BaseException | None) -> list[tuple[str, str]]:
    """Return the student's own traceback, or the whole one where the kit is at fault; none of a hidden check."""
    if problem is None or check.hidden:
        return []
    if result.outcome is Outcome.INTERNAL:
        return [("traceback", "".join(traceback.format_exception(problem)))]
    if problem.__cause__ is None:
        return []
    return [("traceback", _own_lines(problem.__cause__, str(check.kata.student_file)))]


def _own_lines(problem: BaseException, file: str) -> str:
    """The traceback with the student's lines alone; those of the kit and of libraries would only frighten."""
    shown = traceback.TracebackException.from_exception(problem)
    one: traceback.TracebackException | None = shown
    while one is not None:
        one.stack = _own(one.stack, file)
        before = one.__cause__ or one.__context__
        if before is not None and not _own(before.stack, file):
            # A library's own detour.
            one.__cause__ = one.__context__ = before = None
        one = before
    lines = list(shown.format())
    # The last line would name an exception of the kit's.
    return "".join(lines[:-1] if isinstance(problem, OutOfTime) else lines)


def _own(steps: traceback.StackSummary, file: str) -> traceback.StackSummary:
    return traceback.StackSummary.from_list([step for step in steps if step.filename == file])
