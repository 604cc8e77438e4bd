"""A plate: the picture of one kata with everything around it, as text and as a figure.

A picture is data, worked out once from the student's answers. Its two renderers, `lines` and `draw`, read the same
fields, so the text and the image cannot disagree.
"""

import importlib.util
import re
import traceback
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from grader.bank.kata import Kata
from grader.bank.package import SUPPORT
from grader.errors import ContentError, KitError
from grader.pictures import svg
from grader.pictures.drawing import DARK, KOREAN_FONTS, OWN_FONT, house_style, to_bytes
from grader.pictures.layout import Words, words_of, wrap
from grader.pictures.reader import Gap
from grader.words.languages import in_language

if TYPE_CHECKING:
    from grader.pictures.svg import SubFigure

PICTURE = f"{SUPPORT}/picture.py"
"""Of a kata, below its exercise folder."""
_MOST_LINES = 9
"""Lines of sentences below an image; the text has all of them."""
_HEAD_INCHES, _LINE_INCHES = 0.35, 0.21
_COLUMNS_AN_INCH = 14
_BEYOND_LATIN = re.compile(r"[^\x00-\u04ff\u2000-\u22ff]")


class Picture:
    """What a kata's module works out: frozen data with two renderers."""

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the image without what stands around it, in inches."""
        raise NotImplementedError

    def lines(self, words: Words) -> list[str]:
        """Return the picture in words; long lines are wrapped later."""
        raise NotImplementedError

    def draw(self, figure: "SubFigure", words: Words) -> None:
        """Draw the picture into an empty figure."""
        raise NotImplementedError

    def below(self, words: Words) -> list[str]:
        """Return sentences that belong to the picture, and stand below the image as well as below the text."""
        del words
        return []


@dataclass(frozen=True)
class Plate:
    """A picture, its kata, and what it had to do without."""

    kata: Kata
    picture: Picture
    gaps: tuple[Gap, ...]


@contextmanager
def authors_fault(kata: Kata, step: str) -> Iterator[None]:
    """Turn whatever a kata's picture.py raises into one sentence for its author.

    Args:
        kata: whose picture.
        step: what it was doing: "import", "read", "lines" or "draw".

    Raises:
        ContentError: in place of any other exception.
    """
    try:
        yield
    except KitError:
        raise
    except Exception as problem:
        file = kata.exercise / PICTURE
        lines = [frame.lineno for frame in traceback.extract_tb(problem.__traceback__) if frame.filename == str(file)]
        where = f"{step}, line {lines[-1]}" if lines else step
        words = f"{type(problem).__name__}: {problem}"
        raise ContentError(file, where, words, run=f"kata plot {kata.number}") from problem


def render_text(plate: Plate, language: str) -> str:
    """Return the plate as lines of at most 80 columns, in letters that a Korean Windows console has (cp949)."""
    words = words_of(plate.kata, language)
    with authors_fault(plate.kata, "lines"):
        own = [plate.picture.lines(words), plate.picture.below(words)]
    parts = [[_heading(plate, language)], *own, _missing(plate, words)]
    lines = [line for part in parts if part for line in (*part, "")][:-1]
    wrapped = [part for line in lines for part in (wrap(line) or [""])]
    return "\n".join(wrapped).encode("cp949", "replace").decode("cp949")


def render_svg(plate: Plate, language: str) -> bytes:
    """Return the plate as an SVG, whose letters are set by whoever shows it; for any language, without a font.

    A picture that asks for more than `svg` knows is drawn by matplotlib.

    Args:
        plate: what to draw.
        language: of the labels.
    """
    lines = _below(plate, language)
    figure = svg.Figure(_size(plate, lines))
    try:
        _fill(figure, plate, language, lines)
        return figure.to_svg([OWN_FONT, *KOREAN_FONTS])
    except Exception:  # whatever it is, matplotlib draws it or says what is wrong
        if importlib.util.find_spec("matplotlib") is None:
            raise
        with warnings.catch_warnings():
            # Whoever shows it has fonts for every language.
            warnings.filterwarnings("ignore", "Glyph .* missing", UserWarning)
            return _render_with_matplotlib(plate, language, fmt="svg")


def render_image(plate: Plate, language: str, *, font: str | None, fmt: str) -> bytes:
    """Return the plate as the bytes of an image file; matplotlib draws it.

    Args:
        plate: what to draw.
        language: of the labels.
        font: a font with Korean letters, for Korean words and for what the student wrote; None if there is none.
        fmt: "png" or "pdf".
    """
    return _render_with_matplotlib(plate, language, font=font, fmt=fmt, only_latin=font is None)


def _render_with_matplotlib(
    plate: Plate, language: str, *, font: str | None = None, fmt: str, only_latin: bool = False
) -> bytes:
    from matplotlib.figure import Figure

    from grader.pictures.margins import Margins

    lines = _below(plate, language)
    if only_latin:
        lines = [_BEYOND_LATIN.sub("?", line) for line in lines]
    with house_style(font, first=language == "ko"):
        figure = Figure(figsize=_size(plate, lines), dpi=110, layout=Margins())
        _fill(figure, plate, language, lines)
        return to_bytes(figure, fmt)


def _size(plate: Plate, lines: list[str]) -> tuple[float, float]:
    """Return width and height in inches, with what stands around the picture, these lines below it."""
    wide, high = plate.picture.size
    return wide, _HEAD_INCHES + high + _foot(lines)


def _foot(lines: list[str]) -> float:
    return _LINE_INCHES * len(lines) + 0.15 if lines else 0.0


def _below(plate: Plate, language: str) -> list[str]:
    """Return the lines that stand below the picture."""
    words = words_of(plate.kata, language)
    columns = int(plate.picture.size[0] * _COLUMNS_AN_INCH)
    said, missing = (
        [part for line in lines for part in wrap(line, columns)]
        for lines in (plate.picture.below(words), _missing(plate, words))
    )
    if len(missing) > _MOST_LINES:
        missing = [*missing[:_MOST_LINES], words.text("plate", "more")]
    return said + missing


def _fill(figure: Any, plate: Plate, language: str, lines: list[str]) -> None:
    """Draw heading, picture and the lines below it into an empty figure, ours or matplotlib's."""
    heights = (_HEAD_INCHES, plate.picture.size[1], max(_foot(lines), 0.01))
    above, middle, below = figure.subfigures(3, 1, height_ratios=heights)
    above.text(0.5, 0.5, _heading(plate, language), fontsize=13, va="center", ha="center", color=DARK)
    with authors_fault(plate.kata, "draw"):
        plate.picture.draw(middle, words_of(plate.kata, language))
    if lines:
        below.text(0.02, 0.98, "\n".join(lines), fontsize=9.5, va="top", ha="left", color=DARK, linespacing=1.35)


def _heading(plate: Plate, language: str) -> str:
    return f"{plate.kata.number} {in_language(plate.kata.title, language)}"


def _missing(plate: Plate, words: Words) -> list[str]:
    sentences = words.gaps(plate.gaps)
    if sentences:
        sentences.append(words.text("plate", "ask_check", number=plate.kata.number))
    return sentences
