"""The comparison rules of style.md: shape first, then finite, then tolerance; NaN never equals."""

import math
import tracemalloc

import numpy as np
import pytest

from grader import expect


def tag_of(call, *args, **kwargs):
    """The tag with which a comparison fails; None if it passes."""
    try:
        call(*args, **kwargs)
    except expect.Mismatch as problem:
        return problem.tag
    return None


TOLERANCE = {"rtol": 1e-6, "atol": 1e-9, "asked": "f(x)"}

# NumPy's own comparisons let every one of these pass (style.md, section 3).
NUMPY_TRAPS = [
    (1.0, np.ones(3), "not_an_array or shape"),
    (1.0, np.ones((4, 1)), ""),
    (np.ones((4, 1)), np.ones(4), ""),
    (np.ones(3), 1.0, ""),
]


@pytest.mark.parametrize(("actual", "expected", "_why"), NUMPY_TRAPS)
def test_nothing_is_broadcast(actual, expected, _why):
    assert tag_of(expect.close, actual, expected, **TOLERANCE) in ("wrong_shape", "not_a_number")


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_nan_and_infinity_never_equal_even_where_the_reference_has_them(bad):
    assert tag_of(expect.close, bad, bad, **TOLERANCE) == "not_finite"
    assert tag_of(expect.close, np.array([1.0, bad]), np.array([1.0, bad]), **TOLERANCE) == "not_finite"


@pytest.mark.parametrize(("error", "passes"), [(0.9e-6, True), (1.1e-6, False)])
def test_tolerance_is_relative_to_the_expected_value(error, passes):
    got = tag_of(expect.close, 1 + error, 1.0, rtol=1e-6, atol=0, asked="f")
    assert (got is None) is passes


def test_lists_of_numbers_count_as_arrays():
    assert tag_of(expect.close, [[1, 2], [3, 4]], np.array([[1.0, 2], [3, 4]]), **TOLERANCE) is None


@pytest.mark.parametrize(
    ("value", "tag"),
    [(None, "returned_nothing"), ("ab", "not_an_array"), ([[1], [2, 3]], "not_an_array"), ([], "wrong_shape")],
)
def test_what_is_no_array_is_named(value, tag):
    assert tag_of(expect.array, value, shape=(2,), asked="f") == tag


@pytest.mark.parametrize(
    ("actual", "expected", "tag"),
    [
        (True, 1, None),
        (1.0, 1, None),
        (np.array([1]), 1, None),
        ([3, 2], [3, 2], None),
        ((3, 2), [3, 2], None),
        ([2, 3], [3, 2], "wrong_value"),
        ([3, 2, 1], [3, 2], "wrong_value"),
        ("1", 1, "wrong_value"),
        (None, 1, "returned_nothing"),
        ({"a": 1}, {"a": 1}, None),
        ("overfit", "overfit", None),
    ],
)
def test_equal_is_kind_about_containers_and_strict_about_values(actual, expected, tag):
    assert tag_of(expect.equal, actual, expected, asked="f") == tag


@pytest.mark.parametrize(
    ("actual", "expected", "shown"),
    [
        (0.99999, 1.0, "0.99999"),
        (0.99999, 1, "0.99999"),
        ("a", "b", "'a'"),
        (2.0000000000000004, 2.0, "2.0000000000000004"),
        ([1, 3.00001], [1.0, 3.0], "[1, 3.00001]"),
        (3.0, 2.0, "3.0"),
    ],
)
def test_a_value_that_is_nearly_right_is_shown_with_the_digits_in_which_it_differs(actual, expected, shown):
    with pytest.raises(expect.Mismatch) as caught:
        expect.equal(actual, expected, asked="f")
    assert caught.value.actual == shown
    assert caught.value.expected != shown


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.1 + 0.2, "0.3"),
        (0.5, "0.5"),
        (1e-300, "1e-300"),
        (5.551115123125783e-17, "5.551e-17"),
        (-1.0, "-1.0"),
        (2.0000000000000004, "2.0"),
        (12345.6, "1.235e+04"),
        ((1, 2.0), "(1, 2.0)"),
        ((1,), "(1,)"),
        ([1, [2]], "[1, [2]]"),
        ({(0, 1): (1, 1)}, "{(0, 1): (1, 1)}"),
        ({2, 1}, "{1, 2}"),
        (set(), "set()"),
        (np.array([[1.0, 2.5]]), "[[1.0, 2.5]]"),
        (None, "None"),
        ("x", "'x'"),
    ],
)
def test_values_are_shown_as_a_student_writes_them(value, text):
    assert expect.show(value) == text


def test_a_long_value_is_cut_with_a_count():
    shown = expect.show(list(range(1000)))
    assert shown.endswith("more characters)")
    assert len(shown) < expect.MAX_SHOWN + 40


def test_text_that_steers_a_terminal_or_breaks_an_encoder_is_cleaned():
    shown = expect.clean("a\x1b[31m\u202eb\ud800c\0")
    assert shown == "a?[31m?b?c?"
    shown.encode("utf-8")


@pytest.mark.parametrize("text", ["a", "x" * 50_000])
def test_text_among_numbers_is_refused_before_numpy_widens_the_rest_to_it(text):
    value = [[text, *range(1_000)] for _ in range(100)]
    tracemalloc.start()
    assert expect.numbers(value) is None
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 1_000_000


@pytest.mark.parametrize("value", [None, {}, {1: 2}, {1}, [None], [[1], {}], [[1], [2, 3]]])
def test_what_holds_no_numbers_is_no_array(value):
    assert expect.numbers(value) is None


def test_every_part_of_a_message_is_cut_with_a_count():
    words = "x" * 100_000
    problem = expect.Mismatch("t", asked=words, expected=words, actual=words, got=words, more=[1e300] * 9_000)
    shown = [problem.asked, problem.expected, problem.actual, *problem.values.values()]
    assert max(map(len, shown)) < 2_100
    assert problem.asked.endswith("... (98000 more characters)")


@pytest.mark.parametrize(
    ("number", "text"),
    [(True, "1"), (4.0, "4"), (-3, "-3"), (0.5, "0.5"), (1e300, "1e+300"), (10**60, "1" + "0" * 60), (1e15, "1e+15")],
)
def test_a_count_is_written_as_one_counts_unless_it_is_no_count(number, text):
    assert expect.count_text(number) == text
