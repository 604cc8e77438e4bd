"""Plain data across the border: exact types out, nothing believed on the way in."""

import json
import math
import time
from collections import namedtuple
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader import expect
from grader.sandbox.values import MalformedAnswer, ModelHandle, Opaque, Unfilled, decode, encode


def cross(value):
    """What the other side gets, through real JSON."""
    return decode(json.loads(json.dumps(encode(value, keep=lambda _: None), allow_nan=False)))


plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.lists(inner, max_size=4).map(tuple),
    max_leaves=12,
)


@given(plain)
def test_plain_values_come_back_equal_and_of_the_same_type(value):
    back = cross(value)
    assert back == value
    assert type(back) is type(value)


@given(st.dictionaries(st.text(max_size=5) | st.tuples(st.integers(0, 9), st.integers(0, 9)), plain, max_size=4))
def test_dicts_keep_their_keys(value):
    assert cross(value) == value


Row = namedtuple("Row", "a b")


class Seven(int):
    def __eq__(self, other):
        return True

    __hash__ = int.__hash__


class Anything(float):
    def __float__(self):
        return 42.0


@pytest.mark.parametrize(
    ("value", "want", "kind"),
    [
        (Row(1, 2.5), (1, 2.5), tuple),
        (Seven(7), 7, int),
        (Anything(1.5), 1.5, float),
        (np.int64(3), 3, int),
        (np.float32(0.5), 0.5, float),
        (np.bool_(True), True, bool),
        (np.str_("ab"), "ab", str),
        (np.array(2.0), 2.0, float),
        (Fraction(1, 4), 0.25, float),
        (Decimal("0.1"), 0.1, float),
        (frozenset({3, 1}), {1, 3}, set),
        ({frozenset({1}), 2}, {frozenset({1}), 2}, set),
        ({frozenset({1}): 2}, {frozenset({1}): 2}, dict),
        (np.longdouble(1.25), 1.25, float),
    ],
)
def test_subclasses_and_scalars_are_flattened_to_built_in_types(value, want, kind):
    back = cross(value)
    assert type(back) is kind
    assert back == want


@pytest.mark.parametrize("dtype", [np.bool_, np.int8, np.uint16, np.int64, np.float16, np.float32, np.float64])
def test_arrays_keep_shape_and_numbers(dtype):
    array = np.arange(6).reshape(2, 3).astype(dtype)
    back = cross(array)
    assert isinstance(back, np.ndarray)
    assert back.shape == (2, 3)
    np.testing.assert_array_equal(back, array, strict=False)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_numbers_that_are_not_finite_cross_under_their_own_tag(value):
    back = cross(value)
    assert back == value or (math.isnan(back) and math.isnan(value))


@pytest.mark.parametrize(
    ("value", "type_name"),
    [
        (1j, "complex"),
        (object(), "object"),
        (b"x", "bytes"),
        (map(abs, []), "map"),
        (len, "builtin_function_or_method"),
    ],
)
def test_anything_else_crosses_as_the_name_of_its_type(value, type_name):
    assert cross(value) == Opaque(type_name)


def test_a_huge_integer_is_not_turned_into_decimal_text():
    assert cross(10**5000) == Opaque("int of 16610 bits")


@pytest.mark.parametrize(
    ("items", "want"),
    [
        ([1, 2], np.array([1, 2])),
        ([1, 2.5], np.array([1.0, 2.5])),
        ([True, False], np.array([True, False])),
        ([Fraction(1, 4), Decimal("0.5")], np.array([0.25, 0.5])),
        ([np.float32(0.5), np.int8(3)], np.array([0.5, 3.0])),
        ([2**63], np.array([2.0**63])),
    ],
    ids=str,
)
def test_an_object_array_of_numbers_is_an_array_of_numbers(items, want):
    got = cross(np.array(items, dtype=object))
    assert got.dtype == want.dtype
    assert (got == want).all()


@pytest.mark.parametrize("shape", [(60_000, 60_000, 0), (0, 60_000, 60_000), (101, 0), (2, 0, 51)])
def test_an_array_of_many_rows_without_a_number_is_opaque(shape):
    """As text (60000, 60000, 0) is 3.6 thousand million empty lists, and the judge has to write them."""
    assert cross(np.zeros(shape)) == Opaque(f"array of shape {shape}")


@pytest.mark.parametrize("shape", [(0,), (4, 0), (0, 2), (100, 0)])
def test_an_array_without_a_number_keeps_its_shape(shape):
    assert cross(np.zeros(shape)).shape == shape


def test_what_fits_into_an_answer_is_shown_in_no_time():
    """Each array takes 30 letters of the answer, and may stand for no more than a hundred lists."""
    start = time.process_time()
    expect.show(decode([{"array": ["|b1", [100, 0], ""]}] * 30_000))
    assert time.process_time() - start < 5


def test_an_object_array_is_opaque_and_never_unpickled():
    assert cross(np.array([object()])) == Opaque("array of object")


def test_a_list_that_contains_itself_is_refused():
    loop: list = []
    loop.append(loop)
    with pytest.raises(MalformedAnswer):
        encode(loop, keep=lambda _: None)


def test_a_hole_is_found_wherever_it_is():
    with pytest.raises(Unfilled):
        encode([1, {"a": (2, ...)}], keep=lambda _: None)


class Impostor:
    """Says that it is a model; only `keep` decides."""


def test_only_what_keep_accepts_becomes_a_handle():
    assert encode(Impostor(), keep=lambda _: ModelHandle(4)) == {"model": 4}


FORGED = [
    {"array": ["<f8", [2], "AAAA"]},
    {"array": ["O", [1], "AAAAAAAAAAA="]},
    {"array": ["<f8", [10**12], ""]},
    {"array": ["<f8", [-1], ""]},
    {"array": ["<f8", [True], ""]},
    {"array": ["<f8", [60000, 60000], ""]},
    {"array": ["<f8", [60000, 60000, 0], ""]},
    {"array": ["<f8", [0, 101], ""]},
    {"array": ["|b1", [1], "Bw=="]},
    {"array": ["<f8", [1], "not base64!"]},
    {"array": ["<f8", [1]]},
    {"array": "x"},
    {"float": "1.5"},
    {"float": 1.5},
    {"tuple": 3},
    {"dict": [[1]]},
    {"dict": [[[1], 2]]},
    {"set": [[1]]},
    {"opaque": 7},
    {"opaque": "x" * 1000},
    {"model": -1},
    {"model": True},
    {"model": 10**9},
    {"callable": {}},
    {"passed": True},
    {"tuple": [], "score": 100},
    {},
    2**300,
]


@pytest.mark.parametrize("data", FORGED, ids=lambda data: json.dumps(data)[:40])
def test_forged_answers_are_refused(data):
    with pytest.raises(MalformedAnswer):
        decode(data)


def test_deep_nesting_is_refused():
    data: list = []
    for _ in range(60):
        data = [data]
    with pytest.raises(MalformedAnswer):
        decode(data)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["float", "tuple", "dict", "set", "array", "opaque", "model", "callable", "x"]),
            inner,
            max_size=2,
        )
    ),
    max_leaves=10,
)


@given(json_values)
def test_decode_returns_or_refuses_and_never_raises_anything_else(data):
    try:
        decode(data)
    except MalformedAnswer:
        return
