"""The kit's own SVG at its edges: ends of an axis that are one, far values, areas without end; against matplotlib."""

import itertools
import math
import re
import warnings
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from matplotlib.figure import Figure as TheirFigure

from grader.pictures.svg import Figure
from grader.pictures.svg.axis import Axis
from grader.pictures.svg.shapes import cut_area

FLOATS = st.floats(allow_nan=True, allow_infinity=True)
SCALES = st.sampled_from(["linear", "log", "symlog"])


def drawn(figure):
    """The SVG as text, after a look at its numbers: each is short, and none is nan, infinite or negative as a size."""
    svg = figure.to_svg(["DejaVu Sans"]).decode()
    for element in ElementTree.fromstring(svg).iter():
        for name, value in element.attrib.items():
            if name in ("x", "y", "cx", "cy", "r", "d", "width", "height", "transform", "viewBox"):
                assert not re.search("nan|inf|e", value.replace("rotate", "")), (name, value)
                assert all(abs(float(number)) < 1e5 for number in re.findall(r"-?[\d.]+", value)), (name, value)
                assert not (name in ("width", "height", "r") and value.startswith("-")), (name, value)
    return svg


# --- ends of an axis ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ends", [(0, 0), (1, 1), (-3, -3), (1, 1 + 1e-16), (1e-300, 2e-300), (5, 2)])
def test_ends_that_are_one_are_moved_apart_as_matplotlib_does(ends):
    theirs = TheirFigure().subplots()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs.set_xlim(*ends)
    axis = Axis(is_x=True)
    axis.set_limits(*ends)
    assert axis.reach() == pytest.approx(theirs.get_xlim())
    assert len(axis.shown_ticks(300.0)) >= 2


@pytest.mark.parametrize("ends", [(0, math.inf), (math.nan, 1), (-1.7e308, 1.7e308)])
def test_an_axis_without_ends_is_refused(ends):
    with pytest.raises(ValueError, match="cannot reach"):
        Axis(is_x=True).set_limits(*ends)


@given(st.lists(FLOATS, max_size=4), SCALES, st.booleans())
@example([0.0], "log", False)
@example([5e-324, 0.0], "linear", True)
@example([-1.7e308, 1.7e308], "linear", True)
def test_whatever_values_an_axes_sees_its_numbers_are_short(values, scale, is_equal):
    figure = Figure((4, 3))
    axes = figure.subplots()
    axes.plot(values, values[::-1], color="black", marker="o")
    axes.scatter(values, values, s=40, marker="x", color="red", clip_on=False)
    axes.bar(range(len(values)), values, facecolor="red", hatch="....")
    for value in values:
        axes.text(value, value, "words")
        axes.annotate("words", (value, 0), xytext=(3, 3), textcoords="offset points")
        axes.axhline(value, color="black")
    axes.set_yscale(scale)
    axes.set_aspect("equal" if is_equal else "auto")
    assert len(drawn(figure)) < 200_000


@given(FLOATS, FLOATS, st.sampled_from([60.0, 300.0]))
@example(1e15, 1e15 + 1, 300.0)
@example(100_000.0, 100_000.4, 300.0)
def test_ticks_are_few_and_each_has_a_label_of_its_own(low, high, length):
    axis = Axis(is_x=True)
    axis.see([low, high])
    ticks = axis.shown_ticks(length)
    assert len(ticks) <= 12
    for (one, label), (other, next_label) in itertools.pairwise(ticks):
        assert one < other
        assert label != next_label


# --- what lies outside --------------------------------------------------------------------------------------------


def test_words_and_arrows_to_a_place_outside_are_left_away_as_matplotlib_does():
    figure = Figure((4, 3))
    axes = figure.subplots()
    axes.set_axis_off()
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    for x, word in ((0.5, "in"), (1.0, "edge"), (1.1, "out")):
        axes.annotate(word, (x, 0.5), xytext=(3, 3), textcoords="offset points")
        axes.annotate("", (x, 0.5), (0.2, 0.5), arrowprops={"color": "red", "linewidth": 1})
    svg = drawn(figure)
    assert [word in svg for word in (">in<", ">edge<", ">out<")] == [True, True, False]
    assert svg.count('stroke="red"') == 2 * 2  # shaft and head


def test_an_area_is_cut_at_a_box_and_not_bent():
    far = [(0.0, 0.0), (1e6, 2e6), (-1e6, 2e6)]
    found = cut_area(far, (-50.0, -10.0, 100.0, 60.0))
    assert np.array(sorted(found)) == pytest.approx(np.array(sorted([(0, 0), (25, 50), (-25, 50)])), abs=1e-6)
    assert cut_area(far, (-50.0, -100.0, 100.0, 60.0)) == []
    whole = [(1.0, 1.0), (2.0, 1.0), (2.0, 2.0)]
    assert cut_area(whole, (0.0, 0.0, 5.0, 5.0)) == whole


@pytest.mark.parametrize("hatch", ["////", "...."])
def test_a_hatch_of_an_area_without_end_is_no_larger_than_its_axes(hatch):
    figure = Figure((4, 3))
    axes = figure.subplots()
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    axes.fill([-1e9, 1e9, 1e9, -1e9], [-1e300, -1e300, 1e300, 1e300], facecolor="red", hatch=hatch)
    assert len(drawn(figure)) < 400_000


def test_a_surface_whose_axes_run_the_other_way_is_refused():
    figure = Figure((4, 3))
    axes = figure.subplots()
    look = {"cmap": "playground", "vmin": 0, "vmax": 1, "origin": "lower", "interpolation": "bilinear"}
    axes.imshow([[0, 1], [1, 0]], extent=(0, 1, 0, 1), **look)
    axes.set_xlim(1, 0)
    with pytest.raises(ValueError, match="rise"):
        figure.to_svg([])


def test_a_marks_edge_is_as_wide_as_matplotlibs_where_nobody_says():
    theirs = TheirFigure().subplots()
    for marker in ("o", "s", "D", "x"):
        figure = Figure((4, 3))
        axes = figure.subplots()
        axes.set_axis_off()
        axes.scatter([0], [0], marker=marker, color="red")
        (wide,) = theirs.scatter([0], [0], marker=marker, color="red").get_linewidths()
        assert f'stroke="red" stroke-width="{wide:g}"' in drawn(figure)
