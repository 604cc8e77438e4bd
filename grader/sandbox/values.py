"""Plain data: what may cross between a student's code and a check, and how it is written as JSON.

A student's value is flattened to exact built-in types on the student's side and rebuilt on the judge's, so an object
that overrides `__eq__` or a float that overrides `__sub__` never reaches a check. JSON's own types stand for
themselves; everything else is an object with one key:

    {"float": "nan"} {"tuple": [...]} {"dict": [[k, v], ...]} {"set": [...]} {"array": [dtype, shape, base64]}
    {"opaque": "type name"} {"model": 3} {"callable": "name"} {"stand_in": [0, "bar"]}

The student's side may send what it likes; `decode` believes nothing and raises `MalformedAnswer`.
"""

import base64
import json
import math
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

MAX_DEPTH = 50
MAX_INT_BITS = 256
"""A larger integer crosses as Opaque: turning it into decimal text takes quadratic time."""
MAX_SAME_HASH = 20
"""Different members of a set, or keys, of one hash value: each costs a comparison with all the others."""
MAX_NAME = 100
"""Characters of the name of a type or a function."""
MAX_ARRAY_NUMBERS = 60_000
"""8 bytes each, as base64: below the 1 MiB of a frame."""
MAX_EMPTY_ROWS = 100
"""Rows, and rows in rows, of an array without a number. A frame holds 30,000 such arrays, each of no bytes."""

ARRAY_DTYPES = {"|b1": 1, "<i8": 8, "<f4": 4, "<f8": 8}
"""Accepted array types and their bytes per number."""


class MalformedAnswer(Exception):
    """The far side sent something that is no plain data; the submission's fault."""


class TooCostly(MalformedAnswer):
    """The value is plain data that would take the judge too long to look at."""


class Unfilled(Exception):
    """The value is, or contains, the `...` of a stub: a hole nobody has filled."""


@dataclass(frozen=True)
class Opaque:
    """A value that is no plain data; only the name of its type crossed."""

    type_name: str


@dataclass(frozen=True)
class ModelHandle:
    """A Keras model that stays on the far side."""

    number: int


@dataclass(frozen=True)
class CallableName:
    """A function of the student's module, to be called by name."""

    name: str


@dataclass(frozen=True)
class StandInPart:
    """One part of a stand-in on the far side (stand_ins.py), to hand to a function."""

    number: int
    part: str


Reference = ModelHandle | CallableName | StandInPart
Keep = Callable[[object], "Reference | None"]
"""Names an object that stays on the student's side: a model by its number, a function by its name; else None."""


def encode(value: object, *, keep: Keep, depth: int = 0) -> Any:
    """Flatten `value` to what json.dumps accepts.

    Anything that is no plain data becomes {"opaque": type name}.

    Raises:
        MalformedAnswer: nested deeper than MAX_DEPTH (a list that contains itself, for example).
        Unfilled: a `...` was met.
    """
    if value is ...:
        raise Unfilled
    if depth > MAX_DEPTH:
        raise MalformedAnswer(f"nested deeper than {MAX_DEPTH}")
    if value is None or value is True or value is False:
        return value
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, (int, float, Fraction, Decimal)):
        return _encode_number(value)
    if isinstance(value, (list, tuple, set, frozenset, dict)):
        return _encode_container(value, keep, depth)
    if isinstance(value, Opaque):
        return {"opaque": value.type_name}
    if isinstance(value, Reference):
        return _encode_reference(value)
    array = _as_array(value)
    if array is not None:
        return _encode_array(array)
    reference = keep(value)
    return {"opaque": type(value).__name__} if reference is None else _encode_reference(reference)


def _encode_reference(value: Reference) -> Any:
    if isinstance(value, StandInPart):
        return {"stand_in": [value.number, value.part]}
    return {"model": value.number} if isinstance(value, ModelHandle) else {"callable": value.name}


def _encode_number(value: int | float | Fraction | Decimal) -> Any:
    if isinstance(value, int):
        whole = int.__index__(value)
        if whole.bit_length() > MAX_INT_BITS:
            return {"opaque": f"int of {whole.bit_length()} bits"}
        return whole
    number = float.__float__(value) if isinstance(value, float) else float(value)
    if math.isfinite(number):
        return number
    return {"float": repr(number)}


def _encode_container(value: Any, keep: Keep, depth: int) -> Any:
    if isinstance(value, dict):
        pairs = dict.items(value)
        return {"dict": [[encode(part, keep=keep, depth=depth + 1) for part in pair] for pair in pairs]}
    items = [encode(item, keep=keep, depth=depth + 1) for item in value]
    if isinstance(value, list):
        return items
    if isinstance(value, tuple):
        return {"tuple": items}
    # A set has no order of its own; sorting makes the report the same on every run.
    return {"set": sorted(items, key=json.dumps)}


def _as_array(value: object) -> Any:
    """The value as a NumPy array if it is one, a NumPy scalar or a tensor; else None. Imports nothing new."""
    numpy = sys.modules.get("numpy")
    if numpy is None:
        return None
    if isinstance(value, (numpy.ndarray, numpy.generic)):
        return numpy.asarray(value)
    if type(value).__module__.split(".")[0] in ("tensorflow", "keras") and hasattr(value, "numpy"):
        return numpy.asarray(value.numpy())
    return None


def _encode_array(array: Any) -> Any:
    if array.size > MAX_ARRAY_NUMBERS:
        return {"opaque": f"array of {array.size} numbers"}
    if _is_much_of_nothing(array.shape):
        return {"opaque": f"array of shape {array.shape}"[:MAX_NAME]}
    if array.dtype.kind == "O":
        array = _array_of_numbers(array)
    kind, size = array.dtype.kind, array.dtype.itemsize
    target = {"b": "|b1", "i": "<i8", "f": "<f4" if size <= 4 else "<f8"}.get(kind)
    if kind == "u":
        target = "<i8" if size < 8 or array.size == 0 or int(array.max()) < 2**63 else None
    if target is None:
        if array.ndim == 0 and kind == "U":
            return str(array.item())
        return {"opaque": f"array of {array.dtype.name}"}
    # item() is exact for every target type; a 0-d array or NumPy scalar is one number to a check.
    if array.ndim == 0:
        item = array.astype(target).item()
        return item if isinstance(item, (bool, int)) else _encode_number(item)
    data = array.astype(target).tobytes()
    return {"array": [target, list(array.shape), base64.b64encode(data).decode("ascii")]}


def _is_much_of_nothing(shape: Sequence[int]) -> bool:
    """True for shapes such as (60000, 60000, 0): not one number to send, and 60,000 ** 2 lists to look at."""
    return 0 in shape and math.prod(length for length in shape if length) > MAX_EMPTY_ROWS


def _array_of_numbers(array: Any) -> Any:
    """An array of Python objects that are numbers, as one of NumPy's own; as it is if anything else is in it."""
    items = array.ravel().tolist()
    if not all(map(_is_number, items)):
        return array
    if items and all(isinstance(item, bool) for item in items):
        return array.astype("|b1")
    whole = items and all(isinstance(item, int) and -(2**63) <= item < 2**63 for item in items)
    return array.astype("<i8" if whole else "<f8")


def _is_number(item: Any) -> bool:
    if isinstance(item, int):
        return item.bit_length() <= MAX_INT_BITS
    if isinstance(item, (float, Fraction, Decimal)):
        return True
    dtype = getattr(item, "dtype", None)
    return dtype is not None and item.ndim == 0 and dtype.kind in "biuf"


def decode(data: Any, *, depth: int = 0) -> Any:
    """Rebuild a value from parsed JSON, believing nothing about it.

    Returns:
        None, bool, int, float, str, list, tuple, dict, set, numpy.ndarray, Opaque or a Reference.
        Floats and arrays may hold NaN and infinities; whoever reads them decides (see checks/student.py).

    Raises:
        MalformedAnswer: an unknown key, a wrong type, an array whose bytes do not fit its shape, depth or size.
    """
    if depth > MAX_DEPTH:
        raise MalformedAnswer(f"nested deeper than {MAX_DEPTH}")
    if data is None or type(data) in (bool, str):
        return data
    if type(data) is int:
        if data.bit_length() > MAX_INT_BITS:
            raise MalformedAnswer("integer too large")
        return data
    if type(data) is float:
        if not math.isfinite(data):
            raise MalformedAnswer("a number that is not finite, outside its tag")
        return data
    if type(data) is list:
        return [decode(item, depth=depth + 1) for item in data]
    if type(data) is dict and len(data) == 1:
        ((tag, content),) = data.items()
        if tag in _TAGGED:
            return _TAGGED[tag](content, depth + 1)
    raise MalformedAnswer("an unknown kind of value")


def _decode_float(content: Any, _depth: int) -> float:
    if content not in ("nan", "inf", "-inf"):
        raise MalformedAnswer("float")
    return float(content)


def _decode_list(content: Any, depth: int) -> list[Any]:
    if type(content) is not list:
        raise MalformedAnswer("list")
    return [decode(item, depth=depth) for item in content]


def _decode_tuple(content: Any, depth: int) -> tuple[Any, ...]:
    return tuple(_decode_list(content, depth))


def _decode_set(content: Any, depth: int) -> set[Any]:
    try:
        items = [_hashable(item) for item in _decode_list(content, depth)]
        _refuse_collisions(items)
        return set(items)
    except TypeError:
        raise MalformedAnswer("set") from None


def _hashable(value: Any) -> Any:
    """A set inside a set, or as a key, was a frozenset on the other side."""
    return frozenset(value) if type(value) is set else value


def _refuse_collisions(items: list[Any]) -> None:
    """Raise TooCostly for members that were chosen to have one hash value: k * (2**61 - 1), a second for 10,000."""
    # Counted by the hash alone, which costs no comparison of the members.
    if len(items) > MAX_SAME_HASH:
        commonest = Counter(map(hash, items)).most_common(1)[0][1]
        if commonest > MAX_SAME_HASH:
            raise TooCostly(f"{commonest} members of a set, or keys, that Python cannot tell apart quickly")


def _decode_dict(content: Any, depth: int) -> dict[Any, Any]:
    pairs = _decode_list(content, depth)
    if not all(type(pair) is list and len(pair) == 2 for pair in pairs):
        raise MalformedAnswer("dict")
    try:
        keys = [_hashable(key) for key, _ in pairs]
        _refuse_collisions(keys)
        return dict(zip(keys, (value for _, value in pairs), strict=True))
    except TypeError:
        raise MalformedAnswer("dict key") from None


def _decode_array(content: Any, _depth: int) -> Any:
    import numpy as np

    if type(content) is not list or len(content) != 3:
        raise MalformedAnswer("array")
    dtype, shape, text = content
    if type(dtype) is not str or dtype not in ARRAY_DTYPES or type(text) is not str:
        raise MalformedAnswer("array type")
    if type(shape) is not list or len(shape) > 8:
        raise MalformedAnswer("array shape")
    if not all(type(n) is int and 0 <= n <= MAX_ARRAY_NUMBERS for n in shape):
        raise MalformedAnswer("array shape")
    count = math.prod(shape)
    if count > MAX_ARRAY_NUMBERS or _is_much_of_nothing(shape):
        raise MalformedAnswer("array size")
    try:
        raw = base64.b64decode(text, validate=True)
    except ValueError:
        raise MalformedAnswer("array bytes") from None
    if len(raw) != count * ARRAY_DTYPES[dtype]:
        raise MalformedAnswer("array length")
    if dtype == "|b1" and not set(raw) <= {0, 1}:
        raise MalformedAnswer("array of booleans")
    return np.frombuffer(raw, dtype=dtype).reshape(shape).copy()


def _name(content: Any) -> str:
    if type(content) is not str or len(content) > MAX_NAME:
        raise MalformedAnswer("name")
    return content


def _number(content: Any) -> int:
    if type(content) is not int or not 0 <= content < 10_000:
        raise MalformedAnswer("number")
    return content


def _decode_stand_in(content: Any, _depth: int) -> StandInPart:
    if type(content) is not list or len(content) != 2:
        raise MalformedAnswer("stand-in")
    return StandInPart(_number(content[0]), _name(content[1]))


_TAGGED: dict[str, Callable[[Any, int], Any]] = {
    "float": _decode_float,
    "tuple": _decode_tuple,
    "set": _decode_set,
    "dict": _decode_dict,
    "array": _decode_array,
    "opaque": lambda content, _: Opaque(_name(content)),
    "model": lambda content, _: ModelHandle(_number(content)),
    "callable": lambda content, _: CallableName(_name(content)),
    "stand_in": _decode_stand_in,
}
