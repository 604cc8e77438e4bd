"""Writes an nbgrader course: a source notebook for each kata, and a configuration that mends what nbgrader allows.

Everything in a notebook comes from where the rest of the kit has it: the answer cell from the reference with its
markers, the lesson from the README, public checks from the test file, hidden ones (in nbgrader's hidden regions) from
the solutions. The course is written beside its place and put there when it is whole.
"""

import hashlib
import json
import os
import secrets
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from string import Template
from typing import Any

import pytest

from grader.authoring.stub import make_stub
from grader.bank.kata import Kata, bank_files, require_files, require_points
from grader.checks.check import CHECK, PROBLEM, Check
from grader.errors import ContentError, UsageError
from grader.intake.notebook import answer_id, answer_mark, defined_names
from grader.nbgrader.layout import (
    assignment_name,
    grade_id,
    lesson_id,
    metadata,
    notebook_name,
    picture_id,
    setup_id,
)
from grader.pictures import PICTURE
from grader.plugin import PROVIDER, LocalProvider, forget_modules, quiet_arguments, scale_points
from grader.whole_file import made_whole
from grader.words.catalogue import Catalogue, load_catalogue
from grader.words.languages import LANGUAGES, TEXTS, Text, in_language

CONFIG = "nbgrader_config.py"
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
    files = {}
    for kata, notebook in zip(katas, make_notebooks(katas, language), strict=True):
        folder = assignment_name(kata, one_assignment=one_assignment)
        text = json.dumps(notebook, indent=1, ensure_ascii=False)
        files[f"source/{folder}/{notebook_name(kata)}.ipynb"] = f"{text}\n"
    assignments = list(dict.fromkeys(assignment_name(kata, one_assignment=one_assignment) for kata in katas))
    if roster is not None:
        files[ROSTER] = roster
    if not renew:
        template = Template((TEXTS / "nbgrader_config.py.txt").read_text("utf-8"))
        files[CONFIG] = template.substitute(course=repr(target.resolve().name), tag=repr(secrets.token_hex(16)))
    _place(files, target, renew=renew)
    return assignments


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
    texts = load_catalogue(TEXTS / "nbgrader.toml")
    return [_Writer(kata, texts, language).notebook(checks[kata.name]) for kata in katas]


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


class _Writer:
    """Makes the cells of one kata's notebook."""

    def __init__(self, kata: Kata, texts: Catalogue, language: str) -> None:
        self._kata = kata
        self._texts = texts
        self._language = language

    def notebook(self, checks: list[Check]) -> dict[str, Any]:
        kata = self._kata
        cells = [
            _markdown(self._lesson(), lesson_id(kata)),
            self._setup(),
            _code(f"{answer_mark(kata)}\n{self._answer()}", metadata(answer_id(kata), solution=True)),
        ]
        seen: dict[str, str] = {}
        for check in checks:
            cell_id = grade_id(kata, check.id)
            if cell_id in seen:
                raise ContentError(kata.exercise, check.id, f"has the same id in nbgrader as {seen[cell_id]}")
            seen[cell_id] = check.id
            source = self._hidden_cell(check) if check.hidden else self._public_cell(check)
            cells.append(_code(source, metadata(cell_id, points=check.points)))
        if (kata.exercise / PICTURE).exists():
            picture = [*_comment(self._say("picture")), "kata.plot()"]
            cells.append(_code("\n".join(picture), metadata(picture_id(kata))))
        kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
        info = {"kernelspec": kernel, "language_info": {"name": "python"}}
        return {"cells": cells, "metadata": info, "nbformat": 4, "nbformat_minor": 5}

    def _say(self, name: str, **values: str) -> str:
        return in_language(self._texts.text("cell", name, **values), self._language)

    def _lesson(self) -> str:
        lesson = {name: self._kata.lesson(name).read_text("utf-8").strip() for name in LANGUAGES}
        how = self._texts.text("cell", "how", file=self._kata.file_name, mark=answer_mark(self._kata))
        whole: Text = {}
        for language, text in lesson.items():
            title, _, rest = text.partition("\n")
            whole[language] = f"{title}\n\n{how[language]}\n{rest}\n"
        return in_language(whole, self._language)

    def _reference(self) -> str:
        assert self._kata.solution is not None
        return (self._kata.solution / self._kata.file_name).read_text("utf-8").rstrip("\n")

    def _answer(self) -> str:
        if self._kata.suffix == ".toml":
            return f"{self._kata.slug} = {_literal(self._reference() + chr(10))}"
        return self._reference()

    def _setup(self) -> dict[str, Any]:
        kata = self._kata
        shared = (path for path in bank_files(kata.bank) if path.suffix != ".ini")
        texts = _read(
            kata.exercise, (*(path for path in kata.files("judge") if path.is_relative_to(kata.exercise)), *shared)
        )
        stub = make_stub(self._reference(), file=kata.student_file)
        lines = [
            *(f"# {line}" for line in self._say("setup").splitlines()),
            *(f"# {line}" for line in self._say("install").splitlines()),
            "from grader.nbgrader.notebook import open_kata",
            "",
            "kata = open_kata(",
            "    get_ipython(),",
            f"    {kata.name!r},",
            f"    language={self._language!r},",
            f"    defines={defined_names(stub, kata)!r},",
            "    files={",
            *_entries(texts),
            "    },",
            ")",
        ]
        if kata.needs == "keras":
            # Here, where no points hang on what TensorFlow prints.
            lines.append("import tensorflow")
        cell = _code("\n".join(lines), metadata(setup_id(kata)))
        # Folded: JupyterLab, Notebook 7 and VS Code read the first, Colab the second.
        cell["metadata"] |= {"jupyter": {"source_hidden": True}, "cellView": "form"}
        return cell

    def _public_cell(self, check: Check) -> str:
        titles = self._texts.text("cell", "check", title="{title}", points=f"{check.points:g}")
        title = {language: text.replace("{title}", check.title[language]) for language, text in titles.items()}
        return "\n".join([*_comment(in_language(title, self._language)), *_ask(check.id)])

    def _hidden_files(self) -> dict[str, str]:
        kata = self._kata
        assert kata.solution is not None
        return _read(kata.solution, (path for path in kata.files("judge") if path.is_relative_to(kata.solution)))

    def _hidden_cell(self, check: Check) -> str:
        return "\n".join(
            [
                *_comment(self._say("hidden", points=f"{check.points:g}")),
                "### BEGIN HIDDEN TESTS",
                "hidden = {",
                *_entries(self._hidden_files()),
                "}",
                # Between the text and the assertion, so that a traceback's few lines show none of it.
                *["#"] * 4,
                *_ask(check.id, ", hidden=hidden"),
                "### END HIDDEN TESTS",
            ]
        )


def _read(folder: Path, paths: Iterable[Path]) -> dict[str, str]:
    """Texts of files by their path from a folder, "../shared/..." for one beside it."""
    return {Path(os.path.relpath(path, folder)).as_posix(): path.read_text("utf-8") for path in paths}


def _entries(files: dict[str, str]) -> list[str]:
    """Return the lines of a dict of files; their texts keep their own line starts."""
    return [f"{name!r}: {_literal(text)}," for name, text in files.items()]


def _comment(text: str) -> list[str]:
    return [f"# {line}" for line in text.splitlines()]


def _ask(check_id: str, more: str = "") -> list[str]:
    # The last line is no expression: nbgrader would take its value for points.
    return [f"verdict = kata.check({json.dumps(check_id)}{more})", "assert verdict.passed, verdict.words"]


def _literal(text: str) -> str:
    """Return a string literal, a legible one where Python allows it."""
    if "'''" in text or text.endswith(("'", "\\")):
        return repr(text)
    return f"r'''{text}'''"


def _code(source: str, nbgrader: dict[str, Any]) -> dict[str, Any]:
    return {"cell_type": "code", **_cell(source, nbgrader), "execution_count": None, "outputs": []}


def _markdown(source: str, cell_id: str) -> dict[str, Any]:
    return {"cell_type": "markdown", **_cell(source, metadata(cell_id))}


def _cell(source: str, nbgrader: dict[str, Any]) -> dict[str, Any]:
    # At most 64 characters, the same for the same name.
    cell_id = hashlib.sha256(nbgrader["grade_id"].encode()).hexdigest()[:16]
    return {"id": cell_id, "metadata": {"nbgrader": nbgrader}, "source": source.splitlines(keepends=True)}
