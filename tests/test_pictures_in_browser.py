"""The pictures' SVG in a real Chromium, which sets the letters: no words leave the picture, and none meet."""

from itertools import combinations

import pytest

from grader.pictures import render_svg
from grader.pictures.svg import Figure
from grader.words.languages import LANGUAGES
from tests.site.hosting import CHROMIUM, DRIVER, start_chromium
from tests.test_pictures import EACH, FONT, KATAS, QUICK, look, reference

pytestmark = pytest.mark.skipif(
    not (CHROMIUM and DRIVER),
    reason="needs Chromium and its driver (Debian, Ubuntu: apt install chromium chromium-driver)",
)

SHOWN = LANGUAGES if FONT else ("en",)
"""Letters that no font of this machine has are as wide as it likes."""
LEEWAY = 1.5
"""Points that words may share: the blank around letters, and coordinates to a tenth."""

MEASURE = """
document.body.innerHTML = arguments[0];
const svg = document.querySelector("svg"), inside = svg.getScreenCTM().inverse();
const {width, height} = svg.viewBox.baseVal;
const words = [...svg.querySelectorAll("text")].map(text => {
  // A box of letters is higher than what is seen of them: it has room for every letter of its font, Korean ones too.
  const {x, width: wide} = text.getBBox(), size = parseFloat(text.getAttribute("font-size"));
  const base = parseFloat(text.getAttribute("y")), turned = inside.multiply(text.getScreenCTM());
  const corner = (x, y) => new DOMPoint(x, y).matrixTransform(turned);
  const ends = [corner(x, base - 0.74 * size), corner(x + wide, base + 0.21 * size)];
  const [xs, ys] = [ends.map(end => end.x), ends.map(end => end.y)];
  return [text.textContent, Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
});
return {width, height, words};
"""
"""What is seen of each text, in points: its words, left, top, right and bottom, also of a turned one."""


@pytest.fixture(scope="module")
def driver(tmp_path_factory):
    opened = start_chromium(tmp_path_factory.mktemp("chromium"))
    opened.get("about:blank")
    yield opened
    opened.quit()


def faults(driver, svg):
    """Return the words that leave the picture, and the pairs of words that meet."""
    found = driver.execute_script(MEASURE, svg.decode())
    words = found["words"]
    assert len(words) > 2
    left = [
        word
        for word, x0, y0, x1, y1 in words
        if min(x0, y0) < 0 or x1 > found["width"] or y1 > found["height"] or x1 <= x0
    ]
    met = [
        (one[0], other[0])
        for one, other in combinations(words, 2)
        if min(one[3], other[3]) - max(one[1], other[1]) > LEEWAY
        and min(one[4], other[4]) - max(one[2], other[2]) > LEEWAY
    ]
    return left, met


@pytest.mark.parametrize("number", EACH)
def test_no_words_of_a_picture_are_cut_or_meet(driver, tmp_path, number):
    picture = look(tmp_path, number, reference(number))
    for language in SHOWN:
        assert faults(driver, render_svg(picture, language)) == ([], []), language


# To import TensorFlow costs each file that needs it some seconds.
@pytest.mark.parametrize("number", QUICK)
def test_no_words_are_cut_or_meet_before_anything_is_filled_in(driver, tmp_path, number):
    picture = look(tmp_path, number, KATAS[number].student_file.read_bytes())
    for language in SHOWN:
        assert faults(driver, render_svg(picture, language)) == ([], []), language


CHAIN = """
def xor_gate(x1, x2):
    first = nand_gate(x1, x2)
    second = nand_gate(x1, first)
    third = nand_gate(second, first)
    return nand_gate(third, second)
"""
# Answers of learners that once had words on each other, or beyond the edge.
CROWDED = {
    "weights with many digits": ("02", "AND = NAND = OR = NOR = A_NOT_B = (-0.0015, -0.0015, 0.00125)\n"),
    "all rows in one place": ("07", "def gates_to_weights(*_):\n    return [[[0, 0]] * 2, [0, 0], [[1], [1]], [0]]\n"),
    "four neurons in a row": ("03", reference("03") + CHAIN),
    "slopes that grow": ("08", "def d_sigmoid(z):\n    return 8\ndef chain_slope(f, z, n):\n    return f(z) ** n\n"),
    "a score without end": ("04", "def best_score(table):\n    return 10**60\n"),
    "a loss far out": ("09", "BEST_ONE_NEURON_LOSS = 0.7\ndef bce(p, y):\n    return 10.0**60\n"),
}


@pytest.mark.parametrize("name", CROWDED)
def test_no_words_meet_where_an_answer_is_crowded_or_far_out(driver, tmp_path, name):
    number, text = CROWDED[name]
    picture = look(tmp_path, number, text)
    for language in SHOWN:
        assert faults(driver, render_svg(picture, language)) == ([], []), language


@pytest.mark.parametrize("rotation", [0, 90])
def test_these_tests_see_words_that_are_cut_or_meet_and_no_others(driver, rotation):
    figure = Figure((4, 4))
    axes = figure.subplots()
    axes.set_axis_off()
    # Next to each other, as lines of a text are: one above the other, or from left to right.
    for name, step in (("one", 0), ("two", 1), ("three", 3)):
        at = (0.5, 0.6 - 0.03 * step) if rotation == 0 else (0.3 + 0.03 * step, 0.5)
        axes.text(*at, name, fontsize=12, rotation=rotation, ha="center", va="center")
    assert faults(driver, figure.to_svg(["DejaVu Sans"])) == ([], [("one", "two")])
    far = {"left": (0.0, 0.5), "right": (1.0, 0.5), "top": (0.5, 1.0), "bottom": (0.5, 0.0)}
    for name, at in far.items():
        axes.text(*at, f"words at the {name}", fontsize=60, rotation=rotation, ha="center", va="center")
    left, _ = faults(driver, figure.to_svg(["DejaVu Sans"]))
    assert left == [f"words at the {name}" for name in far]
