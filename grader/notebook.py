"""Reads a student's notebook: bytes of an .ipynb in, the code of one kata out. Nothing here runs or compiles it.

The file is JSON that a student may have changed in any way, so nothing in it is taken for granted. What counts:

* every code cell but the checks' own, in the notebook's order, up to the last check (with nbgrader, too, a cell below
  the checks runs too late for them); where the checks have been deleted, all code cells;
* the answer cell, by its id, wherever it stands and even if it was turned to text (nbgrader turns it back);
* not what IPython understands and Python does not: lines of `%magic`, `!command` and `name?` become `pass`, a cell of
  another language (`%%bash`) is left out.

Outputs, tags and execution counts are never looked at.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from grader.kata import Kata
from grader.sandbox.cells import Cell, join_cells

MAX_NOTEBOOK_BYTES = 8 * 1024 * 1024
"""Pictures in outputs make notebooks large; the code in them is held to a file's limit."""


class BadNotebook(Exception):
    """The file cannot be used as a notebook; its text is the tag in texts/common.toml."""


@dataclass(frozen=True)
class RawCell:
    """One cell as the student left it."""

    kind: str
    """code, markdown, raw, or whatever stands there."""
    source: str
    grade_id: str
    """nbgrader's; empty where there is none."""
    is_check: bool


def answer_id(kata: Kata) -> str:
    """Return the grade_id of a kata's answer cell."""
    return f"{kata.slug}_answer"


def parse_notebook(content: bytes) -> list[RawCell]:
    """Return the cells of a notebook.

    Raises:
        BadNotebook: "notebook_damaged", if this is no JSON or holds no list of cells.
    """
    try:
        data = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise BadNotebook("notebook_damaged") from None
    cells = data.get("cells") if isinstance(data, dict) else None
    if not isinstance(cells, list):
        raise BadNotebook("notebook_damaged")
    return [_raw_cell(cell) for cell in cells if isinstance(cell, dict)]


def _raw_cell(cell: dict[str, Any]) -> RawCell:
    source = cell.get("source", "")
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    metadata = cell.get("metadata")
    meta = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    meta = meta if isinstance(meta, dict) else {}
    return RawCell(
        kind=str(cell.get("cell_type")),
        source=re.sub("\r\n?", "\n", source) if isinstance(source, str) else "",
        grade_id=str(meta.get("grade_id", "")),
        is_check=meta.get("grade") is True and meta.get("solution") is not True,
    )


def read_code(cells: Sequence[RawCell], kata: Kata) -> bytes:
    """Return the code that counts for a kata, in the form of sandbox/cells.py.

    Raises:
        BadNotebook: "notebook_empty", if there is none.
    """
    checks = [number for number, cell in enumerate(cells) if cell.is_check]
    last = max(checks, default=len(cells))
    wanted = answer_id(kata)
    code = []
    for number, cell in enumerate(cells):
        is_answer = cell.grade_id == wanted
        if is_answer or (cell.kind == "code" and not cell.is_check and number < last):
            code.append(Cell(number + 1, to_python(cell.source), is_answer))
    if not any(cell.source.strip() for cell in code):
        raise BadNotebook("notebook_empty")
    return join_cells(code)


_CELL_MAGIC = re.compile(r"\s*%%([A-Za-z]\w*)")
_IPYTHON_LINE = re.compile(r"^([ \t]*)(%{1,2}[A-Za-z].*|!.*|\?{1,2}[\w.]+[ \t]*|[\w.]+\?{1,2}[ \t]*)$", re.MULTILINE)
_PYTHON_MAGICS = frozenset({"time", "timeit", "capture", "prun"})
"""Cell magics whose cell is Python all the same."""


def to_python(source: str) -> str:
    """Return a cell's text without what only IPython understands, line by line; empty for another language."""
    magic = _CELL_MAGIC.match(source)
    if magic and magic[1] not in _PYTHON_MAGICS:
        return ""
    return _IPYTHON_LINE.sub(r"\1pass  # \2", source)
