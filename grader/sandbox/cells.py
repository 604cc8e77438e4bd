"""A notebook's code as one text, so that it travels, is hashed and is quoted as a student's file is.

    AND = (0.5, 0.5, -0.75)
    # %% end of cell 3 (answer)
    import numpy as np
    # %% end of cell 1

The answer stands first: its line numbers are those that the student sees in the cell. The cells run in the order of
their numbers, each for itself, as in Jupyter: one that fails, or is no Python, does not stop the next.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Cell:
    """One piece of a student's code that is compiled and run for itself."""

    number: int
    """Its place in the notebook, from 1."""
    source: str
    is_answer: bool
    first_line: int = 1
    """Of the whole text."""

    @property
    def padded(self) -> str:
        """The source with empty lines before it, so that its line numbers are those of the whole text."""
        return "\n" * (self.first_line - 1) + self.source


_END = re.compile(r"^# %% end of cell (\d+)( \(answer\))?$\n?", re.MULTILINE)


def join_cells(cells: Iterable[Cell]) -> bytes:
    """Return the cells as one text, those of the answer first."""
    ordered = sorted(cells, key=lambda cell: (not cell.is_answer, cell.number))
    ends = ((cell.source, f"# %% end of cell {cell.number}{' (answer)' if cell.is_answer else ''}") for cell in ordered)
    # A lone surrogate can stand in JSON and in no file.
    return "".join(f"{source}\n{end}\n" for source, end in ends).encode("utf-8", "replace")


def split_cells(source: bytes) -> list[Cell]:
    """Return the cells of a text in the order in which they run; none if it is a plain file.

    A student who writes such an end into a file gets what a notebook gets: cells that run one by one.
    """
    text = source.decode("utf-8", "replace")
    ends = list(_END.finditer(text))
    if not ends or text[ends[-1].end() :].strip():
        return []
    starts = [0, *(end.end() for end in ends)]
    cells = [
        Cell(int(end[1][:9]), text[start : end.start()], bool(end[2]), first_line=text.count("\n", 0, start) + 1)
        for start, end in zip(starts, ends, strict=False)
    ]
    return sorted(cells, key=lambda cell: cell.number)
