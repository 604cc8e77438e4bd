"""The form of an answer: what is left when names, comments, the spelling of numbers and the layout are taken away.

A text is cut into tokens by one expression, which takes any bytes, ends after one pass and needs no memory of its own:
what is handed in may be no Python at all, and a parser can be brought down by it. Whitespace is not kept, so two
programs that differ only in it are one form.
"""

import builtins
import hashlib
import heapq
import keyword
import re
import zlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""
    (?P<comment>\#[^\n]*)
    | (?P<long>[rbfuRBFU]{0,2}(?:\"{3}(?s:.*?)(?:\"{3}|\Z)|'{3}(?s:.*?)(?:'{3}|\Z)))
    | (?P<text>[rbfuRBFU]{0,2}(?:"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?))
    | (?P<number>0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+
        |(?:[0-9][0-9_]*\.?[0-9_]*|\.[0-9][0-9_]*)(?:[eE][+-]?[0-9_]+)?)
    | (?P<name>[^\W\d]\w*)
    | (?P<sign>[^\w\s])
    """,
    re.VERBOSE,
)
_KEPT = frozenset(keyword.kwlist) | frozenset(name for name in dir(builtins) if not name.startswith("_"))
_GRAM = 5
"""Tokens that stand together in a piece."""
_SKETCH = 32
"""Pieces that are kept of a form, those with the smallest digests: enough to estimate what share two forms have.

Source: A. Broder, On the resemblance and containment of documents, 1997 (the bottom sketch)."""


@dataclass(frozen=True)
class Form:
    """What is kept of an answer; nobody can make the answer of it."""

    digest: str
    """Of all tokens; equal for equal forms."""
    size: int
    """Tokens."""
    sketch: frozenset[int]


def tokens_of(source: bytes) -> Iterator[tuple[str, str]]:
    """Yield (kind, text) of each token: comment, long (a text in triple quotes), text, number, name or sign."""
    for found in _TOKEN.finditer(source.decode("utf-8", "replace")):
        yield str(found.lastgroup), found.group()


def form_of(source: bytes, given: Collection[str]) -> Form:
    """Return an answer's form.

    Args:
        source: the file, Python or TOML.
        given: names that everybody has, from the file that is given out; they stay as they are.
    """
    tokens = list(_plain_tokens(source, given))
    pieces = {
        zlib.crc32("\x1f".join(tokens[i : i + _GRAM]).encode("utf-8", "replace"))
        for i in range(max(1, len(tokens) - _GRAM + 1))
    }
    digest = hashlib.sha256("\x1f".join(tokens).encode("utf-8", "replace")).hexdigest()[:16]
    return Form(digest, len(tokens), frozenset(heapq.nsmallest(_SKETCH, pieces)))


def names_in(source: bytes) -> frozenset[str]:
    """Return every name in a text."""
    return frozenset(text for kind, text in tokens_of(source) if kind == "name")


def resemblance(one: Form, other: Form) -> float:
    """Estimate the share of pieces that two forms have in common, 0 to 1."""
    smallest = heapq.nsmallest(_SKETCH, one.sketch | other.sketch)
    return sum(piece in one.sketch and piece in other.sketch for piece in smallest) / len(smallest)


def _plain_tokens(source: bytes, given: Collection[str]) -> Iterator[str]:
    numbered: dict[str, str] = {}
    before = ""
    for kind, text in tokens_of(source):
        if kind in ("comment", "long"):
            continue
        if kind == "number":
            yield plain_number(text)
        elif kind == "text":
            yield '"' + text.lstrip("rbfuRBFU").strip("\"'")
        elif kind == "name" and text not in _KEPT and text not in given and before != ".":
            yield numbered.setdefault(text, f"_{len(numbered)}")
        else:
            yield text
        before = text


def plain_number(text: str) -> str:
    """Return a number as every spelling of it: "1." for 1, 1.0, 1_0e-1 and 0x1."""
    digits = text.replace("_", "").lower()
    try:
        value = float(int(digits, 0)) if digits[:2] in ("0x", "0b", "0o") else float(digits)
    except (ValueError, OverflowError):
        return text
    return repr(value)


def strip_source(source: bytes) -> bytes:
    """Return the text without comments, without texts in triple quotes, and without empty lines.

    A comment may hold a name, and the lines that were given out would be found in everybody's file. A text in triple
    quotes becomes an empty one, because a function may consist of nothing else.
    """

    def put(found: re.Match[str]) -> str:
        return {"comment": "", "long": '""'}.get(str(found.lastgroup), found.group())

    text = _TOKEN.sub(put, source.decode("utf-8", "replace"))
    lines = [line.rstrip() for line in re.split(r"\r\n|\r|\n", text)]
    return "".join(f"{line}\n" for line in lines if line).encode()
