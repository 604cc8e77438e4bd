"""What katas and checks are called on a page, in every language, as far as the bank at hand knows them.

Reports have a check's title in English with its parameters filled in: "AND is right on all four rows". The bank has the
sentence with places, in English as the test function's docstring and in other languages in messages.toml. What fills
the places in the one sentence fills them in the others.
"""

import ast
import inspect
import re
from contextlib import suppress
from pathlib import Path

from grader.bank.kata import Kata
from grader.result import CheckResult
from grader.words.catalogue import load_catalogue
from grader.words.languages import LANGUAGES, Text

_PLACE = re.compile(r"\{(\w+)\}")


class Titles:
    """Titles by kata; one that the bank does not know is called as in the report."""

    def __init__(self, katas: tuple[Kata, ...]) -> None:
        """Read the katas' own titles."""
        self._katas = {kata.name: kata.title for kata in katas}
        self._checks = {
            kata.name: load_catalogue(kata.exercise / "messages.toml").tables.get("titles", {}) for kata in katas
        }
        self._english = {
            kata.name: {**_docstrings(kata.hidden_checks), **_docstrings(kata.public_checks)} for kata in katas
        }
        self._known: dict[tuple[str, str, str], Text] = {}

    def kata(self, name: str) -> Text:
        """Return a kata's title."""
        return self._katas.get(name) or dict.fromkeys(LANGUAGES, name[3:].replace("_", " ") or name)

    def check(self, kata: str, check: CheckResult) -> Text:
        """Return a check's title; in English where the bank at hand has another one."""
        key = (kata, check.id, check.title)
        if key not in self._known:
            self._known[key] = self._translate(*key)
        return self._known[key]

    def _translate(self, kata: str, check_id: str, title: str) -> Text:
        name = check_id.partition("[")[0]
        template = self._english.get(kata, {}).get(name, title)
        pattern = "".join(f"(?P<{part}>.*)" if odd else re.escape(part) for odd, part in _parts(template))
        with suppress(re.error):  # the same place twice in one sentence
            found = re.fullmatch(pattern, title, re.DOTALL)
            if found is not None:
                texts = self._checks.get(kata, {}).get(name, {})
                filled = {one: _fill(text, found.groupdict()) for one, text in texts.items()}
                return {one: filled.get(one) or title for one in LANGUAGES} | {"en": title}
        return dict.fromkeys(LANGUAGES, title)


def _parts(template: str) -> list[tuple[bool, str]]:
    return [(bool(index % 2), part) for index, part in enumerate(_PLACE.split(template))]


def _fill(text: str, values: dict[str, str]) -> str | None:
    places = set(_PLACE.findall(text))
    return text.format_map(values) if places <= values.keys() else None


def _docstrings(path: Path | None) -> dict[str, str]:
    """Return the first line of each test function's docstring in a bank's file, by the check's name."""
    if path is None or not path.is_file():
        return {}
    found = {}
    try:
        body = ast.parse(path.read_bytes()).body
    except (SyntaxError, ValueError):  # its author hears of it from whatever runs the checks
        return {}
    for node in body:
        if isinstance(node, ast.FunctionDef):
            lines = inspect.cleandoc(ast.get_docstring(node) or "").splitlines()
            found[node.name.removeprefix("test_")] = lines[0] if lines else ""
    return found
