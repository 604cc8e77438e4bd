"""What a student's text says about itself, read before a line of it has run, so that no code of it can answer."""

import ast
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class TextFacts:
    """Read from one text."""

    rows: list[tuple[str, int, int, str]] = field(default_factory=list)
    """(kind, first line, last line, detail) of syntax nodes; see student.Fact."""
    imports: list[tuple[str, str]] = field(default_factory=list)
    """(top-level function or "", first name of the module) of each import, also of one inside a function."""
    holes: dict[str, int] = field(default_factory=dict)
    """Name -> line of the `...` that is still in it."""
    blank: frozenset[str] = frozenset()
    """Functions whose body is nothing but a docstring and `...`."""


def read_facts(source: bytes, path: str) -> TextFacts:
    """Parse a student's Python file.

    Raises:
        SyntaxError, ValueError, UnicodeDecodeError: it is none.
    """
    try:
        tree = ast.parse(source, path)
    except (RecursionError, MemoryError):  # what the parser makes of a hundred thousand brackets
        raise SyntaxError("too many brackets or signs in each other") from None
    holes: dict[str, int] = {}
    for statement in tree.body:
        parts = [part for part in ast.walk(statement) if isinstance(part, ast.stmt)]
        lines = [line for part in parts for line in _hole_lines(part)]
        if lines:
            holes |= dict.fromkeys(_names_of(statement), min(lines)) | _entry_holes(statement)
    nodes = [_fact(node) for node in ast.walk(tree) if hasattr(node, "lineno") and _is_fact(node)]
    return TextFacts(
        rows=sorted(nodes, key=lambda fact: (fact[1], fact[0])),
        imports=_imports_of(tree),
        holes=holes,
        blank=frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef) and _is_blank(node)),
    )


def _imports_of(tree: ast.Module) -> list[tuple[str, str]]:
    found = set()
    for statement in tree.body:
        owner = statement.name if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)) else ""
        for node in ast.walk(statement):
            if isinstance(node, ast.Import):
                found |= {(owner, alias.name.split(".")[0]) for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                found.add((owner, (node.module or "").split(".")[0]))
            elif isinstance(node, ast.Call) and _callee(node) in ("import_module", "__import__"):
                texts = [part.value for part in node.args if isinstance(part, ast.Constant)]
                found |= {(owner, text.split(".")[0]) for text in texts if isinstance(text, str)}
    return sorted(found)


def _callee(node: ast.Call) -> str:
    if isinstance(node.func, (ast.Name, ast.Attribute)):
        return node.func.id if isinstance(node.func, ast.Name) else node.func.attr
    return ""


def _is_function(node: ast.AST) -> bool:
    return isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))


def _hole_lines(node: ast.AST) -> list[int]:
    """Lines of the `...` that a statement is, assigns or returns, also inside brackets; `x[..., 0]` is none."""
    if isinstance(node, (ast.Expr, ast.Assign, ast.AnnAssign, ast.Return)):
        return [] if node.value is None else _hole_lines(node.value)
    if isinstance(node, (ast.Tuple, ast.List, ast.Set)):
        return [line for part in node.elts for line in _hole_lines(part)]
    if isinstance(node, ast.Dict):
        return [line for part in node.values for line in _hole_lines(part)]
    return [node.lineno] if isinstance(node, ast.Constant) and node.value is ... else []


def _names_of(statement: ast.stmt) -> list[str]:
    """The names that a top-level statement defines: a function's name, or the targets of an assignment."""
    if isinstance(statement, ast.FunctionDef):
        return [statement.name]
    return [node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]


def _entry_holes(statement: ast.stmt) -> dict[str, int]:
    """Lines of the open entries of a table, under names such as "LAYERS[5]"."""
    if not (isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Dict)):
        return {}
    holes: dict[str, int] = {}
    for key, value in zip(statement.value.keys, statement.value.values, strict=True):
        lines = _hole_lines(value)
        if lines and isinstance(key, ast.Constant):
            holes |= {f"{name}[{key.value!r}]": min(lines) for name in _names_of(statement)}
    return holes


def _is_blank(function: ast.FunctionDef) -> bool:
    """True if the body is nothing but a docstring and `...`."""
    return all(isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) for node in function.body)


_FACTS = (
    ast.Compare,
    ast.BoolOp,
    ast.BinOp,
    ast.UnaryOp,
    ast.If,
    ast.IfExp,
    ast.Match,
    ast.Subscript,
    ast.Call,
    ast.Import,
    ast.ImportFrom,
)


def _is_fact(node: ast.AST) -> bool:
    return isinstance(node, _FACTS) or _is_function(node)


def _fact(node: Any) -> tuple[str, int, int, str]:
    """(kind, first line, last line, detail): see student.Fact."""
    detail = ""
    if isinstance(node, (ast.BoolOp, ast.BinOp, ast.UnaryOp)):
        detail = type(node.op).__name__
    elif isinstance(node, ast.Compare):
        detail = type(node.ops[0]).__name__
    elif isinstance(node, ast.Call):
        detail = _callee(node)
    elif isinstance(node, ast.Import):
        detail = node.names[0].name
    elif isinstance(node, ast.ImportFrom):
        detail = node.module or ""
    elif _is_function(node):
        detail = node.name
    return (type(node).__name__, node.lineno, node.end_lineno or node.lineno, detail)
