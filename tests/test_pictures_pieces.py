"""Pieces of the pictures: numbers, lines, half-planes, and sentences about what is missing."""

import pytest

from grader import expect
from grader.bank.kata import load_katas
from grader.checks.student import Student
from grader.pictures.layout import num, words_of, wrap
from grader.pictures.reader import Gap, Reader, array, numbers
from grader.sandbox.local import LocalSession
from perceptron.shared.figures import half_plane
from tests.conftest import ROOT

KATA_12 = next(kata for kata in load_katas(ROOT) if kata.number == "12")


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.35355, "0.354"), (-0.0, "0"), (-1.0, "-1"), (3, "3"), (True, "1"), (1e36, "1e+36"), (9.54e-7, "9.54e-07")],
)
def test_numbers_have_three_digits(value: float, shown: str) -> None:
    assert num(value) == shown


def test_lines_are_wrapped_by_columns_and_keep_their_indent() -> None:
    assert wrap("  가나 다라 abc", 9) == ["  가나", "  다라", "  abc"]
    assert wrap("a" * 25, 10) == ["a" * 10, "a" * 10, "a" * 5]
    assert wrap("  1   2  3", 10) == ["  1   2  3"]


def test_a_half_plane_is_cut_where_the_neurons_line_is() -> None:
    # x1 + x2 - 1 >= 0 in the square from -0.5 to 1.5: the triangle with corners (1.5, -0.5), (1.5, 1.5), (-0.5, 1.5).
    assert sorted(set(half_plane((1, 1, -1)))) == [(-0.5, 1.5), (1.5, -0.5), (1.5, 1.5)]
    assert half_plane((0, 0, -1)) == []
    assert len(half_plane((0, 0, 1))) == 4


GAPS = {
    "a value that was asked for": (
        expect.Mismatch("loss_count", asked="len(losses)", expected="9", actual="8"),
        "len(losses) is 8, asked for 9.",
    ),
    "a crash outside the file": (
        expect.Mismatch("crash", type="TypeError", line="?", text="f() takes 2 arguments"),
        "f: TypeError, outside the lines of the file: f() takes 2 arguments",
    ),
    "an answer without a form": (
        expect.Mismatch("class_made", asked="f(1)"),
        "f(1): no answer came that can be drawn.",
    ),
    "an answer of another form": (
        expect.Mismatch("never_heard_of", asked="f(1)", actual="(2,)"),
        "f(1): the answer has a form that cannot be drawn: (2,).",
    ),
}


@pytest.mark.parametrize("case", GAPS)
def test_a_gap_is_a_whole_sentence_also_where_something_is_not_known(case: str) -> None:
    problem, said = GAPS[case]
    assert words_of(KATA_12, "en").gaps([Gap("f", problem)]) == [said]


def test_a_reader_tells_each_trouble_with_a_name_once() -> None:
    reader = Reader(Student(LocalSession(b"x = 1", "x.py"), "plot"), name_s=5)
    assert [reader.value("X", numbers(2)) for _ in range(3)] == [None] * 3
    assert reader.call("f", (1,), array(2)) is None
    assert [(gap.name, gap.problem.tag) for gap in reader.gaps] == [("X", "missing_name"), ("f", "missing_name")]
