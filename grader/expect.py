"""Comparisons for checks: each returns what it looked at, or raises `Mismatch`.

The rule of `close` is ours and stated: shape first, then finite, then tolerance; NaN never equals. NumPy's own
comparisons broadcast, and most of them let NaN equal NaN: for a course about shapes that is a hole.
A failure is data. Its text is made at the edge, from messages.toml and texts/common.toml.
"""

import math
import re
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    import numpy as np

MAX_SHOWN = 400
"""Characters of a value that a message shows; what is cut is counted."""

MOST_PLACES = 13
"""Places behind the point from which on rounding is no student's: float64 has 16 digits."""

MAX_TEXT = 2_000
"""Characters of any part of a message, words of the kit's own around a value included."""


class Mismatch(Exception):
    """A student's answer differs from what was asked; `tag` names the mistake."""

    outcome = "failed"

    def __init__(
        self,
        tag: str,
        *,
        asked: str = "",
        expected: str = "",
        actual: str = "",
        parts: Sequence[str] = (),
        **values: object,
    ) -> None:
        """Keep the parts of the message.

        Args:
            tag: a key of the kata's messages.toml or of texts/common.toml.
            asked: what was asked, as code ("xor_gate(0, 1)"), for the message's first line.
            expected: what should have come out, shown as text.
            actual: what came out, shown as text.
            parts: known mistakes that come together here, keys of the table [parts] of messages.toml; said one by one
                after the tag's words.
            values: what the placeholders of the tag's message stand for; shown with `show`.
        """
        super().__init__(tag)
        self.tag = tag
        # Cleaned and cut here, once, because a check may pass on a string as the student's code returned it.
        self.asked = cut(asked, MAX_TEXT)
        self.expected = cut(expected, MAX_TEXT)
        self.actual = cut(actual, MAX_TEXT)
        self.parts = tuple(parts)
        shown = {key: value if isinstance(value, str) else show(value) for key, value in values.items()}
        self.values = {key: cut(text, MAX_TEXT) for key, text in shown.items()}


def fail(
    tag: str,
    *,
    asked: str = "",
    expected: object = "",
    actual: object = "",
    parts: Sequence[str] = (),
    **values: object,
) -> NoReturn:
    """Raise `Mismatch`, with `expected` and `actual` shown as text unless they are words already.

    A string counts as words; to show a student's string as a value, in quotation marks, pass `show(value)`.
    """
    texts = [value if isinstance(value, str) else show(value) for value in (expected, actual)]
    for digits in (7, 17):
        if _without_zeros(texts[0]) == _without_zeros(texts[1]):  # 0.105 and 0.105 explain nothing, 1 and 1.0 neither
            texts = [value if isinstance(value, str) else show(value, digits) for value in (expected, actual)]
    raise Mismatch(tag, asked=asked, expected=texts[0], actual=texts[1], parts=parts, **values)


def show(value: object, digits: int = 4) -> str:
    """Return a value as text: floats with few significant digits, long values cut with a count of what was left out."""
    return cut(_show(value, digits), MAX_SHOWN)


def cut(text: str, most: int) -> str:
    """Return the text cleaned, and cut after so many characters with a count of what was left out."""
    if len(text) > most:
        return f"{clean(text[:most])}... ({len(text) - most} more characters)"
    return clean(text)


def count_text(number: float) -> str:
    """Return a number as one counts: 4, not 4.0 or True; with an exponent where it is too large to be a count."""
    plain = math.isfinite(number) and number == int(number) and abs(number) < 1e15
    return str(int(number)) if plain else show(number)


def _show(value: object, digits: int) -> str:
    if isinstance(value, float):
        # 0.5 and 1e-300 stay as they are; 0.30000000000000004 is cut to what a reader needs.
        short = f"{value:.{digits}g}"
        if short.lstrip("-").isdigit() and math.isclose(value, round(value), rel_tol=1e-9):
            short += ".0"  # 2.0000000000000004, which another machine computes as 2.0, is "2.0" on both
        return repr(value) if len(repr(value)) <= digits + 2 else short
    if isinstance(value, (tuple, list)):
        inside = ", ".join(_show(item, digits) for item in value)
        if isinstance(value, list):
            return f"[{inside}]"
        return f"({inside},)" if len(value) == 1 else f"({inside})"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_show(key, digits)}: {_show(item, digits)}" for key, item in value.items()) + "}"
    if isinstance(value, (set, frozenset)):
        return "{" + ", ".join(sorted(_show(item, digits) for item in value)) + "}" if value else "set()"
    if hasattr(value, "tolist"):  # an array; numpy need not be imported to know one
        return _show(value.tolist(), digits)
    type_name = getattr(value, "type_name", None)
    return f"<{type_name}>" if isinstance(type_name, str) else repr(value)


def _without_zeros(text: str) -> str:
    return re.sub(r"\.0\b", "", text)


def clean(text: str) -> str:
    """Return the text without characters that could steer a terminal, hide text or break an encoder."""
    return "".join(char if char == "\n" or unicodedata.category(char)[0] != "C" else "?" for char in text)


def call_text(name: str, args: Sequence[object]) -> str:
    """Return a call as code, "xor_gate(0, 1)", for the first line of a message."""
    # A function that is handed over stands there by its name, as in the student's own code.
    return f"{name}({', '.join(getattr(arg, 'name_in_call', None) or show(arg) for arg in args)})"


def is_number(value: object) -> bool:
    """True for a bool, int or float, and for an array of one number."""
    if isinstance(value, (bool, int, float)):
        return True
    return getattr(value, "size", 0) == 1


def number(value: Any, *, asked: str) -> float:
    """Return a single number as a float.

    Raises:
        Mismatch: "returned_nothing" for None, "number_is_text" for a string, "not_a_number" for anything
            else that is not one number.
    """
    if value is None:
        fail("returned_nothing", asked=asked, expected="float", actual="None")
    if not is_number(value):
        tag = "number_is_text" if isinstance(value, str) else "not_a_number"
        fail(tag, asked=asked, expected="float", actual=show(value))
    return float(value.reshape(()) if hasattr(value, "reshape") else value)


def equal(actual: object, expected: object, *, asked: str, tag: str = "wrong_value", **values: object) -> None:
    """Compare two plain values (no arrays): same kind of container, same length, equal numbers (True is 1).

    Raises:
        Mismatch: `tag`, or "returned_nothing" for None.
    """
    if actual is None and expected is not None:
        fail("returned_nothing", asked=asked, expected=show(expected), actual="None")
    if not _same(actual, expected):
        fail(tag, asked=asked, expected=_quoted(expected), actual=_quoted(actual), parts=(), **values)


def _quoted(value: object) -> object:
    """Let `fail` show a value, with as many digits as it needs; a bare string would count as words."""
    return show(value) if isinstance(value, str) else value


def _same(actual: object, expected: object) -> bool:
    if isinstance(expected, (list, tuple)):
        if not isinstance(actual, (list, tuple)) or len(actual) != len(expected):
            return False
        return all(_same(a, e) for a, e in zip(actual, expected, strict=True))
    if isinstance(expected, (bool, int, float)):
        return is_number(actual) and number(actual, asked="") == expected
    return type(actual) is type(expected) and bool(actual == expected)


def array(value: object, *, shape: tuple[int, ...], asked: str, tag: str = "wrong_shape") -> "np.ndarray[Any, Any]":
    """Return numbers as a float64 array of exactly this shape.

    Args:
        value: an array, a number, or a rectangular list or tuple of numbers.
        shape: the shape it must have; nothing is broadcast.

    Raises:
        Mismatch: "returned_nothing" for None, "not_an_array" for what holds no numbers, `tag` for another shape.
    """
    if value is None:
        fail("returned_nothing", asked=asked, expected=f"shape={shape}", actual="None")
    found = numbers(value)
    if found is None:
        fail("not_an_array", asked=asked, expected=f"shape={shape}", actual=show(value))
    if found.shape != shape:
        fail(tag, asked=asked, expected=f"shape={shape}", actual=f"shape={found.shape}", got=str(found.shape))
    return found


def numbers(value: object) -> "np.ndarray[Any, Any] | None":
    """Return an array, a number or nested lists of numbers as a float64 array of their own shape.

    Returns:
        The array; None for text, for rows of different lengths, or for anything else that holds no numbers.
    """
    import numpy as np

    # Looked through first: NumPy would widen every number of a nest to the longest string in it.
    if not _holds_numbers(value):
        return None
    try:
        found = np.asarray(value)
    except ValueError:  # rows of different lengths, or nested deeper than arrays can be
        return None
    return found.astype(np.float64) if found.dtype.kind in "biuf" else None


def _holds_numbers(value: object) -> bool:
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, (list, tuple)):
            waiting.extend(part)
        elif not (isinstance(part, (bool, int, float)) or hasattr(part, "dtype")):
            return False
    return True


def close(
    actual: object,
    expected: object,
    *,
    rtol: float,
    atol: float,
    asked: str,
    tag: str = "wrong_value",
    **values: object,
) -> None:
    """Compare numbers or arrays: shape first, then finite, then |actual - expected| <= atol + rtol * |expected|.

    Raises:
        Mismatch: `tag`, what `fail_value` says of it, "wrong_shape", "not_finite", or what `array` raises.
    """
    import numpy as np

    want = np.asarray(expected, dtype=np.float64)
    if want.ndim == 0:
        got = np.asarray(number(actual, asked=asked))
    else:
        got = array(actual, shape=want.shape, asked=asked)
    if not np.isfinite(got).all():
        fail("not_finite", asked=asked, expected=expected, actual=actual)
    # nan <= tol is False, so NaN is rejected here too; "not (error > tol)" would let it pass.
    if not (np.abs(got - want) <= atol + rtol * np.abs(want)).all():
        fail_value(got, want, tag=tag, asked=asked, expected=expected, actual=actual, **values)


def fail_value(actual: object, expected: object, /, *, tag: str = "wrong_value", **parts: Any) -> NoReturn:
    """Raise `Mismatch` for numbers of which no known mistake of the kata is the cause.

    Args:
        actual: a number or an array.
        expected: of the same shape.
        tag: what is said if they are neither rounded nor, where nothing else is to be said, in another order.
        parts: as for `fail`.
    """
    import numpy as np

    got, want = (np.asarray(numbers, dtype=np.float64).ravel() for numbers in (actual, expected))
    if is_rounded(got, want):
        tag = "rounded"
    elif tag == "wrong_value" and got.size > 1 and np.allclose(np.sort(got), np.sort(want), rtol=1e-9, atol=0):
        tag = "other_order"
    fail(tag, **parts)


def is_rounded(actual: object, expected: object) -> bool:
    """True if these numbers are the expected ones with fewer digits: rounded to 2 or more places, or in float16 or 32.

    Args:
        actual: a number or an array that is not close to what was expected.
        expected: of the same shape.
    """
    import numpy as np

    got, want = np.asarray(actual, dtype=np.float64), np.asarray(expected, dtype=np.float64)
    if want.size == 0:
        return False
    with np.errstate(over="ignore"):
        held = [want.astype(kind).astype(np.float64) for kind in (np.float16, np.float32)]
    short = [*(want.round(places) for places in range(2, MOST_PLACES)), *held]
    # A small number that became 0, or one of its digits alone, may have come from anywhere.
    kept = [other for other in short if np.abs(other - want).max() <= 0.02 * np.abs(want).max()]
    return any(bool((np.abs(got - other) <= 1e-12 * np.abs(other)).all()) for other in kept)
