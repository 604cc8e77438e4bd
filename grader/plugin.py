"""The pytest plugin: the fixture `student`, the mark `check`, and what becomes of each check.

It is loaded by every pytest run where the kit is installed, so it imports little and touches only tests that carry the
mark. The same code makes outcomes under plain pytest (a student at home) and in the judge; they differ only in where
`student` comes from, which is the `Provider` in the config's stash.
"""

import inspect
import os
import sys
import traceback
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

import pytest

from grader import expect
from grader.errors import BadInput, ContentError, KitError, Unsupported
from grader.home import CheckSeen, Farewell, HomeView, home_language
from grader.kata import Kata, load_kata
from grader.messages import KataTexts, load_kata_texts
from grader.result import RECORDED, CheckResult, Outcome
from grader.student import LocalSession, Student, StudentFault
from grader.time_limit import TimeLimit


@dataclass(frozen=True)
class Check:
    """One pytest function with the mark `check`."""

    kata: Kata
    id: str
    """The function's name without "test_", its parameters in brackets: "rows[AND]"."""
    title: dict[str, str]
    points: float
    step: int
    hidden: bool
    needs: str | None
    """The id of a check of the same kata that has to pass first."""
    texts: KataTexts


class Provider(Protocol):
    """Where the student of a check comes from."""

    def student_for(self, check: Check) -> Student:
        """Return the student whose file this check looks at."""


MOST_PRINTED = 20
"""Lines of a student's prints beside a failure; the others are counted."""

PROVIDER = pytest.StashKey[Provider]()
CHECK = pytest.StashKey[Check]()
RESULTS = pytest.StashKey[dict[tuple[str, str], CheckResult]]()
"""By (kata name, check id), in the order of running."""


class Blocked(expect.Mismatch):
    """The check was not tried, because another that it needs did not pass."""

    outcome = "blocked"


class LocalProvider:
    """The student's own files, in this process; each is loaded once."""

    def __init__(self, farewell: Farewell | None = None) -> None:
        """Load nothing yet.

        Args:
            farewell: says why pytest ends when a loop cannot be stopped in any other way; None: it does not end.
        """
        self._farewell = farewell
        self._limit = TimeLimit(last_words=farewell.last_words if farewell else None)
        self._sessions: dict[str, LocalSession] = {}
        self._broken: dict[str, StudentFault] = {}

    def student_for(self, check: Check) -> Student:
        """Return the student of the kata's folder.

        Raises:
            StudentFault: the file is missing or does not load.
        """
        kata = check.kata
        if kata.name in self._broken:
            # Without its old traceback, which would grow with every check that raises it again.
            raise self._broken[kata.name].with_traceback(None)
        if kata.name not in self._sessions:
            if not kata.student_file.exists():
                raise StudentFault("missing_file", "error", file=kata.file_name)
            session = open_session(kata, kata.student_file.read_bytes(), limit=self._limit)
            if self._farewell is not None:
                self._farewell.prepare(kata, check.texts, session.source, session.cpu_s)
            try:
                load(Student(session, check.id))
            except StudentFault as fault:
                self._broken[kata.name] = fault
                raise
            self._sessions[kata.name] = session
        return Student(self._sessions[kata.name], check.id)


def open_session(kata: Kata, source: bytes, *, limit: TimeLimit | None = None) -> LocalSession:
    """Return a session with a student's file in this process; nothing of it runs yet."""
    if kata.needs == "keras":
        # TensorFlow's greeting would stand above the first mistake.
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    # The judge's own limits (sandbox/confine.py), so that a loop without an end is named at home too.
    seconds = 20 if kata.needs == "keras" else 5
    return LocalSession(source, str(kata.student_file), cpu_s=seconds, limit=limit)


def load(student: Student) -> None:
    """Parse the student's file, then run it.

    Raises:
        StudentFault: it is no Python, it crashed, ended the process or ran too long.
    """
    student.syntax  # noqa: B018  asked before any of the code runs, so that the code cannot answer it
    student._ask("load")


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


def forget_modules(items: list[pytest.Item]) -> None:
    """Let the next session of this process read its checks anew, be they of another bank."""
    for item in items:
        # pytest names a module after its path below the bank; the next bank may have another of that name.
        sys.modules.pop(getattr(getattr(item, "module", None), "__name__", ""), None)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let `kata check --lang` choose the language; under plain pytest KATA_LANG, the saved choice and the locale do."""
    parser.getgroup("katas").addoption(
        "--kata-lang", choices=("en", "ko", "both"), help="language of the katas' checks"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Declare the mark and start with no results."""
    config.addinivalue_line("markers", "check(points, step=1, needs=None): a check of a kata, worth points")
    config.stash[RESULTS] = {}
    if PROVIDER not in config.stash:
        config.args[:] = [_checks_of(argument) for argument in config.args]
        language = home_language(config.getoption("--kata-lang"), config.rootpath)
        config.stash[PROVIDER] = LocalProvider(Farewell(config, language))
        config.pluginmanager.register(HomeView(language), "kata-home-view")


def _checks_of(argument: str) -> str:
    """`pytest 02_gates/gates.py` runs the checks beside it; pytest would import the file and find no test in it."""
    file = Path(argument)
    if file.suffix not in (".py", ".toml") or file.stem != file.resolve().parent.name[3:]:
        return argument
    checks = file.with_name(f"test_{file.stem}.py")
    return str(checks) if checks.exists() and (file.parent / "kata.toml").exists() else argument


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Read what each check says about itself, once."""
    known: dict[Path, tuple[Kata, KataTexts]] = {}
    for item in items:
        mark = item.get_closest_marker("check")
        if mark is None:
            continue
        folder = item.path.parent
        if folder not in known:
            kata = load_kata(folder.parent.parent / "exercises" / folder.name)
            known[folder] = (kata, load_kata_texts(kata, hidden=folder != kata.exercise))
        item.stash[CHECK] = read_check(item, mark, *known[folder])
    del config


def read_check(item: pytest.Item, mark: pytest.Mark, kata: Kata, texts: KataTexts) -> Check:
    """Build the Check of a test function.

    Raises:
        ContentError: the mark has no points, or the function no docstring.
    """
    function = getattr(item, "function", None)
    name = item.name.removeprefix("test_")
    # cleandoc, not the raw docstring: the title is one line however the author wrapped it.
    title = inspect.cleandoc(function.__doc__ or "").splitlines() if function else []
    if not title:
        raise ContentError(item.path, name, "the docstring, which is the check's title, is missing")
    if "points" not in mark.kwargs:
        raise ContentError(item.path, name, "the mark `check` needs points=...")
    callspec = getattr(item, "callspec", None)
    params = {key: str(value) for key, value in callspec.params.items()} if callspec else {}
    plain_name = name.split("[")[0]
    titles = texts.title(plain_name, title[0])
    return Check(
        kata=kata,
        id=name,
        title={language: text.format_map(params) for language, text in titles.items()},
        points=float(mark.kwargs["points"]),
        step=int(mark.kwargs.get("step", 1)),
        hidden=item.path.stem.endswith("_hidden"),
        needs=mark.kwargs["needs"].format_map(params) if "needs" in mark.kwargs else None,
        texts=texts,
    )


@pytest.fixture
def student(request: pytest.FixtureRequest) -> "_Lazy":
    """The student's module: attributes are its values and functions, as plain data (see grader.student)."""
    return _Lazy(request.config.stash[PROVIDER], request.node.stash[CHECK])


class _Lazy:
    """Opens the student at the first question, so that a file that does not load fails the check, not its set-up."""

    def __init__(self, provider: Provider, check: Check) -> None:
        self.__dict__["_open"] = lambda: provider.student_for(check)
        self.notes: list[expect.Mismatch] = []

    def record(self, *names: str) -> None:
        """Tell that these answers were only recorded: a hidden check judges them, for here it would give them away."""
        self.note(RECORDED, names=", ".join(names))

    def note(self, tag: str, **values: object) -> None:
        """Tell something beside a passed check: a tag with `note = true` in messages.toml."""
        self.notes.append(expect.Mismatch(tag, asked="", expected="", actual="", **values))

    def __getattr__(self, name: str) -> Any:
        opened = self.__dict__.get("_student")
        if opened is None:
            opened = self.__dict__["_student"] = self.__dict__["_open"]()
        return getattr(opened, name)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> None:
    """Do not try a check whose need has not passed."""
    check = item.stash.get(CHECK, None)
    if check is None or check.needs is None:
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
    if check is None or not isinstance(item, pytest.Function) or call.when == "collect":
        return None
    problem = call.excinfo.value if call.excinfo else None
    report = pytest.TestReport(
        nodeid=item.nodeid,
        location=item.location,
        keywords={},
        outcome="failed" if problem else "passed",
        longrepr=None,
        when=call.when,
        sections=[(key, _shorten(text)) for _, key, text in item._report_sections],
        duration=call.duration,
        start=call.start,
        stop=call.stop,
    )
    if problem is None and call.when != "call":
        return report
    result = judge_call(check, call.when, problem)
    asked = item.funcargs.get("student")
    notes = asked.notes if isinstance(asked, _Lazy) and result.outcome is Outcome.PASSED else []
    notes = [note for note in notes if not check.hidden or check.texts.is_plain(note.tag)]
    if notes:
        result = _with_notes(result, check.texts, notes)
    item.config.stash[RESULTS][(check.kata.name, check.id)] = result
    report.user_properties.append(("check", CheckSeen(check.kata, check.title, result)))
    if problem is not None and problem.__cause__ is not None and not check.hidden:
        report.sections.append(("traceback", _student_traceback(problem.__cause__, str(check.kata.student_file))))
    return report


def _with_notes(result: CheckResult, texts: KataTexts, notes: list[expect.Mismatch]) -> CheckResult:
    """The result with what its check told beside it; that a choice was only recorded outweighs any other tag."""
    tags = [note.tag for note in notes]
    words = [texts.tag_text(note.tag, note.values) for note in notes]
    message = {language: "\n".join(text[language] for text in words) for language in words[0]}
    return replace(result, tag=RECORDED if RECORDED in tags else tags[0], message=message)


def _shorten(printed: str) -> str:
    """The first lines that the student's code printed; a check that looks for a known mistake calls it many times."""
    lines = printed.splitlines(keepends=True)
    more = f"... (+{len(lines) - MOST_PRINTED})\n" if len(lines) > MOST_PRINTED else ""
    return "".join(lines[:MOST_PRINTED]) + more


def _student_traceback(problem: BaseException, file: str) -> str:
    """The traceback from the student's first line on; the kit's own frames above it would only frighten."""
    step = problem.__traceback__
    while step is not None and step.tb_frame.f_code.co_filename != file:
        step = step.tb_next
    return "".join(traceback.format_exception(type(problem), problem, step))


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
    if isinstance(problem, TypeError) and "is not callable" in str(problem):
        # The check called what is a plain value in the student's file: the name was bound to something else.
        problem = expect.Mismatch("not_a_function")
    if not isinstance(problem, expect.Mismatch):
        problem = expect.Mismatch("unexpected_form", type=type(problem).__name__)
    tag = problem.tag
    if isinstance(problem, StudentFault):
        tag = check.texts.fault_tag(*problem.exception) or tag
    message = _message(check, tag, problem)
    shown = {} if check.hidden else {"expected": problem.expected, "actual": problem.actual}
    return _result(check, Outcome(problem.outcome), tag=tag, message=message, **shown)


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
        message = {}
        for language, title in check.title.items():
            message[language] = "\n".join(line[language].format_map({"title": title}) for line in lines)
        return message
    if tag == "not_filled" and problem.values["name"] in check.kata.predict:
        return common.text("lines", "predict", **problem.values)
    meaning = texts.tag_text(tag, problem.values)
    if problem.expected and problem.asked:
        parts = {"asked": problem.asked, "expected": problem.expected, "actual": problem.actual}
        first = common.text("lines", "gap", **parts)
        return {language: f"{first[language]}\n{meaning[language]}" for language in meaning}
    return meaning
