"""How pictures mark a start, by the plateau where it came to rest."""

from grader.pictures.drawing import BLUE, DARK, ORANGE

PLATEAU_MARKS = {
    "solved": (BLUE, BLUE, "o"),
    "two tied": ("#8cc3e6", BLUE, "D"),
    "one corner": ("#fbd3a5", ORANGE, "^"),
    "all tied": (ORANGE, ORANGE, "s"),
    "still moving": ("#ffffff", "#888888", "P"),
    "diverged": (DARK, DARK, "X"),
}
"""Face, edge and shape, as on the map of all starts."""
