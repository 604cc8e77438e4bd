"""What an exception says about its cause, read from its type and its fields, as plain data.

A message for a student is chosen by these words (`when` in messages.toml). A piece of an exception's text is no cause:
"No module named 'keras.layers.core'" names Keras, and Keras may be there. Where the exception has no field, the place
in the student's file is looked at: which operation failed there, and what it was applied to. Of a TypeError, which has
no field at all, whole sentences of Python's are taken apart.
"""

import ast
import dis
import io
import re
import tokenize
import types
from collections import Counter
from importlib.util import find_spec
from typing import Any

from grader.sandbox.alone import NotAlone
from grader.sandbox.source_text import split_lines
from grader.sandbox.standing import innermost_in, line_of, steps_in

MAX_FIELD = 80
"""Characters of one word; what is longer is no name."""
FIELDS = (
    *("named", "module", "top", "installed", "object", "key", "quoted", "repeats", "readable", "residue"),
    *("sign", "opened"),
    *("types", "lacks", "called", "defined", "node", "operator", "shapes", "call", "called_as", "library"),
    "reaches",
)
"""Names of all words that may be known of a cause; a message has a placeholder for each."""
MANY = 50
"""Times that one function stands in the traceback of a RecursionError before it is said to call itself."""

MOST_TALES = 20
"""Exceptions in a row that are looked through for the one behind them."""

_RAISES = dis.opmap["RAISE_VARARGS"]
"""What `raise` and `assert` become; a bare `raise` stops where its exception first did."""

# TypeErrors of Python itself, word for word: the types that took part, and what was asked of them.
_SENTENCES = (
    (re.compile(r"unsupported operand type\(s\) for .+: '(.+)' and '(.+)'"), "operands"),
    (re.compile(r"'.+' not supported between instances of '(.+)' and '(.+)'"), "operands"),
    (re.compile(r"can only concatenate (\w+) \(not \"(.+)\"\) to \w+"), "operands"),
    (re.compile(r"bad operand type for unary .: '(.+)'"), "operands"),
    (re.compile(r"can't multiply sequence by non-int of type '(.+)'"), "sequence_times"),
    (re.compile(r"'(.+)' object is not (?:subscriptable|iterable|an iterator)"), "parts"),
    (re.compile(r"object of type '(.+)' has no len\(\)"), "parts"),
    (re.compile(r"cannot unpack non-iterable (.+) object"), "parts"),
    (re.compile(r"'(.+)' object does not support item (?:assignment|deletion)"), "assignment"),
    (re.compile(r"'(.+)' object is not callable"), "callable"),
    (re.compile(r"'(.+)' object cannot be interpreted as an integer"), "integer"),
    # Python 3.14 says before it in brackets what the value was to become.
    (re.compile(r"(?:.+ \()?unhashable type: '([^']+)'\)?"), "hash"),
    (re.compile(r"(?:list|tuple|string|range) indices must be integers or slices, not (.+)"), "index"),
    (re.compile(r"string indices must be integers, not '(.+)'"), "index"),
    (re.compile(r"must be real number, not (.+)"), "number"),
    (re.compile(r"(?:int|float)\(\) argument must be a string.* or a real number, not '(.+)'"), "number"),
    (re.compile(r"([\w.<>]+)\(\) (?:takes|missing|got an unexpected|got multiple|got some) .*", re.S), "arguments"),
)
# Before Python 3.12 an ImportError has no field for what it did not find in a module that is there.
_NOT_IN_MODULE = re.compile(r"cannot import name '(.+?)' from .*", re.S)
# An UnboundLocalError has no field for the name.
_NO_VALUE = re.compile(r"cannot access (?:local|free) variable '(.+?)' ")
# Nor has a SyntaxError: for the sign that Python does not read, and for the line that begins a block without lines.
_SIGN = re.compile(r"invalid (?:non-printable )?character ((?:'.' )?\(?U\+[0-9A-F]+\)?)")
_OPENED = re.compile(r"expected an indented block after .* on line (\d+)")
# Looking ahead finds every pair of marks: an apostrophe in a comment would otherwise shift those behind it.
_IN_QUOTES = re.compile(rb"(?=(['\"])([^'\"\n]+)\1)")


def fields_of(problem: BaseException, source: bytes, path: str) -> dict[str, str]:
    """Return what is known about the cause.

    Args:
        problem: raised by the student's code, or by Python while it read the file.
        source: the student's file.
        path: the name under which its frames stand in a traceback.

    Returns:
        Words by name; several words of one name have a space between them. `named` the name, attribute or imported
        part that was not found; `module` and `top` where it was looked for, `installed` whether `top` is; `quoted` the
        text that is quoted elsewhere; `object` a type; `key`; `types` and `lacks` of a TypeError; `call` and `called`
        for what was called, `defined` the line that defines it; `node` and `operator` for the operation at which the
        student's own line stopped; `repeats`, a function that calls itself; `readable`, of the bytes; `sign`, a
        character that Python does not read; `opened`, the line of a block without lines; `reaches`, what
        outside of the file it asked for: a process, a connection.
    """
    found: dict[str, Any] = {"reaches": _reaches(problem, path)}
    try:
        found |= _place(problem, source, path)
        found |= _own_fields(problem, source, path)
    except Exception:  # a student's class of exceptions may lie about its own fields; then nothing is known
        return {}
    return {name: str(value)[:MAX_FIELD] for name, value in found.items() if value}


def _own_fields(problem: BaseException, source: bytes, path: str) -> dict[str, Any]:
    if isinstance(problem, ImportError):
        return _import_fields(problem)
    if isinstance(problem, NameError):
        named = problem.name or (found[1] if (found := _NO_VALUE.match(str(problem))) else None)
        quoted, below = _quoted(problem, source, path), _defined_below(problem, source, path)
        return {"named": named, "quoted": quoted, "defined": below}
    if isinstance(problem, AttributeError):
        thing = problem.obj
        module = thing.__name__ if isinstance(thing, types.ModuleType) else ""
        kind = type(thing).__name__ if problem.name else ""
        return {"named": problem.name, "object": kind, "module": module, "top": module.partition(".")[0]}
    if isinstance(problem, KeyError) and len(problem.args) == 1:
        return {"key": repr(problem.args[0])}
    if isinstance(problem, RecursionError):
        return {"repeats": _repeated(problem, path)}
    if isinstance(problem, (SyntaxError, ValueError)) and not any(steps_in(problem, path)):
        return {"readable": _readable(source), **_unread_fields(str(getattr(problem, "msg", "")))}
    return _sentence_fields(str(problem), source) if type(problem) is TypeError else {}


def _reaches(problem: BaseException, path: str) -> str:
    """What the file reached for outside of itself, also where a library tells its own tale of it."""
    step: BaseException | None = problem
    for _ in range(MOST_TALES):
        if isinstance(step, NotAlone):
            return step.reaches
        # What the student's own lines raise while they deal with it is another matter.
        if step is None or (step.__traceback__ and _ends_in(step.__traceback__, path)):
            break
        step = step.__cause__ or step.__context__
    return ""


def _ends_in(step: types.TracebackType, path: str) -> bool:
    while step.tb_next is not None:
        step = step.tb_next
    return step.tb_frame.f_code.co_filename == path


def _import_fields(problem: ImportError) -> dict[str, Any]:
    module = problem.name or ""
    top = module.partition(".")[0]
    part = getattr(problem, "name_from", None)
    if part is None and (match := _NOT_IN_MODULE.fullmatch(str(problem))):
        part = match[1]
    installed = bool(part) or ("." in module and find_spec(top) is not None)
    return {"module": module, "top": top, "named": part, "installed": "yes" if installed else "no"}


def _quoted(problem: NameError, source: bytes, path: str) -> str:
    """The text that a stub lists in quotation marks, and that stands without them in the line that failed.

    The name that is not known may be one word of several: of z is 0 Python misses z alone.
    """
    line = _own_line(problem, source, path)
    texts = {found[2].decode("utf-8", "replace") for found in _IN_QUOTES.finditer(source)}
    bare = (text for text in texts if problem.name in text.split() and _stands_bare(text, line))
    return max(bare, key=len, default="")


def _defined_below(problem: NameError, source: bytes, path: str) -> int | None:
    """The line further down that gives the name its value, for code that ran too early."""
    inner = innermost_in(problem, path)
    if inner is None or not problem.name or type(problem) is not NameError:
        return None
    name = re.escape(problem.name).encode()
    lines = re.split(b"\r\n?|\n", source)
    gives = re.compile(rb"(?:def|class)[ \t]+%s\b|%s[ \t]*=(?!=)" % (name, name))
    return next((number for number, line in enumerate(lines, 1) if number > line_of(inner) and gives.match(line)), None)


def _stands_bare(text: str, line: str) -> bool:
    return re.search(rf"(?<!['\"\w]){re.escape(text)}(?!['\"\w])", line) is not None


def _own_line(problem: BaseException, source: bytes, path: str) -> str:
    """The innermost line of the student's file on the way to it."""
    inner = innermost_in(problem, path)
    lines = split_lines(source.decode("utf-8-sig", "replace"))
    return lines[line_of(inner) - 1] if inner is not None and line_of(inner) <= len(lines) else ""


def _unread_fields(text: str) -> dict[str, Any]:
    sign, opened = _SIGN.match(text), _OPENED.match(text)
    return {"sign": sign and sign[1], "opened": opened and opened[1]}


def _readable(source: bytes) -> str:
    """Whether the bytes are text at all, looked at and not taken from what Python says: "yes", "no", or "declared".

    "declared": UTF-8, were it not for a line at the top that says something else.
    """
    if b"\0" in source:
        return "no"
    try:
        source.decode(tokenize.detect_encoding(io.BytesIO(source).readline)[0])
    except (SyntaxError, UnicodeDecodeError):
        try:
            source.decode("utf-8-sig")
        except UnicodeDecodeError:
            return "no"
        return "declared"
    return "yes"


def _sentence_fields(text: str, source: bytes) -> dict[str, Any]:
    for pattern, lacks in _SENTENCES:
        if match := pattern.fullmatch(text):
            if lacks == "arguments":
                called = match[1].rpartition(".")[2]
                # Of several definitions the last one counts.
                defined = [*re.finditer(rf"^[ \t]*def[ \t]+{re.escape(called)}\b".encode(), source, re.M)][-1:]
                lines = [source[: found.start()].count(b"\n") + 1 for found in defined]
                return {"lacks": lacks, "called": called, "defined": lines[0] if lines else ""}
            return {"lacks": lacks, "types": " ".join(match.groups())}
    return {}


def line_that_repeats(problem: BaseException, path: str, name: str) -> int | None:
    """Return the last line at which this function, known from `repeats`, stands in the traceback."""
    lines = [line_of(step) for step in steps_in(problem, path) if step.tb_frame.f_code.co_name[:MAX_FIELD] == name]
    return lines[-1] if lines else None


def _repeated(problem: BaseException, path: str) -> str:
    counts = Counter(step.tb_frame.f_code.co_name for step in steps_in(problem, path))
    name, times = counts.most_common(1)[0] if counts else ("", 0)
    return name if times >= MANY else ""


# --- the place in the student's file ----------------------------------------------------------------------------------


def _place(problem: BaseException, source: bytes, path: str) -> dict[str, Any]:
    """Which operation failed in the innermost line of the student's file."""
    inner = innermost_in(problem, path)
    if inner is None or isinstance(problem, SyntaxError):
        return {}
    if inner.tb_frame.f_code.co_code[inner.tb_lasti] == _RAISES:
        return {"node": "Raise"}
    span = list(inner.tb_frame.f_code.co_positions())[inner.tb_lasti // 2]
    node = next((node for node in ast.walk(ast.parse(source)) if _span(node) == span), None)
    if isinstance(node, ast.BinOp):
        return {"node": "BinOp", "operator": type(node.op).__name__, "shapes": _shapes(node, inner.tb_frame)}
    if isinstance(node, ast.Call):
        root = node.func
        while isinstance(root, ast.Attribute):
            root = root.value
        holder = _look_up(root, inner.tb_frame)
        library = holder.__name__ if isinstance(holder, types.ModuleType) else ""
        if isinstance(holder, (types.FunctionType, types.BuiltinFunctionType)) and holder.__module__:
            library = holder.__module__
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        return {"node": "Call", "call": name, "called_as": ast.unparse(node.func), "library": library.partition(".")[0]}
    return {"node": type(node).__name__} if node else {}


def _span(node: ast.AST) -> tuple[int, int, int, int] | None:
    # A statement that is nothing but an expression has its expression's place.
    if not isinstance(node, ast.expr):
        return None
    return (node.lineno, node.end_lineno or 0, node.col_offset, node.end_col_offset or 0)


def _look_up(node: ast.AST, frame: types.FrameType) -> Any:
    if not isinstance(node, ast.Name):
        return None
    return frame.f_locals.get(node.id, frame.f_globals.get(node.id))


def _shapes(node: ast.BinOp, frame: types.FrameType) -> str:
    """The shapes of both sides, where each is a name or its transpose: "(4,2) (2,)"."""
    shapes = []
    for side in (node.left, node.right):
        turned = isinstance(side, ast.Attribute) and side.attr == "T"
        value = _look_up(side.value if isinstance(side, ast.Attribute) and turned else side, frame)
        shape = getattr(value, "shape", None)
        if type(shape) is not tuple or not all(type(length) is int for length in shape):
            return ""
        shapes.append(str(shape[::-1] if turned else shape).replace(" ", ""))
    return " ".join(shapes)
