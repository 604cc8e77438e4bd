"""Writes an nbgrader course: a source notebook for each kata, and a configuration that mends what nbgrader allows.

Everything in a notebook comes from where the rest of the kit has it: the answer cell from the reference with its
markers, the lesson from the README, public checks from the test file, hidden ones (in nbgrader's hidden regions) from
the solutions. The course is written beside its place and put there when it is whole.
"""

import json
import secrets
from contextlib import ExitStack
from pathlib import Path
from string import Template
from typing import Any

import pytest

from grader.authoring.stub import make_stub, read_reference
from grader.bank.kata import Kata, require_files, require_points
from grader.checks.check import CHECK, PROBLEM, Check
from grader.errors import ContentError, UsageError
from grader.intake.ipynb import answer_id
from grader.nbgrader.cells import (
    Cells,
    as_comment,
    code_cell,
    entries,
    folded,
    read_texts,
    text_cell,
    to_text,
    whole_notebook,
)
from grader.nbgrader.ids import grade_id, metadata
from grader.nbgrader.opening import CONFIG
from grader.pictures import PICTURE
from grader.plugin import PROVIDER, LocalProvider, forget_modules, quiet_arguments, scale_points
from grader.whole_file import made_whole
from grader.words.languages import TEXTS

ONE_ASSIGNMENT = "katas"
"""The assignment's name where all katas are one."""
ROSTER = "students.csv"
OURS = "grader.nbgrader.release"
"""What a configuration written here imports, and no other one does."""


def write_course(
    katas: tuple[Kata, ...], target: Path, *, one_assignment: bool, language: str, roster: str | None = None
) -> list[str]:
    """Write a course to a new folder, or renew the source notebooks of one that was written here before.

    Args:
        katas: all of one bank, with solutions.
        target: the course's folder. In an existing course everything but the notebooks stays: submissions, gradebook
            and configuration.
        one_assignment: one assignment of all katas, else one for each.
        language: of lessons, titles and messages: "en", "ko" or "both".
        roster: the text of students.csv (see roster.py); None: none is written.

    Returns:
        The names of the assignments.

    Raises:
        ContentError: two checks of a kata would have one id.
        UsageError: the target exists and is no course of this kit, or cannot be written.
    """
    renew = target.exists()
    config = target / CONFIG
    if renew and not (config.is_file() and OURS in config.read_text("utf-8", "replace")):
        raise UsageError("no_kata_course", path=target)
    folders = [ONE_ASSIGNMENT if one_assignment else kata.name for kata in katas]
    notebooks = zip(folders, katas, make_notebooks(katas, language), strict=True)
    files = {f"source/{folder}/{kata.name}.ipynb": to_text(notebook) for folder, kata, notebook in notebooks}
    if roster is not None:
        files[ROSTER] = roster
    if not renew:
        template = Template((TEXTS / "nbgrader_config.py.txt").read_text("utf-8"))
        files[CONFIG] = template.substitute(course=repr(target.resolve().name), tag=repr(secrets.token_hex(16)))
    _place(files, target, renew=renew)
    return list(dict.fromkeys(folders))


def _place(files: dict[str, str], target: Path, *, renew: bool) -> None:
    with ExitStack() as whole:
        # A new course appears as one; in a course that is there, each file, after all of them have been written.
        folder = None if renew else whole.enter_context(made_whole(target))
        for name, content in files.items():
            if folder is None:
                path = whole.enter_context(made_whole(target / name, make_parents=True))
            else:
                path = folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode("utf-8"))


def make_notebooks(katas: tuple[Kata, ...], language: str) -> list[dict[str, Any]]:
    """Return the source notebook of each kata, as the JSON object that stands in its file (nbformat 4.5).

    Raises:
        ContentError: two checks of a kata would have one id.
    """
    checks = collect_checks(katas)
    return [_make_notebook(Cells(kata, language), checks[kata.name]) for kata in katas]


class _Collector:
    def __init__(self, katas: tuple[Kata, ...]) -> None:
        self._katas = katas
        self.checks: list[Check] = []
        self.problem: ContentError | None = None

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        # Set, so that the plugin does not take this for a student's own run and speak to her at its end.
        config.stash[PROVIDER] = LocalProvider()

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        forget_modules(items)
        self.problem = config.stash.get(PROBLEM, None)
        if self.problem is not None:
            return
        scale_points([item for item in items if CHECK in item.stash], self._katas)
        self.checks = [item.stash[CHECK] for item in items if CHECK in item.stash]


def collect_checks(katas: tuple[Kata, ...]) -> dict[str, list[Check]]:
    """Return each kata's checks by its name, public before hidden, in authoring order.

    Raises:
        ContentError: a kata lacks a file, its checks cannot be collected, or their points do not add up.
    """
    require_files(katas, "author")
    collector = _Collector(katas)
    files = [str(file) for kata in katas for file in (kata.public_checks, kata.hidden_checks) if file]
    arguments = quiet_arguments(katas[0].bank)
    status = pytest.main([*arguments, "--collect-only", *files], plugins=[collector])
    if collector.problem is not None:
        raise collector.problem
    found = {kata.name: [check for check in collector.checks if check.kata.name == kata.name] for kata in katas}
    empty = next((kata for kata in katas if not found[kata.name]), katas[0] if status else None)
    if empty is not None:
        raise ContentError(empty.exercise, "checks", f"cannot be collected (pytest's status {status})")
    for kata in katas:
        require_points(kata, (check.points for check in found[kata.name]))
    return found


def _make_notebook(cells: Cells, checks: list[Check]) -> dict[str, Any]:
    kata = cells.kata
    reference, file = read_reference(kata)
    stub = make_stub(reference, file=file)
    about = [*cells.say("setup").splitlines(), *cells.say("install").splitlines()]
    made = [
        _text(cells.lesson("how"), grade_id(kata, "lesson")),
        folded(_code(cells.setup(stub, about), metadata(grade_id(kata, "setup")))),
        _code(cells.answer(reference), metadata(answer_id(kata), solution=True)),
    ]
    seen: dict[str, str] = {}
    for check in checks:
        cell_id = grade_id(kata, check.id)
        if cell_id in seen:
            raise ContentError(kata.exercise, check.id, f"has the same id in nbgrader as {seen[cell_id]}")
        seen[cell_id] = check.id
        source = _hidden_cell(cells, check) if check.hidden else _public_cell(cells, check)
        made.append(_code(source, metadata(cell_id, points=check.points)))
    if (kata.exercise / PICTURE).exists():
        made.append(_code(cells.picture(), metadata(grade_id(kata, "picture"))))
    return whole_notebook(made)


def _public_cell(cells: Cells, check: Check) -> str:
    return "\n".join([*as_comment(cells.titled(check.title, check.points)), *_ask(check.id)])


def _hidden_cell(cells: Cells, check: Check) -> str:
    solution = cells.kata.secrets
    files = read_texts(solution, (path for path in cells.kata.files("judge") if path.is_relative_to(solution)))
    return "\n".join(
        [
            *as_comment(cells.say("hidden", points=f"{check.points:g}")),
            "### BEGIN HIDDEN TESTS",
            "hidden = {",
            *entries(files),
            "}",
            # Between the text and the assertion, so that a traceback's few lines show none of it.
            *["#"] * 4,
            *_ask(check.id, ", hidden=hidden"),
            "### END HIDDEN TESTS",
        ]
    )


def _ask(check_id: str, more: str = "") -> list[str]:
    # The last line is no expression: nbgrader would take its value for points.
    return [f"verdict = kata.check({json.dumps(check_id)}{more})", "assert verdict.passed, verdict.words"]


def _code(source: str, nbgrader: dict[str, Any]) -> dict[str, Any]:
    return code_cell(source, nbgrader["grade_id"], {"nbgrader": nbgrader})


def _text(source: str, cell_id: str) -> dict[str, Any]:
    return text_cell(source, cell_id, {"nbgrader": metadata(cell_id)})
