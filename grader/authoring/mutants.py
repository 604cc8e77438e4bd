"""Mutants of a reference solution: the same file with one small mistake in the part that a student writes.

Edits are made in the text, not by printing the tree, so a mutant differs from its reference in what was changed and
nothing else. Positions are bytes, as in `ast`. Two edits that give the same tree are one mutant.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from grader.authoring.stub import BEGIN, END, STUB, strip_markers

SIGNS: dict[type[ast.operator], tuple[str, str]] = {
    ast.Add: ("+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: ("*", "/"),
    ast.Div: ("/", "*"),
    ast.FloorDiv: ("//", "/"),
    ast.Mod: ("%", "*"),
    ast.Pow: ("**", "*"),
    ast.MatMult: ("@", "*"),
    ast.LShift: ("<<", ">>"),
    ast.RShift: (">>", "<<"),
    ast.BitAnd: ("&", "|"),
    ast.BitOr: ("|", "&"),
    ast.BitXor: ("^", "|"),
}
COMPARISONS: dict[type[ast.cmpop], tuple[str, tuple[str, ...]]] = {
    ast.Lt: ("<", ("<=", ">")),
    ast.LtE: ("<=", ("<", ">")),
    ast.Gt: (">", (">=", "<")),
    ast.GtE: (">=", (">", "<")),
    ast.Eq: ("==", ("!=",)),
    ast.NotEq: ("!=", ("==",)),
    ast.Is: ("is", ("is not",)),
    ast.IsNot: ("is not", ("is",)),
    ast.In: ("in", ("not in",)),
    ast.NotIn: ("not in", ("in",)),
}
ATOMS = (ast.Name, ast.Constant, ast.Call, ast.Attribute, ast.Subscript, ast.List, ast.Dict)


@dataclass(frozen=True)
class Mutant:
    """One small mistake."""

    line: int
    """In the reference's own file, from 1."""
    was: str
    """The lines that changed, on one line."""
    now: str
    source: str
    """The whole file as a student would hand it in, without markers."""


@dataclass(frozen=True)
class _Edit:
    start: int
    end: int
    text: str


def make_mutants(reference: str, *, suffix: str) -> list[Mutant]:
    """Return every mutant of a reference, in the order of their places.

    Args:
        reference: its text, with nbgrader's markers.
        suffix: ".py", or ".toml" for a file of tables.
    """
    inside = _solution_lines(reference)
    content = reference.encode("utf-8")
    if suffix == ".toml":
        return [_apply(content, edit) for edit in _toml_edits(reference, inside)]
    seen = {ast.dump(ast.parse(reference))}
    mutants = []
    edits = set(_Python(content, inside).edits())
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end, edit.text)):
        mutant = _apply(content, edit)
        try:
            shape = ast.dump(ast.parse(mutant.source))
        except SyntaxError:
            continue
        if shape not in seen:
            seen.add(shape)
            mutants.append(mutant)
    return mutants


def _solution_lines(reference: str) -> set[int]:
    lines: set[int] = set()
    open_since = None
    for number, line in enumerate(reference.splitlines(), 1):
        if line.strip() == BEGIN:
            open_since = number
        elif line.strip() == END:
            open_since = None
        elif open_since is not None and not line.strip().startswith(STUB):
            lines.add(number)
    return lines


def _apply(content: bytes, edit: _Edit) -> Mutant:
    first = content.rfind(b"\n", 0, edit.start) + 1
    last = content.find(b"\n", edit.end)
    new = edit.text.encode("utf-8")
    changed = content[: edit.start] + new + content[edit.end :]
    return Mutant(
        line=content.count(b"\n", 0, edit.start) + 1,
        was=_one_line(content[first:last]),
        now=_one_line(content[first : edit.start] + new + content[edit.end : last]),
        source=strip_markers(changed.decode("utf-8")),
    )


def _one_line(content: bytes) -> str:
    return " ".join(content.decode("utf-8").split())


def _toml_edits(reference: str, inside: set[int]) -> Iterator[_Edit]:
    """Each value of the student's part, replaced by every other value that its key has there."""
    field = re.compile(r"(\w+) = (.*)")
    found, start = [], 0
    for number, line in enumerate(reference.splitlines(keepends=True), 1):
        if number in inside and (match := field.match(line)):
            at = start + len(line[: match.start(2)].encode("utf-8"))
            found.append((match[1], match[2], at))
        start += len(line.encode("utf-8"))
    for key, value, at in found:
        for other in sorted({text for name, text, _ in found if name == key} - {value}):
            yield _Edit(at, at + len(value.encode("utf-8")), other)


class _Python:
    """Walks the tree of one file and yields the edits inside the student's part."""

    def __init__(self, content: bytes, inside: set[int]) -> None:
        self._content = content
        self._inside = inside
        self._line_starts = [0, *(match.end() for match in re.finditer(b"\n", content))]
        self._tree = ast.parse(content)
        self._functions = {
            node.name: len(node.args.args) for node in self._tree.body if isinstance(node, ast.FunctionDef)
        }

    def edits(self) -> Iterator[_Edit]:
        for statement in self._tree.body:
            names = _names_of(statement)
            for node in ast.walk(statement):
                if isinstance(node, ast.expr | ast.stmt | ast.keyword) and node.lineno in self._inside:
                    yield from self._edits_of(node, names)
                elif isinstance(node, ast.comprehension) and node.target.lineno in self._inside:
                    for test in node.ifs:
                        yield from (self._put(test, "True"), self._put(test, f"not ({self._text(test)})"))

    def _edits_of(self, node: ast.AST, names: list[str]) -> Iterator[_Edit]:
        match node:
            case ast.BinOp():
                yield from self._drop(node, [node.left, node.right])
                yield self._between(node.left, node.right, *SIGNS[type(node.op)])
            case ast.AugAssign():
                yield self._between(node.target, node.value, *SIGNS[type(node.op)])
            case ast.BoolOp():
                yield from self._drop(node, node.values)
            case ast.UnaryOp():
                yield from self._drop(node, [node.operand])
                if isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant):
                    value = node.operand.value
                    yield from self._constants(node, -value) if isinstance(value, int | float) else ()
            case ast.Compare():
                for (left, right), op in zip(pairwise([node.left, *node.comparators]), node.ops, strict=True):
                    old, others = COMPARISONS[type(op)]
                    yield from (self._between(left, right, old, other) for other in others)
            case ast.IfExp():
                yield from self._drop(node, [node.body, node.orelse])
                yield self._put(node.test, f"not ({self._text(node.test)})")
            case ast.If() | ast.While():
                yield self._put(node.test, f"not ({self._text(node.test)})")
            case ast.Constant():
                yield from self._constants(node, node.value)
            case ast.Name(ctx=ast.Load()):
                yield from (self._put(node, other) for other in self._others(node.id, names))
            case ast.Call():
                yield from self._call(node)
            case ast.Slice():
                for bound in (node.lower, node.upper):
                    yield from self._off_by_one(bound) if bound else ()
            case ast.Tuple() | ast.List() | ast.Set():
                brackets = {ast.Tuple: "()", ast.List: "[]", ast.Set: "{}"}[type(node)]
                parts = [self._text(element) for element in node.elts]
                for some in _fewer_or_swapped(parts, least=1):
                    comma = "," if isinstance(node, ast.Tuple) and len(some) == 1 else ""
                    yield self._put(node, f"{brackets[0]}{', '.join(some)}{comma}{brackets[1]}")
            case ast.Dict():
                yield from self._dict(node)
        if isinstance(node, ast.stmt) and not isinstance(node, ast.Pass):
            yield self._put(node, "pass")

    def _constants(self, node: ast.expr, value: object) -> Iterator[_Edit]:
        match value:
            case bool():
                yield self._put(node, str(not value))
            case int() | float():
                for other in (value + 1, value - 1, value * 2, -value):
                    yield self._put(node, repr(other) if other >= 0 else f"({other!r})")
            case str():
                yield self._put(node, repr(value + "x"))
            case None:
                yield self._put(node, "0")

    def _call(self, node: ast.Call) -> Iterator[_Edit]:
        args = [self._text(arg) for arg in node.args]
        keywords = [self._text(keyword) for keyword in node.keywords]
        several = len(args) + len(keywords) > 1
        for some in _fewer_or_swapped(args, least=0) if several else ():
            yield self._put(node, f"{self._text(node.func)}({', '.join([*some, *keywords])})")
        for index in range(len(keywords)):
            some = [*args, *keywords[:index], *keywords[index + 1 :]]
            yield self._put(node, f"{self._text(node.func)}({', '.join(some)})")
        if isinstance(node.func, ast.Name) and node.func.id == "range":
            for arg in node.args:
                yield from self._off_by_one(arg)

    def _dict(self, node: ast.Dict) -> Iterator[_Edit]:
        keys = [self._text(key) if key else "" for key in node.keys]
        values = [self._text(value) for value in node.values]
        for index in range(len(keys)):
            items = [f"{key}: {value}" for key, value in zip(keys, values, strict=True)]
            yield self._put(node, f"{{{', '.join([*items[:index], *items[index + 1 :]])}}}")
        for some in _swapped(values):
            yield self._put(node, f"{{{', '.join(f'{k}: {v}' for k, v in zip(keys, some, strict=True))}}}")

    def _off_by_one(self, node: ast.expr) -> Iterator[_Edit]:
        if not isinstance(node, ast.Constant):
            yield from (self._put(node, f"({self._text(node)}) {step}") for step in ("+ 1", "- 1"))

    def _drop(self, node: ast.expr, parts: list[ast.expr]) -> Iterator[_Edit]:
        """A term or factor alone in place of the whole; of three or more joined by and/or, one left out."""
        if len(parts) > 2 and isinstance(node, ast.BoolOp):
            word = " and " if isinstance(node.op, ast.And) else " or "
            for left_out in parts:
                yield self._put(node, word.join(f"({self._text(part)})" for part in parts if part is not left_out))
            return
        for part in parts:
            text = self._text(part)
            yield self._put(node, text if isinstance(part, ATOMS) else f"({text})")

    def _others(self, name: str, names: list[str]) -> list[str]:
        """The neighbours of a name among those of its scope, or of a function among those with as many arguments."""
        if name in names:
            scope = names
        elif name in self._functions:
            scope = [other for other, count in self._functions.items() if count == self._functions[name]]
        else:
            return []
        at = scope.index(name)
        return sorted({scope[at - 1], scope[(at + 1) % len(scope)]} - {name})

    def _between(self, left: ast.expr, right: ast.expr, old: str, new: str) -> _Edit:
        start, end = self._span(left)[1], self._span(right)[0]
        gap = self._content[start:end].decode("utf-8")
        return _Edit(start, end, gap.replace(old, new, 1))

    def _put(self, node: ast.expr | ast.stmt, text: str) -> _Edit:
        return _Edit(*self._span(node), text)

    def _text(self, node: ast.expr | ast.keyword) -> str:
        start, end = self._span(node)
        return self._content[start:end].decode("utf-8")

    def _span(self, node: ast.expr | ast.stmt | ast.keyword) -> tuple[int, int]:
        start = self._line_starts[node.lineno - 1] + node.col_offset
        return start, self._line_starts[(node.end_lineno or node.lineno) - 1] + (node.end_col_offset or 0)


def _names_of(statement: ast.stmt) -> list[str]:
    """Arguments and local names of a function, in the order in which they first appear."""
    if not isinstance(statement, ast.FunctionDef):
        return []
    stored = [node for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
    stored.sort(key=lambda node: (node.lineno, node.col_offset))
    arguments = [argument.arg for argument in [*statement.args.args, *statement.args.kwonlyargs]]
    return list(dict.fromkeys([*arguments, *(node.id for node in stored)]))


def _fewer_or_swapped(parts: list[str], *, least: int) -> Iterator[list[str]]:
    if len(parts) > least:
        yield from ([*parts[:index], *parts[index + 1 :]] for index in range(len(parts)))
    yield from _swapped(parts)


def _swapped(parts: list[str]) -> Iterator[list[str]]:
    for index in range(len(parts) - 1):
        yield [*parts[:index], parts[index + 1], parts[index], *parts[index + 2 :]]
