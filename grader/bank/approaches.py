"""Other ways to write a kata's answer: exercises/NN_slug/approaches.toml, which a kata may leave out.

    [approaches.constant_input]
    title = { en = "...", ko = "..." }
    code = '''...'''             what stands in the file in place of the definitions of the same names
    en = '''...'''               what this way is good at, and what it costs; a line that is empty ends a paragraph
    ko = '''...'''

They are for after the green check. `apply` puts a way into a whole answer, so that `kata audit` can judge it.
"""

import ast
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass

from grader.bank.kata import APPROACHES, Kata
from grader.errors import ContentError
from grader.words.catalogue import load_catalogue
from grader.words.languages import BOTH, LANGUAGES, Text

TABLE = "approaches"


@dataclass(frozen=True)
class Approach:
    """One other way."""

    name: str
    """Its key in approaches.toml."""
    title: Text
    code: str
    """One or several whole definitions, without what the rest of the file has."""
    text: Text
    """What it is good at."""


def has_approaches(kata: Kata) -> bool:
    """True if the kata comes with other ways to write it; the file is not read."""
    return (kata.exercise / APPROACHES).is_file()


def load_approaches(kata: Kata) -> tuple[Approach, ...]:
    """Return the other ways to write a kata, in the file's order; none if it has no such file.

    Raises:
        ContentError: the file is wrong, or a way lacks its title, its code or a language.
    """
    if not has_approaches(kata):
        return ()
    catalogue = load_catalogue(kata.exercise / APPROACHES)
    found = []
    for name, entry in catalogue.tables.get(TABLE, {}).items():
        key = f"[{TABLE}.{name}]"
        title, code = entry.get("title"), entry.get("code")
        if not isinstance(title, dict) or not all(isinstance(title.get(one), str) for one in BOTH):
            raise ContentError(catalogue.path, key, "title: is no table of texts, { en = ..., ko = ... }")
        if not isinstance(code, str) or not code.strip():
            raise ContentError(catalogue.path, key, "code: is missing")
        text = catalogue.text(TABLE, name)
        found.append(Approach(name, _in_every(title), code.strip("\n") + "\n", text))
    return tuple(found)


def _in_every(title: Mapping[str, str]) -> Text:
    return {language: title.get(language, title["en"]) for language in LANGUAGES}


def apply(approach: Approach, answer: str, kata: Kata) -> str:
    """Return a whole answer in which a way stands in place of what it defines anew.

    Args:
        approach: the way.
        answer: a right answer, the text of the kata's file.
        kata: whose.

    Raises:
        ContentError: the way's code cannot be read, or defines nothing that the answer has.
    """
    try:
        if kata.suffix == ".toml":
            return _apply_toml(approach.code, answer)
        return _apply_python(approach.code, answer)
    except (SyntaxError, tomllib.TOMLDecodeError, LookupError) as problem:
        raise ContentError(kata.exercise / APPROACHES, f"[{TABLE}.{approach.name}] code", str(problem)) from None


def definitions(source: str) -> dict[str, ast.stmt]:
    """Return the statements of a Python file that define a name at its top level, by that name; the last one counts.

    Raises:
        SyntaxError: it is no Python.
    """
    return {name: node for node in ast.parse(source).body for name in _names(node)}


def _names(node: ast.stmt) -> list[str]:
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        return [node.name]
    if isinstance(node, (ast.Assign, ast.AnnAssign)):
        parts = (part for part in ast.walk(node) if isinstance(part, ast.Name))
        return [part.id for part in parts if isinstance(part.ctx, ast.Store)]
    return []


def _apply_python(code: str, answer: str) -> str:
    new, old = definitions(code), definitions(answer)
    replaced = {id(node): node for name, node in old.items() if name in new}
    if not replaced:
        raise LookupError("it defines no name of the kata")
    lines = answer.splitlines()
    # Where the last of them stood: what the way uses of the answer stands above, and what uses the way below.
    last = max(node.lineno for node in replaced.values())
    for node in sorted(replaced.values(), key=lambda one: -one.lineno):
        lines[node.lineno - 1 : node.end_lineno] = code.splitlines() if node.lineno == last else []
    return "\n".join(lines) + "\n"


def _apply_toml(code: str, answer: str) -> str:
    new = tomllib.loads(code)
    head, *tables = re.split(r"^(?=\[)", answer, flags=re.MULTILINE)
    kept = [table for table in tables if table.split("]")[0].strip("[ \"'") not in new]
    if len(kept) == len(tables):
        raise LookupError("it defines no table of the kata")
    # Keys without a heading stand above the first heading.
    return "".join([head, code, "\n", *kept])
