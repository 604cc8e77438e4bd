"""The kit's own SVG against matplotlib: scales, ticks, letters, marks, surfaces, lines, and what is refused."""

import base64
import io
import math
import re
from xml.etree import ElementTree

import matplotlib as mpl
import matplotlib.image
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib import contour, font_manager, ft2font, scale
from matplotlib.figure import Figure as TheirFigure
from matplotlib.markers import MarkerStyle
from matplotlib.ticker import AutoLocator, ScalarFormatter

from grader.pictures import plate
from grader.pictures.drawing import PLAYGROUND, house_style
from grader.pictures.svg import Axes, Figure
from grader.pictures.svg.axis import Axis
from grader.pictures.svg.letters import Type, draw_text, escape, extent, length
from grader.pictures.svg.shapes import Pen, draw_area, draw_line, draw_marks
from grader.pictures.svg.surface import level_line, to_png
from tests.test_pictures import EACH, KATAS, look, reference

SVG = "{http://www.w3.org/2000/svg}"


def numbers_in(text: str) -> list[float]:
    return [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", text)]


def path_of(drawn: str) -> list[list[tuple[float, float]]]:
    """The places of each run of a path."""
    (data,) = re.findall(r' d="([^"]*)"', drawn)
    runs = [numbers_in(run) for run in data.split("M")[1:]]
    return [list(zip(run[::2], run[1::2], strict=True)) for run in runs]


def axes_of(**limits: tuple[float, float]) -> Axes:
    """An axes in a figure of its own, with limits."""
    axes: Axes = Figure((4, 3)).subplots()
    for name, ends in limits.items():
        getattr(axes, f"set_{name}")(*ends)
    return axes


# --- where a value is ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "theirs"), [("symlog", scale.SymmetricalLogTransform(10, 100, 1)), ("linear", None)])
def test_a_value_has_the_place_that_matplotlib_gives_it(name, theirs):
    axis = Axis(is_x=True)
    axis.limits = (-500.0, 9000.0)
    axis.set_scale(name, linthresh=100)
    values = np.array([-500, -100, -5, 0, 1, 99, 100, 101, 3000, 9000], float)
    turned = values if theirs is None else theirs.transform(values)
    wanted = (turned - turned[0]) / (turned[-1] - turned[0])
    assert [axis.part(value) for value in values] == pytest.approx(list(wanted))


def test_on_a_logarithmic_axis_powers_are_equally_far_apart_and_0_is_far_below():
    axis = Axis(is_x=False)
    axis.limits = (1e-4, 1e4)
    axis.set_scale("log")
    assert [axis.part(10.0**power) for power in (-4, -2, 0, 4)] == pytest.approx([0, 0.25, 0.5, 1])
    wanted = scale.LogTransform(10, "clip").transform(np.array([0.0, -1.0]))
    assert [axis.part(0), axis.part(-1)] == pytest.approx([(power + 4) / 8 for power in wanted])
    assert math.isnan(axis.part(math.nan))


@pytest.mark.parametrize(
    ("low", "high"),
    [(0, 1), (-2.5, 1.0), (0, 2000), (-0.1, 6.3), (0.3, 0.8), (-9.7, 2.3), (0, 110), (0, 1.8), (1e-7, 8e-7), (0, 3e7)],
)
@pytest.mark.parametrize("size", [120.0, 300.0])
def test_ticks_are_where_matplotlib_puts_them(low, high, size):
    axis = Axis(is_x=True)
    axis.limits = (low, high)
    theirs = AutoLocator()
    theirs.set_params(nbins=max(1, min(9, int(size / 30))))
    wanted = [value for value in theirs.tick_values(low, high) if low <= value <= high]
    ours = axis.shown_ticks(size)
    assert [value for value, _ in ours] == pytest.approx(wanted)
    if 1e-3 < high < 1e6:
        formatter = ScalarFormatter()
        formatter.create_dummy_axis()
        formatter.axis.set_view_interval(low, high)
        with mpl.rc_context({"axes.unicode_minus": False}):
            assert [label for _, label in ours] == formatter.format_ticks(wanted)


def test_without_limits_an_axes_reaches_over_what_was_drawn_and_a_bar_stands_on_its_foot():
    ours, theirs = axes_of(), TheirFigure().subplots()
    for axes in (ours, theirs):
        axes.plot([1, 2, 5], [3, -1, 4], color="black")
    assert ours._x.reach() == pytest.approx(theirs.get_xlim())
    assert ours._y.reach() == pytest.approx(theirs.get_ylim())
    ours, theirs = axes_of(), TheirFigure().subplots()
    for axes in (ours, theirs):
        axes.bar([0, 1], [3, 4], 0.6, color="black")
    assert ours._x.reach() == pytest.approx(theirs.get_xlim())
    assert ours._y.reach() == pytest.approx(theirs.get_ylim())


# --- letters ------------------------------------------------------------------------------------------------------


def test_ascii_is_as_wide_as_in_the_font_that_pictures_ask_for():
    font = ft2font.FT2Font(font_manager.findfont("DejaVu Sans"))
    font.set_size(100, 72)
    for line in ("Training 4, 257 parameters.", "AND = (0.5, 0.5, -0.75)", "{[|~@%W]} il.,"):
        wide = sum(font.load_char(ord(letter)).linearHoriAdvance / 65536 for letter in line)
        assert length(line, 100.0) == pytest.approx(wide, abs=0.6 * len(line))


def test_lines_of_a_text_stand_one_below_the_other_about_its_point():
    drawn = draw_text("one\ntwo\nthree", 50.0, 100.0, Type(10.0, ha="center", va="center", linespacing=1.5))
    lines = ElementTree.fromstring(f"<g>{drawn}</g>")
    assert [line.text for line in lines] == ["one", "two", "three"]
    heights = [float(line.attrib["y"]) for line in lines]
    assert np.diff(heights) == pytest.approx([15.0, 15.0])
    left, top, wide, high = extent("one\ntwo\nthree", Type(10.0, ha="center", va="center", linespacing=1.5))
    assert (top, left) == (-high / 2, -wide / 2)
    assert 100 + top < heights[0] < heights[-1] < 100 - top


def test_a_turned_text_has_its_alignment_turned_too():
    wide = length("label", 10.0)
    left, top, across, down = extent("label", Type(10.0, ha="right", va="center", rotation=90))
    assert (across, down) == (10.0, wide)
    assert (left, top) == (-10.0, -wide / 2)


@given(st.text())
def test_any_text_is_a_text_in_xml_and_no_element(text):
    found = ElementTree.fromstring(f"<g>{draw_text(text, 0, 0, Type())}</g>")
    assert {child.tag for child in found} <= {"text"}
    escape(text).encode()


# --- shapes -------------------------------------------------------------------------------------------------------


def test_a_line_that_runs_away_is_cut_on_its_way_and_not_bent():
    ((begin, end),) = path_of(draw_line([(0.0, 0.0), (1e300, 2e300)], Pen("none", "black")))
    assert begin == (0.0, 0.0)
    assert end[1] == pytest.approx(2 * end[0], abs=0.2)
    assert max(end) < 1e4
    assert draw_line([(-1e9, 5000.0), (1e9, 5000.0)], Pen("none", "black")) == ""
    assert draw_line([(0.0, 0.0), None, (1.0, 1.0)], Pen("none", "black")) == ""


def test_a_line_that_leaves_and_comes_back_has_a_gap_outside():
    runs = path_of(draw_line([(0.0, 0.0), (0.0, 1e6), (100.0, 1e6), (100.0, 0.0)], Pen("none", "black")))
    assert [run[0] for run in runs] == [(0.0, 0.0), (100.0, 4000.0)]


@pytest.mark.parametrize("shape", ["s", "D", "^", "*", "P", "X"])
def test_a_mark_has_the_corners_that_matplotlib_gives_it(shape):
    theirs = MarkerStyle(shape)
    wanted = theirs.get_transform().transform(theirs.get_path().vertices) * 100
    (ours,) = path_of(draw_marks(shape, [(0.0, 0.0)], 100.0, Pen("black")))
    for x, y in ours:
        assert np.hypot(wanted[:, 0] - x, wanted[:, 1] + y).min() < 0.1, (x, y)


@pytest.mark.parametrize("hatch", ["/", "//", "////", ".", ".."])
def test_a_hatch_stays_inside_its_area_and_is_closer_the_more_signs_it_has(hatch):
    corners = [(10.0, 10.0), (110.0, 30.0), (80.0, 120.0), (20.0, 90.0)]
    area = matplotlib.path.Path(corners)
    drawn = draw_area(corners, Pen("none", "black"), hatch)
    if hatch[0] == "/":
        # The first path is the area's own edge.
        places = [place for run in path_of(drawn.split("/>", 1)[1]) for place in run]
    else:
        found = re.findall(r'cx="([\d.]+)" cy="([\d.]+)"', drawn)
        places = [(float(x), float(y)) for x, y in found]
    assert area.contains_points(places, radius=0.2).all() or area.contains_points(places, radius=-0.2).all()
    fewer = draw_area(corners, Pen("none", "black"), hatch[0])
    assert len(places) >= 4
    assert len(drawn) >= len(fewer)


# --- surfaces -----------------------------------------------------------------------------------------------------


def test_a_surface_is_a_bitmap_in_the_colours_of_the_house():
    surface = np.array([[0.0, 0.25, 0.5], [1.0, 0.75, math.nan]])
    address = to_png(surface)
    data = base64.b64decode(address.removeprefix("data:image/png;base64,"))
    pixels = matplotlib.image.imread(io.BytesIO(data))
    with house_style(None):
        wanted = mpl.colormaps[PLAYGROUND](surface)
    shown = ~np.isnan(surface)
    assert pixels[shown] == pytest.approx(wanted[shown], abs=2 / 255)
    assert pixels[1, 2, 3] == 0


@pytest.mark.parametrize("turn", range(4))
def test_the_line_of_a_height_is_matplotlibs(turn):
    x, y = np.linspace(-1, 2, 25), np.linspace(0, 1, 19)
    surface = np.sin(3 * x[None, :] + turn) * np.cos(5 * y[:, None]) + 0.3 * x[None, :]
    theirs = contour.QuadContourSet(TheirFigure().subplots(), x, y, surface, levels=[0.1])
    wanted = np.concatenate([segment for segment in theirs.allsegs[0] if len(segment)])
    ours = np.array([place for run in level_line(x, y, surface, 0.1) for place in run])
    for one, other in ((ours, wanted), (wanted, ours)):
        apart = np.hypot(*(one[:, None, :] - other[None, :, :]).transpose(2, 0, 1)).min(axis=1)
        assert apart.max() < 1e-6


def test_a_saddle_and_a_ring_have_closed_or_whole_lines():
    around = np.hypot(*np.meshgrid(np.linspace(-1, 1, 21), np.linspace(-1, 1, 21)))
    (ring,) = level_line(range(21), range(21), around, 0.5)
    assert ring[0] == ring[-1]
    saddle = np.array([[1.0, 0.0], [0.0, 1.0]])
    assert [len(run) for run in level_line((0, 1), (0, 1), saddle, 0.5)] == [2, 2]


# --- whole pictures -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", EACH)
@pytest.mark.parametrize("source", ["reference", "stub"])
def test_a_picture_of_the_bank_needs_no_matplotlib(tmp_path, monkeypatch, number, source):
    text = reference(number) if source == "reference" else KATAS[number].student_file.read_bytes()
    picture = look(tmp_path, number, text)
    monkeypatch.setattr(plate, "_render_with_matplotlib", lambda *_, **__: pytest.fail("matplotlib was asked"))
    for language in ("en", "ko"):
        drawn = plate.render_svg(picture, language)
        root = ElementTree.fromstring(drawn)
        assert KATAS[number].title[language] in "".join(root.itertext())
        # No ids, so that two pictures in one page do not meet; nothing from elsewhere; no number that browsers misread.
        odd = rb' id="|<script|https?://(?!www\.w3\.org)|\bnan\b|\binf\b|="[^"#]*\de[-+]?\d'
        assert not re.search(odd, _without_words(root))
        assert len(drawn) < 80_000


def _without_words(root):
    for element in root.iter():
        element.text = None
        if element.tag == f"{SVG}image":
            element.attrib["href"] = "data:"
    return ElementTree.tostring(root)


class Odd(plate.Picture):
    """What a bank of others may draw."""

    size = (4.0, 3.0)

    def lines(self, words):
        return [words.language]

    def draw(self, figure, words):
        figure.subplots().pie([1, 2], labels=["a", words.language])


def test_a_picture_that_asks_for_more_is_drawn_by_matplotlib():
    drawn = plate.render_svg(plate.Plate(KATAS["01"], Odd(), ()), "ko")
    assert b"matplotlib" in drawn
    assert KATAS["01"].title["ko"] in drawn.decode()


@pytest.mark.parametrize(
    ("name", "arguments", "named"),
    [
        ("plot", ([1, 2],), {"color": "red", "alpha": 0.5}),
        ("plot", ([1, 2],), {"color": "red", "marker": "h"}),
        ("plot", ([1, 2],), {"color": "C0"}),
        ("scatter", ([1], [2]), {"facecolor": "tab:blue"}),
        ("bar", ([1], [2]), {"facecolor": "red", "edgecolor": "k"}),
        ("text", (0, 0, "a"), {"color": "0.5"}),
        ("set_title", ("a",), {"color": (1, 0, 0)}),
        ("fill", ([0, 1, 1], [0, 0, 1]), {"hatch": "x", "facecolor": "red"}),
        ("set_yscale", ("logit",), {}),
        ("annotate", ("a", (0, 0), (1, 1)), {}),
        (
            "imshow",
            ([[1]],),
            {"cmap": "Blues", "vmin": 0, "vmax": 1, "extent": (0, 1, 0, 1), "origin": "lower", "interpolation": "none"},
        ),
    ],
)
def test_what_is_not_known_is_refused_and_not_left_out(name, arguments, named):
    figure = Figure((4, 3))
    axes = figure.subplots()

    def draw():
        getattr(axes, name)(*arguments, **named)
        figure.draw()

    with pytest.raises((TypeError, KeyError, AttributeError)):
        draw()
