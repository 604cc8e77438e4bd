"""The four lines around an axes."""

from collections.abc import Sequence
from typing import Any

from grader.pictures.grid import Box
from grader.pictures.svg.shapes import Pen, draw_line

_SIDES = ("left", "right", "bottom", "top")


class Spines:
    """Some of an axes' lines; as matplotlib has them, spines["left"], spines[["top", "right"]] and spines[:]."""

    def __init__(self, looks: dict[str, dict[str, Any]] | None = None) -> None:
        """Take those of another one, or begin with four thin black lines."""
        self._looks = looks or {side: {"edge": "black", "width": 0.8, "style": "-", "visible": True} for side in _SIDES}

    def __getitem__(self, sides: str | Sequence[str] | slice) -> "Spines":
        """Return some of them, whose looks are these ones' too."""
        chosen = [sides] if isinstance(sides, str) else _SIDES if isinstance(sides, slice) else sides
        return Spines({side: self._looks[side] for side in chosen})

    def set_visible(self, visible: bool) -> None:
        """Show or hide them."""
        self._set("visible", visible)

    def set_color(self, color: str) -> None:
        """Draw them in a colour."""
        self._set("edge", color)

    def set_linewidth(self, width: float) -> None:
        """Draw them so many points wide."""
        self._set("width", width)

    def set_linestyle(self, style: Any) -> None:
        """Draw them dashed or dotted."""
        self._set("style", style)

    def _set(self, key: str, value: Any) -> None:
        for look in self._looks.values():
            look[key] = value

    def draw(self, box: Box) -> str:
        """Return the visible ones around a box; four that are alike as one frame."""
        left, top, wide, high = box
        right, bottom = left + wide, top + high
        ends = {
            "left": [(left, top), (left, bottom)],
            "right": [(right, top), (right, bottom)],
            "bottom": [(left, bottom), (right, bottom)],
            "top": [(left, top), (right, top)],
        }
        shown = {side: look for side, look in self._looks.items() if look["visible"]}
        pens = {side: Pen("none", look["edge"], look["width"], look["style"]) for side, look in shown.items()}
        if len(pens) == len(_SIDES) and len(set(pens.values())) == 1:
            attributes = pens["left"].attributes()
            return f'<rect x="{left:.1f}" y="{top:.1f}" width="{wide:.1f}" height="{high:.1f}" {attributes}/>'
        return "".join(draw_line(ends[side], pen) for side, pen in pens.items())
