"""Margins by lines and letters, against matplotlib's own measuring of what was drawn: nothing is cut, nothing meets."""

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from grader.pictures import plate
from grader.pictures.drawing import find_korean_font, to_bytes
from grader.pictures.margins import Margins
from grader.words.languages import LANGUAGES
from tests.test_pictures import EACH, look, reference

_LEEWAY = 3.0
"""Pixels, at 110 for an inch: a frame's own line and the blank around a letter."""


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The faults of whatever is drawn from here on, looked for while matplotlib still has the fonts of the house."""
    found: list[str] = []

    def look(figure: Figure, fmt: str) -> bytes:
        image = to_bytes(figure, fmt)
        found.extend(faults(figure))
        return image

    monkeypatch.setattr(plate, "to_bytes", look)
    return found


def faults(figure: Figure) -> Iterator[str]:
    """Yield what is cut by the figure's edge, and which axes meet with all that stands around them."""
    # A title or an axis's name too long for its place is no fault of margins, so only its height counts.
    boxes = [axes.get_tightbbox(for_layout_only=True) for axes in figure.axes]
    names = [axes.get_title() or axes.get_title("left") or str(n) for n, axes in enumerate(figure.axes)]
    whole = figure.bbox.padded(_LEEWAY)
    for name, box in zip(names, boxes, strict=True):
        assert box is not None
        if not (whole.x0 <= box.x0 and box.x1 <= whole.x1 and whole.y0 <= box.y0 and box.y1 <= whole.y1):
            yield f"{name} is cut: {box.bounds} in {figure.bbox.bounds}"
    for (one, first), (other, second) in combinations(zip(names, boxes, strict=True), 2):
        shared = Bbox.intersection(first, second)
        if shared is not None and min(shared.width, shared.height) > _LEEWAY:
            yield f"{one} and {other} meet in {shared.bounds}"


@pytest.mark.parametrize("number", EACH)
def test_nothing_of_a_picture_is_cut_or_meets_its_neighbour(number: str, tmp_path: Path, seen: list[str]) -> None:
    picture = look(tmp_path, number, reference(number))
    for language in LANGUAGES:
        plate.render_image(picture, language, font=find_korean_font(), fmt="png")
        assert not seen, language


def test_long_labels_titles_of_several_lines_and_a_legend_outside_have_room() -> None:
    figure = Figure(figsize=(7, 5), dpi=110, layout=Margins())
    (one, two), (three, four) = figure.subplots(2, 2)
    one.set_yticks([0, 1], ["-1.23e+05", "a label of twenty-two"])
    two.set_title("a title\nof two\nlines")
    three.set_xticks([0, 1], ["below\nin two lines", "at the very edge"])
    three.set_xlim(0, 1)
    three.set_ylabel("loss")
    four.plot([0, 1], [0, 1], label="a line")
    four.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    to_bytes(figure, "png")
    assert list(faults(figure)) == []
    widths = {round(axes.get_position().width, 6) for axes in (one, three)}
    assert len(widths) == 1, "axes of one column are equally wide"


def test_labels_longer_than_the_figure_leave_a_third_for_the_axes() -> None:
    figure = Figure(figsize=(4, 3), dpi=110, layout=Margins())
    axes = figure.subplots()
    axes.set_yticks([0, 1], ["x" * 200, "y"])
    to_bytes(figure, "png")
    assert axes.get_position().width == pytest.approx(1 / 3)


def test_a_faulty_layout_is_found_by_the_oracle() -> None:
    figure = Figure(figsize=(4, 3), dpi=110)
    one, two = figure.subplots(1, 2)
    two.set_yticks([0, 1], ["a long label, over its neighbour", "y"])
    one.set_position((0, 0, 0.4, 0.8))
    to_bytes(figure, "png")
    said = "\n".join(faults(figure))
    assert "is cut" in said
    assert "meet" in said
