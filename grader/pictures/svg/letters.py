"""Texts in an SVG: where their lines stand, how wide they are, and the elements that a browser sets letters by."""

import html
import re
import unicodedata
from typing import NamedTuple

ASCENT, DESCENT = 0.76, 0.24
"""Of a line above and below its baseline, in font sizes; those of DejaVu Sans between l and p."""
_LETTERS = {
    27: "'",
    28: "ijl",
    29: "IJ",
    32: " ,.",
    34: "/:;\\|",
    35: "f",
    36: "-",
    39: "()[]t",
    40: "!",
    41: "r",
    46: '"',
    50: "*_`",
    52: "sz",
    53: "?",
    55: "c",
    56: "L",
    58: "Fk",
    59: "vxy",
    60: "P",
    61: "TYao",
    62: "e",
    63: "ESbdghnpqu",
    64: "$0123456789{}",
    66: "K",
    68: "AV",
    69: "BRXZ",
    70: "C",
    73: "U",
    75: "HN",
    77: "DG",
    78: "&",
    79: "OQ",
    82: "w",
    84: "#+<=>^~",
    86: "M",
    95: "%",
    97: "m",
    99: "W",
    100: "@",
}
"""By how wide they are in hundredths of a font size: DejaVu Sans 2.37, table hmtx."""
_WIDTHS = {letter: wide for wide, letters in _LETTERS.items() for letter in letters}
_UNPRINTABLE = re.compile(r"[^\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_COLOR = re.compile(r"#([0-9a-fA-F]{3,4}|([0-9a-fA-F]{2}){3,4})|none|black|white|gray|red|green|blue|orange")
_SPACED = ' xml:space="preserve"'
_ANCHORS = {"left": "start", "center": "middle", "right": "end"}
# Turned to the left by a quarter, a text's top is at the left and its beginning at the bottom.
_TURNED_HA = {"bottom": "left", "baseline": "left", "center": "center", "top": "right"}
_TURNED_VA = {"left": "top", "center": "center", "right": "bottom"}


class Type(NamedTuple):
    """How a text is set: size in points, alignment to its point, 0 or 90 degrees to the left."""

    size: float = 10.0
    color: str = "black"
    ha: str = "left"
    va: str = "baseline"
    rotation: float = 0
    linespacing: float = 1.2


def near(value: float) -> str:
    """Return a coordinate to a tenth of a point."""
    return f"{value:.1f}".removesuffix(".0")


def escape(text: str) -> str:
    """Return a text as XML has it, a question mark for what XML cannot hold."""
    return html.escape(_UNPRINTABLE.sub("?", text))


def paint(color: str) -> str:
    """Return a colour as it came, if a browser has it too.

    Raises:
        TypeError: it is another one, as "C0", "k" or "0.5", which a browser would leave out without a word.
    """
    if not _COLOR.fullmatch(color):
        raise TypeError(f"{color!r} is no colour of a browser")
    return color


def length(line: str, size: float) -> float:
    """Return how wide a line of text is, in points; letters beyond ASCII are reckoned, not known."""
    return size / 100 * sum(map(_width, line))


def _width(letter: str) -> int:
    return _WIDTHS.get(letter) or (96 if unicodedata.east_asian_width(letter) in "WF" else 64)


def extent(text: str, type_: Type) -> tuple[float, float, float, float]:
    """Return where a text lies about its point: left, top, width, height."""
    lines = text.split("\n")
    wide = max(length(line, type_.size) for line in lines)
    high = type_.size * (ASCENT + DESCENT) + (len(lines) - 1) * _pitch(type_)
    ha, va = type_.ha, type_.va
    if type_.rotation:
        wide, high = high, wide
    left = {"left": 0.0, "center": -wide / 2, "right": -wide}[ha]
    top = {"top": 0.0, "center": -high / 2, "bottom": -high}.get(va, DESCENT * type_.size - high)
    return left, top, wide, high


def _pitch(type_: Type) -> float:
    """Points from one baseline to the next."""
    return type_.size * type_.linespacing


def draw_text(text: str, x: float, y: float, type_: Type) -> str:
    """Return a text at a point as elements, a line of it each."""
    lines = text.split("\n")
    turn = ""
    if type_.rotation:
        turn = f' transform="rotate(-90 {near(x)} {near(y)})"'
        type_ = type_._replace(ha=_TURNED_HA[type_.va], va=_TURNED_VA[type_.ha], rotation=0)
    _, top, _, _ = extent(text, type_)
    look = f'font-size="{near(type_.size)}"'
    look += "" if type_.color == "black" else f' fill="{paint(type_.color)}"'
    look += "" if type_.ha == "left" else f' text-anchor="{_ANCHORS[type_.ha]}"'
    first = y + top + ASCENT * type_.size
    found = []
    for number, line in enumerate(lines):
        if line.strip():
            place = f'x="{near(x)}" y="{near(first + number * _pitch(type_))}"'
            spaced = _SPACED if "  " in line else ""
            found.append(f"<text {place} {look}{turn}{spaced}>{escape(line)}</text>")
    return "".join(found)
