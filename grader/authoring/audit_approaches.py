"""Part of the audit: every other way to write a kata is a right answer, and not the reference word by word."""

import ast
from collections.abc import Callable, Iterator

from grader.authoring.answers import reference_of
from grader.bank.approaches import Approach, apply, definitions, load_approaches
from grader.bank.kata import APPROACHES, Kata
from grader.result import KataResult, Outcome

COUNT = (2, 3)
"""Ways of a kata that has any: enough to compare, few enough to be read."""
WIDEST = 100
"""Columns of a line of code: a terminal shows it whole."""


def audit_approaches(kata: Kata, grade: Callable[[str], KataResult]) -> Iterator[str]:
    """Yield what is wrong with a kata's other ways.

    Args:
        kata: whose; it may have none.
        grade: gives the verdict on a whole answer.

    Raises:
        ContentError: approaches.toml is so wrong that nothing can be judged.
    """
    found = load_approaches(kata)
    path = kata.exercise / APPROACHES
    if found and not COUNT[0] <= len(found) <= COUNT[1]:
        yield f"{path}: {len(found)} ways; {COUNT[0]} or {COUNT[1]} are wanted"
    reference = reference_of(kata).source if found else ""
    for one in found:
        where = f"{path}: [approaches.{one.name}]"
        for check in grade(apply(one, reference, kata)).checks:
            if check.outcome is not Outcome.PASSED:
                words = check.message.get("en", "").replace("\n", " ")
                yield f"{where}: is no right answer: {check.id} says {check.tag}: {words}"
        if any(len(line) > WIDEST for line in one.code.splitlines()):
            yield f"{where}: a line of more than {WIDEST} columns"
        if kata.suffix == ".py":
            yield from (f"{where}: {name} is the reference's own" for name in _same(one, reference))


def _same(approach: Approach, reference: str) -> Iterator[str]:
    """The functions that a way defines word by word as the reference does, whatever their docstrings."""
    known = definitions(reference)
    for name, node in definitions(approach.code).items():
        if isinstance(node, ast.FunctionDef) and name in known and _bare(node) == _bare(known[name]):
            yield name


def _bare(node: ast.stmt) -> str:
    body = getattr(node, "body", [node])
    if body and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
        body = body[1:]
    return "\n".join(ast.dump(part) for part in body)
