"""One check of a kata: a pytest function with the mark `check`, and what it says about itself."""

import ast
import inspect
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

from grader.bank.kata import Kata, load_kata
from grader.bank.texts import KataTexts, load_kata_texts
from grader.errors import ContentError


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


CHECK = pytest.StashKey[Check]()
PROBLEM = pytest.StashKey[ContentError]()
"""What is wrong with a kata's own files, once it is known; then no check is run."""


def check_id(item: pytest.Item) -> str:
    """Return the id of a pytest function, whether or not it is a check."""
    return item.name.removeprefix("test_")


def read_checks(items: Iterable[pytest.Item]) -> None:
    """Read what each check among the items says about itself, once, into its stash.

    Raises:
        ContentError: see read_check; or a kata's own files cannot be read.
    """
    known: dict[Path, tuple[Kata, KataTexts]] = {}
    for item in items:
        mark = item.get_closest_marker("check")
        if mark is None or CHECK in item.stash:
            continue
        folder = item.path.parent
        if folder not in known:
            kata = load_kata(folder.parent.parent / "exercises" / folder.name)
            known[folder] = (kata, load_kata_texts(kata, hidden=folder != kata.exercise))
        item.stash[CHECK] = read_check(item, mark, *known[folder])


def read_check(item: pytest.Item, mark: pytest.Mark, kata: Kata, texts: KataTexts) -> Check:
    """Build the Check of a test function.

    Raises:
        ContentError: the mark has no points, or the function no docstring.
    """
    function = getattr(item, "function", None)
    name = check_id(item)
    # cleandoc, not the raw docstring: the title is one line however the author wrapped it.
    title = inspect.cleandoc(_docstring(function, item.path)).splitlines() if function else []
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
        title={
            language: text.format_map({key: texts.parameter(word, language) for key, word in params.items()})
            for language, text in titles.items()
        },
        points=float(mark.kwargs["points"]),
        step=int(mark.kwargs.get("step", 1)),
        hidden=item.path.stem.endswith("_hidden"),
        needs=mark.kwargs["needs"].format_map(params) if "needs" in mark.kwargs else None,
        texts=texts,
    )


def _docstring(function: object, path: Path) -> str:
    """The function's docstring; from the source where Python runs without docstrings (-OO, PYTHONOPTIMIZE=2)."""
    if function.__doc__ is not None:
        return function.__doc__
    name = getattr(function, "__name__", "")
    for node in ast.parse(path.read_bytes()).body:
        if isinstance(node, ast.FunctionDef) and node.name == name:
            return ast.get_docstring(node) or ""
    return ""
