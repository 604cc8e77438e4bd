"""The pytest plugin: the fixture `student`, the mark `check`, and what becomes of each check.

It is loaded by every pytest run where the kit is installed, so it imports little and touches only tests that carry the
mark. The same code makes outcomes under plain pytest (a student at home) and in the judge; they differ only in where
`student` comes from, which is the `Provider` in the config's stash.
"""

import os
import re
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

import pytest

from grader import expect
from grader.bank.kata import Kata
from grader.bank.package import forget_package, open_package
from grader.bank.texts import KataTexts
from grader.checks.check import CHECK, PROBLEM, Check, read_checks
from grader.checks.crash import StudentFault
from grader.checks.sections import shorten_prints, tracebacks
from grader.checks.session import NoFile, Session
from grader.checks.student import Student
from grader.errors import BadInput, ContentError, KitError, Unsupported
from grader.home.run import DIGESTS, EVERY, QuietStart, begin_home_run
from grader.home.view import CheckSeen, Farewell, home_language
from grader.result import RECORDED, CheckResult, Outcome
from grader.sandbox.local import LocalSession
from grader.sandbox.time_limit import TimeLimit
from grader.words.catalogue import Catalogue
from grader.words.languages import LANGUAGES


class Provider(Protocol):
    """Where the student of a check comes from."""

    def student_for(self, check: Check) -> Student:
        """Return the student whose file this check looks at."""


PROVIDER = pytest.StashKey[Provider]()
RESULTS = pytest.StashKey[dict[tuple[str, str], CheckResult]]()
"""By (kata name, check id), in the order of running."""


_EXCEPTION = re.compile(r"[A-Z]\w*(?:Error|Exception|Warning)")
"""The name of an exception's type, which a check passes as what came out."""
MOST_CALLED = 160
"""Characters of a call above a crash: two lines; its arguments are in the check."""


class Blocked(expect.Mismatch):
    """The check was not tried, because another that it needs did not pass."""

    outcome = "blocked"


class LocalProvider:
    """The student's own files, in this process; each is loaded once."""

    def __init__(self, farewell: Farewell | None = None, *, limit: TimeLimit | None = None) -> None:
        """Load nothing yet.

        Args:
            farewell: says why pytest ends when a loop cannot be stopped in any other way; None: it does not end.
            limit: what watches the time, where that is not this process itself (a browser's page).
        """
        self._farewell = farewell
        self._limit = limit or TimeLimit(last_words=farewell.last_words if farewell else None)
        self._sessions: dict[str, Session] = {}

    def student_for(self, check: Check) -> Student:
        """Return the student of the kata's folder."""
        kata = check.kata
        if kata.name not in self._sessions:
            self._sessions[kata.name] = self._open(check)
        return Student(self._sessions[kata.name], check.id)

    def _open(self, check: Check) -> Session:
        kata, file = check.kata, check.kata.student_file
        if not os.path.lexists(file):
            return NoFile("missing_file", file=kata.file_name)
        if not file.is_file():
            return NoFile("not_a_file", file=kata.file_name)
        try:
            session = open_session(kata, file.read_bytes(), limit=self._limit)
        except OSError as problem:
            return NoFile("file_unreadable", file=kata.file_name, reason=problem.strerror or str(problem))
        if self._farewell is not None:
            self._farewell.prepare(kata, check.texts, session.source, session.cpu_s)
        return session


def open_session(kata: Kata, source: bytes, *, limit: TimeLimit | None = None) -> LocalSession:
    """Return a session with a student's file in this process; nothing of it runs yet."""
    # TensorFlow's greeting would stand above the first mistake; a file of any kata may import it.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    return LocalSession(source, str(kata.student_file), needs=kata.needs, aside=kata.aside, limit=limit)


def quiet_arguments(root: Path) -> list[str]:
    """Return pytest's arguments for a session that only judges: no configuration, no other plugin, nothing printed.

    Args:
        root: the bank.
    """
    switched_off = ("terminal", "cacheprovider", "faulthandler", "junitxml", "doctest", "unittest", "logging")
    return [
        *("-c", os.devnull, "--rootdir", str(root)),
        *("--noconftest", "--import-mode=importlib", "--capture=no", "--disable-plugin-autoload"),
        *(
            part
            for name in (*switched_off, "warnings", "threadexception", "unraisableexception")
            for part in ("-p", f"no:{name}")
        ),
        *("-p", "grader.plugin"),
    ]


def scale_points(items: list[pytest.Item], katas: Iterable[Kata]) -> None:
    """Give the checks the points that the katas have in this course; those of a kata add up to its points."""
    for kata in katas:
        own, exact, given = [item for item in items if item.stash[CHECK].kata.name == kata.name], 0.0, 0.0
        for item in own if kata.scale != 1 else ():
            check = item.stash[CHECK]
            exact += check.points * kata.scale
            points = round(exact - given, 4)
            given = round(given + points, 4)
            item.stash[CHECK] = replace(check, points=points)


def forget_modules(items: list[pytest.Item]) -> None:
    """Let the next session of this process read its checks anew, be they of another bank."""
    for bank in {item.stash[CHECK].kata.bank for item in items if CHECK in item.stash}:
        forget_package(bank)
    for item in items:
        # pytest names a module after its path below the bank; the next bank may have another of that name.
        sys.modules.pop(getattr(getattr(item, "module", None), "__name__", ""), None)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let `kata check --lang` choose the language; under plain pytest KATA_LANG, the saved choice and the locale do."""
    parser.getgroup("katas").addoption(
        "--kata-lang", choices=(*LANGUAGES, "both"), help="language of the katas' checks"
    )
    parser.getgroup("katas").addoption("--kata-names", action="store_true", help="name every check of the katas")


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Be there before the other plug-ins are set up."""
    config.pluginmanager.register(QuietStart(), "kata-quiet-start")


def pytest_configure(config: pytest.Config) -> None:
    """Declare the mark and start with no results."""
    config.addinivalue_line("markers", "check(points, step=1, needs=None): a check of a kata, worth points")
    config.stash[RESULTS] = {}
    if PROVIDER not in config.stash:
        language = home_language(config.getoption("--kata-lang"), config.rootpath)
        config.stash[PROVIDER] = LocalProvider(Farewell(config, language))
        begin_home_run(config, language)


def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> None:
    """Let a kata's checks import what its bank brings for them."""
    bank = module_path.parent.parent.parent
    if (bank / "exercises" / module_path.parent.name / "kata.toml").exists():
        try:
            open_package(bank)
        except ContentError as problem:
            parent.config.stash[PROBLEM] = problem


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Read what each check says about itself, once; at home one sentence says what is wrong with a kata's files."""
    try:
        read_checks(items)
    except ContentError as problem:
        config.stash.setdefault(PROBLEM, problem)
    if PROBLEM in config.stash and EVERY in config.stash:
        raise pytest.UsageError(str(config.stash[PROBLEM]))


@pytest.fixture
def student(request: pytest.FixtureRequest) -> Student:
    """The student's module: attributes are its values and functions, as plain data (see grader.checks.student)."""
    return request.config.stash[PROVIDER].student_for(request.node.stash[CHECK])


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> None:
    """Hand over the student, and do not try a check whose need has not passed."""
    check = item.stash.get(CHECK, None)
    if check is None:
        return
    # A conftest.py near the katas may have a fixture of this name, too.
    funcargs: dict[str, Any] = getattr(item, "funcargs", {})
    given = funcargs.get("student")
    if given is not None and not isinstance(given, Student):
        funcargs["student"] = item.config.stash[PROVIDER].student_for(check)
    refuse_blocked(item, check)


def refuse_blocked(item: pytest.Item, check: Check) -> None:
    """Raise Blocked if a check that this one needs has not passed."""
    if check.needs is None:
        return
    needed = item.config.stash[RESULTS].get((check.kata.name, check.needs))
    if needed is not None and needed.outcome is not Outcome.PASSED:
        raise Blocked("blocked")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> pytest.TestReport | None:
    """Turn what a check raised into its CheckResult, in place of pytest's own report.

    pytest would draw the check's source and locals around every failure: 30 ms each, and nothing a student should read.
    """
    check = item.stash.get(CHECK, None)
    problem = call.excinfo.value if call.excinfo else None
    if check is None or not isinstance(item, pytest.Function) or call.when == "collect":
        return None
    if call.when == "setup" and isinstance(problem, pytest.skip.Exception):
        # A mark or another plug-in passes it over: it has not run, and nothing is said about it.
        return None
    printed = [(key, shorten_prints(text)) for _, key, text in item._report_sections]
    sections = [(key, text) for key, text in printed if text]
    seen = None
    if problem is not None or call.when == "call":
        result = result_of(check, call, item.funcargs.get("student"))
        item.config.stash[RESULTS][(check.kata.name, check.id)] = result
        sections += tracebacks(check, result, problem)
        seen = _seen(item.config, check, result)
    return pytest.TestReport(
        nodeid=item.nodeid,
        location=item.location,
        keywords={},
        outcome="failed" if problem else "passed",
        longrepr=None,
        when=call.when,
        sections=sections,
        duration=call.duration,
        start=call.start,
        stop=call.stop,
        kata_check=seen,
    )


def _seen(config: pytest.Config, check: Check, result: CheckResult) -> CheckSeen | dict[str, Any] | None:
    """What the student's view needs beside the result; as plain data if another process holds the view."""
    if EVERY not in config.stash:
        return None  # the judge looks at no report
    name = check.kata.name
    seen = CheckSeen(check.kata, check.title, result, config.stash[EVERY].get(name, ()), config.stash[DIGESTS][name])
    return seen.to_json() if hasattr(config, "workerinput") else seen


def result_of(check: Check, call: pytest.CallInfo[None], asked: object) -> CheckResult:
    """Return the verdict, with the first thing that the check has told the student it asked beside it."""
    problem = call.excinfo.value if call.excinfo else None
    try:
        result = judge_call(check, call.when, problem)
        notes = asked.notes if isinstance(asked, Student) and result.outcome is Outcome.PASSED else []
        notes = [note for note in notes if not check.hidden or check.texts.is_plain(note.tag)]
        if notes:
            result = _with_notes(result, check.texts, notes)
    except Exception as fault:  # the plug-in's border: a text without its value must not end the whole run
        return judge_call(check, "report", fault)
    return result


def _with_notes(result: CheckResult, texts: KataTexts, notes: list[expect.Mismatch]) -> CheckResult:
    """The result with what its check told beside it; that a choice was only recorded outweighs any other tag."""
    tags = [note.tag for note in notes]
    words = [texts.tag_text(note.tag, note.values) for note in notes]
    message = {language: "\n".join(text[language] for text in words) for language in words[0]}
    return replace(result, tag=RECORDED if RECORDED in tags else tags[0], message=message)


def judge_call(check: Check, when: str, problem: BaseException | None) -> CheckResult:
    """Return the verdict on a check from what it raised, and in which phase.

    A `Mismatch` is the student's mistake in words. Any other exception in the body of a check comes from an answer
    whose form the author did not foresee (the reference passes: `kata audit` proves it), so it fails closed; outside
    the body, or when it is one of ours, it is the kit's fault.
    """
    if problem is None:
        return _result(check, Outcome.PASSED)
    if when == "call" and isinstance(problem, (BadInput, Unsupported)):
        # The training engine refused numbers or a model; what a check hands to it comes from the student's file.
        problem = expect.Mismatch("not_trainable")
    if when != "call" or isinstance(problem, KitError):
        text = f"{type(problem).__name__}: {problem}"
        message = check.texts.common.text("tags", "internal", text=text)
        return _result(check, Outcome.INTERNAL, tag="internal", message=message)
    called = isinstance(problem, TypeError) and "is not callable" in str(problem)
    if called or (isinstance(problem, AttributeError) and problem.name == "each"):
        # The check called what is a plain value in the student's file: the name was bound to something else.
        problem = expect.Mismatch("not_a_function")
    if not isinstance(problem, expect.Mismatch):
        problem = expect.Mismatch("unexpected_form", type=type(problem).__name__)
    tag = problem.tag
    if isinstance(problem, StudentFault):
        tag = _fault_tag(check.texts, problem)
    message = _message(check, tag, problem)
    shown = {} if check.hidden else {"expected": problem.expected, "actual": problem.actual}
    return _result(check, Outcome(problem.outcome), tag=tag, message=message, **shown)


def _fault_tag(texts: KataTexts, fault: StudentFault) -> str:
    """Return the tag by what was raised; where no line of the file is known, one whose words name none."""
    tag = texts.fault_tag(fault.raised.type, fault.raised.text, fault.raised.fields) or fault.tag
    nowhere = fault.values.get("line") == "?" and texts.asks_for(tag, "line")
    return _ELSEWHERE.get(fault.tag, "crash_elsewhere") if nowhere else tag


_ELSEWHERE = {"exits": "exits_elsewhere", "too_slow": "too_slow_elsewhere", "too_slow_to_read": "too_slow_elsewhere"}


def _result(check: Check, outcome: Outcome, **parts: Any) -> CheckResult:
    return CheckResult(
        id=check.id,
        title=check.title["en"],
        hidden=check.hidden,
        step=check.step,
        outcome=outcome,
        max_points=check.points,
        **parts,
    )


def _message(check: Check, tag: str, problem: expect.Mismatch) -> dict[str, str]:
    """What was asked and what came out, then what it means. Of a hidden check: only words that the kit wrote."""
    texts, common = check.texts, check.texts.common
    if check.hidden:
        lines = [common.tables["lines"]["hidden"]]
        if texts.is_plain(tag):
            lines.append(texts.tag_text(tag, {}))
        elif isinstance(problem, StudentFault) and (problem.outcome == "timeout" or problem.raised.type):
            lines.append(common.tables["lines"]["hidden_timeout" if problem.outcome == "timeout" else "hidden_error"])
        message = {}
        for language, title in check.title.items():
            message[language] = "\n".join(line.get(language, line["en"]).format_map({"title": title}) for line in lines)
        return message
    if tag == "not_filled" and problem.values["name"] in check.kata.predict:
        return common.text("lines", "predict", **problem.values)
    meaning = texts.tag_text(tag, problem.values)
    for part in problem.parts:
        words = texts.own.text("parts", part, **problem.values)
        meaning = {language: f"{meaning[language]}\n  - {words[language]}" for language in meaning}
    if problem.expected and problem.asked:
        first = _gap(common, problem)
    elif isinstance(problem, StudentFault) and problem.outcome != "failed" and problem.asked.endswith(")"):
        first = common.text("lines", "called", asked=expect.cut(problem.asked, MOST_CALLED))
    else:
        return meaning
    return {language: f"{first[language]}\n{meaning[language]}" for language in meaning}


def _gap(common: Catalogue, problem: expect.Mismatch) -> dict[str, str]:
    """What was asked, expected and got; a kind of value, such as "float", in words of the language."""
    kind = problem.expected
    expected = common.text("kinds", kind) if common.has("kinds", kind) else dict.fromkeys(LANGUAGES, kind)
    shown = {"asked": problem.asked, "actual": problem.actual}
    # A value of the student's that were such a word would stand there in quotation marks.
    form = "overflow" if problem.actual == "overflow" else "stopped" if _EXCEPTION.fullmatch(problem.actual) else "gap"
    lines = {one: common.text("lines", form, expected=expected[one], **shown) for one in LANGUAGES}
    return {one: line[one] for one, line in lines.items()}
