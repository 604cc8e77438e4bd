"""The audit's second half: how a kata judges what its author put by, and a file full of odd values."""

import ast
import tomllib
from collections.abc import Iterable, Iterator
from typing import Any

from grader.authoring.answers import GREEN, Answer, reference_of, right_answers, wrong_answers
from grader.authoring.audit_approaches import audit_approaches
from grader.bank.kata import Kata
from grader.intake import Submission
from grader.judge.judge import Judge
from grader.result import KataResult, Outcome
from grader.words.catalogue import Catalogue

PUBLIC_SHARE = (0.5, 0.7)
"""About 60 % of a kata's points are public (ladder)."""

ODD_VALUES = (
    "None",
    "'x'",
    "10**60",
    "[]",
    "[[1, [2]], 3]",
    "{1: 'a', 'b': [2]}",
    "{(1, 2), 3}",
    "(None, None, None)",
    "object()",
    "-1.5",
    "True",
    "['a', 'b', 'c', 'd']",
    "__import__('numpy').ones((3, 1, 2))",
    "[__import__('numpy').zeros(0), 1, 'z']",
    "float('nan')",
)
"""What a confused student's names may hold or return."""

ODD_TOML = (
    "1",
    "-0.5",
    "nan",
    "0x" + "f" * 100,
    "true",
    "2021-02-16",
    '"x"',
    '"..."',
    '"""\nfalse\n"""',
    "[]",
    "[[1, [2]], 3]",
    '{ a = { "b c" = [1] } }',
    "[" * 60 + "]" * 60,
)
"""The same for a file in TOML."""


def audit_verdicts(kata: Kata, texts: Catalogue, judge: Judge) -> Iterator[str]:
    """Judge a kata's answers and yield what is wrong: right ones, known mistakes, the stub, files full of odd values.

    Raises:
        ContentError: see `answers`.
    """

    def grade(source: str) -> KataResult:
        report = judge.grade(Submission("audit", {kata.name: source.encode("utf-8")}))
        return report.katas[0] if report.katas else KataResult(kata.name, ())

    reference = reference_of(kata)
    full = grade(reference.source)
    yield from _audit_points(kata, full)
    yield from _audit_full(reference, full)
    yield from audit_approaches(kata, grade)
    yield from _audit_stub(kata, texts, grade(kata.student_file.read_text("utf-8")))
    for answer in right_answers(kata):
        yield from _audit_full(answer, grade(answer.source))
    shown: set[str] = set()
    tags = texts.tables.get("tags", {})
    for answer in wrong_answers(kata):
        graded = grade(answer.source)
        yield from _audit_wrong(answer, tags, graded, shown)
        yield from _audit_green(answer, graded)
    for tag, entry in tags.items():
        if tag not in shown and not entry.get("note"):
            yield f"{texts.path}: [tags.{tag}]: no known mistake shows it"
    for value, source in _odd_files(kata, reference.source):
        for check in grade(source).checks:
            if check.outcome is Outcome.INTERNAL or check.tag == "unexpected_form":
                yield f"{kata.name}: {check.id}: dies of {value}: {check.message.get('en', '')}"


def _audit_points(kata: Kata, full: KataResult) -> Iterator[str]:
    ids = [check.id for check in full.checks]
    for name in sorted({name for name in ids if ids.count(name) > 1}):
        yield f"{kata.name}: two checks are called {name}"
    if full.max_score != kata.points:
        yield f"{kata.exercise / 'kata.toml'}: points: {kata.points:g}, but the checks give {full.max_score:g}"
    public = sum(check.max_points for check in full.checks if not check.hidden)
    if full.max_score and not PUBLIC_SHARE[0] <= public / full.max_score <= PUBLIC_SHARE[1]:
        yield f"{kata.name}: {public / full.max_score:.0%} of the points are public; 60 % is the rule"


def _audit_full(answer: Answer, result: KataResult) -> Iterator[str]:
    for check in result.checks:
        if check.outcome is not Outcome.PASSED:
            words = check.message.get("en", "").replace("\n", " ")
            yield f"{answer.place}: should get full marks, but {check.id} says {check.tag}: {words}"


def _audit_stub(kata: Kata, texts: Catalogue, result: KataResult) -> Iterator[str]:
    # A stub may begin with a mistake to repair; then the tag with its `when` rule is what it says.
    said = {"not_filled", "blocked"} | {tag for tag, entry in texts.tables.get("tags", {}).items() if "when" in entry}
    for check in result.checks:
        if check.outcome is Outcome.PASSED:
            yield f"{kata.student_file}: the untouched stub passes {check.id}"
        elif check.tag not in said:
            yield f"{kata.student_file}: the untouched stub gets {check.tag} from {check.id}, not what to fill"


def _audit_wrong(answer: Answer, tags: dict[str, Any], result: KataResult, shown: set[str]) -> Iterator[str]:
    tag = tag_of(answer.name, tags)
    if tag is None:
        yield f"{answer.place}: its name begins with no tag of messages.toml"
        return
    shown.add(tag)
    found = [check.tag for check in result.checks if check.outcome is not Outcome.PASSED]
    if tag not in found:
        yield f"{answer.place}: should fail with {tag}; it got {', '.join(dict.fromkeys(found)) or 'full marks'}"


def _audit_green(answer: Answer, result: KataResult) -> Iterator[str]:
    """What costs points is looked at by a public check once, or the mistake says why not."""
    public = [check for check in result.checks if not check.hidden]
    green = bool(public) and all(check.outcome is Outcome.PASSED for check in public)
    if green and not answer.green:
        yield f"{answer.place}: all public checks pass; let one look at this mistake, or say why: {GREEN} ..."
    if answer.green and not green:
        yield f"{answer.place}: is not green at home, as it says, but fails a public check"


def tag_of(name: str, tags: Iterable[str]) -> str | None:
    """Return the longest tag that a known mistake is named after; None if there is none."""
    fitting = [tag for tag in tags if name == tag or name.startswith(f"{tag}_")]
    return max(fitting, key=len, default=None)


def _odd_files(kata: Kata, reference: str) -> Iterator[tuple[str, str]]:
    """Yield each odd value with a file full of it."""
    if kata.needs != "toml":
        yield from ((value, _odd_module(reference, value)) for value in ODD_VALUES)
        return
    tables = tomllib.loads(reference)
    for value in ODD_TOML:
        yield value, "".join(f"{name} = {value}\n" for name in tables)
        fields = [f"{name}.{key} = {value}\n" for name, table in tables.items() for key in table]
        yield f"{value} in a table", "".join(fields)


def _odd_module(reference: str, value: str) -> str:
    """The reference with every name of the student's part bound to an odd value, or to a function that returns it."""
    lines = []
    for node in ast.parse(reference).body:
        if isinstance(node, ast.FunctionDef):
            lines.append(f"def {node.name}(*args, **kwargs):\n    return {value}")
        elif isinstance(node, ast.Assign):
            lines += [f"{target.id} = {value}" for target in node.targets if isinstance(target, ast.Name)]
    return "\n".join(lines) + "\n"
