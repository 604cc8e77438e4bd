"""Reads a student's notebook: bytes of an .ipynb in, one kata's file out. Nothing of it is run here.

The file is JSON that a student may have changed in any way, so nothing in it is taken for granted. One cell is the
student's file, and the release tells students so: the answer cell. It is known by its first line, the mark
"# gates.py", or by the names that it defines, in case someone pasted a whole file over it; its nbgrader id and its type
may be gone. Of several such cells the last one above the last check counts, as in a notebook that is run from top to
bottom; where no check is left, or none stands below the answer, the last one of all. Outputs, tags and execution counts
are never looked at.
"""

import ast
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from grader.bank.kata import Kata
from grader.sandbox.source_text import forgive

MAX_FILE_BYTES = 256 * 1024
"""Of one kata's file, and of the answer cell."""
MAX_NOTEBOOK_BYTES = 8 * 1024 * 1024
"""Pictures in outputs make notebooks large."""

MAX_PARTS = 200_000
"""Objects and lists of the JSON. A million empty cells fit into few megabytes, and into hundreds once they are read."""


class BadNotebook(Exception):
    """The file cannot be used as a notebook; its text is the tag in texts/common.toml."""

    def __init__(self, tag: str, **values: str) -> None:
        """Keep the tag and the values of its placeholders."""
        super().__init__(tag)
        self.values = values


@dataclass(frozen=True)
class RawCell:
    """One cell as the student left it."""

    kind: str
    """code, markdown, raw, or whatever stands there."""
    source: str
    grade_id: str
    """nbgrader's; empty where there is none."""
    is_check: bool
    is_locked: bool


def answer_id(kata: Kata) -> str:
    """Return the grade_id of a kata's answer cell."""
    return f"{kata.slug}_answer"


def answer_mark(kata: Kata) -> str:
    """Return the first line of the answer cell, "# gates.py"."""
    return f"# {kata.file_name}"


def parse_notebook(content: bytes) -> list[RawCell]:
    """Return the cells of a notebook, of nbformat 4 or 3.

    Raises:
        BadNotebook: "notebook_damaged", if this is no JSON or holds no list of cells; "notebook_too_many", if it has
            more parts than a person makes.
    """
    if content.count(b"{") + content.count(b"[") > MAX_PARTS:
        raise BadNotebook("notebook_too_many", most=str(MAX_PARTS))
    try:
        # No number in it counts: one of ten thousand digits is as good as any.
        text = content.decode("utf-8-sig")
        data = json.loads(text, parse_int=_nothing, parse_float=_nothing, parse_constant=_nothing)
    except (ValueError, RecursionError):
        raise BadNotebook("notebook_damaged") from None
    cells = _cells_of(data)
    found = [_raw_cell(cell) for cell in cells or () if isinstance(cell, dict)]
    if cells is None or (cells and not found):
        raise BadNotebook("notebook_damaged")
    return found


def _nothing(_: str) -> None:
    return None


def _cells_of(data: Any) -> list[Any] | None:
    """The list of cells; in nbformat 3 each worksheet has one."""
    if not isinstance(data, dict):
        return None
    cells, sheets = data.get("cells"), data.get("worksheets")
    if not isinstance(cells, list) and isinstance(sheets, list):
        lists = [sheet.get("cells") for sheet in sheets if isinstance(sheet, dict)]
        cells = [cell for part in lists if isinstance(part, list) for cell in part] if lists else None
    return cells if isinstance(cells, list) else None


def _raw_cell(cell: dict[str, Any]) -> RawCell:
    # A code cell of nbformat 3 has its text under "input".
    source = cell.get("source", cell.get("input", ""))
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    metadata = cell.get("metadata")
    meta = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    meta = meta if isinstance(meta, dict) else {}
    is_solution = meta.get("solution") is True
    return RawCell(
        kind=str(cell.get("cell_type")),
        source=re.sub("\r\n?", "\n", source) if isinstance(source, str) else "",
        grade_id=str(meta.get("grade_id", "")),
        is_check=meta.get("grade") is True and not is_solution,
        is_locked=meta.get("locked") is True and not is_solution,
    )


def read_answer(cells: Sequence[RawCell], kata: Kata) -> bytes:
    """Return the student's file of a kata.

    Raises:
        BadNotebook: "notebook_no_answer", if no cell holds it; "notebook_too_long", if it is longer than a file may be.
    """
    place = find_answer_cell(cells, kata)
    if place is None:
        raise BadNotebook("notebook_no_answer")
    # Asked first, because a cell may be as large as a notebook, and what is forgiven is looked for sign by sign.
    if len(cells[place].source) > MAX_FILE_BYTES:
        raise BadNotebook("notebook_too_long")
    answer = answer_source(cells[place].source, kata)
    if len(answer) > MAX_FILE_BYTES:
        raise BadNotebook("notebook_too_long")
    return answer


def find_answer_cell(cells: Sequence[RawCell], kata: Kata) -> int | None:
    """Return where the answer cell of a kata stands, from 0; None if there is none."""
    wanted, mark = answer_id(kata), answer_mark(kata)
    names = defined_names(kata.student_file.read_text("utf-8"), kata)
    places = [
        number
        for number, cell in enumerate(cells)
        # nbgrader makes a code cell again of an answer that was turned to text.
        if (cell.kind == "code" or cell.grade_id == wanted)
        and not cell.is_check
        and not cell.is_locked
        and holds_answer(cell.source, names, mark)
    ]
    last_check = max((number for number, cell in enumerate(cells) if cell.is_check), default=len(cells))
    above = [number for number in places if number < last_check]
    return max(above or places, default=None)


def holds_answer(source: str, names: Sequence[str], mark: str) -> bool:
    """True if a cell has the mark as a line, or defines more than half of the names."""
    if "= open_kata(" in source or "= kata.check(" in source:
        # The kit's own cells, whose texts of checks may begin a line with such a name.
        return False
    if any(line.rstrip() == mark for line in source.splitlines()):
        return True
    pattern = rf"^(?:async +def +|def +|class +)?({'|'.join(map(re.escape, names))})\b"
    return 2 * len(set(re.findall(pattern, source, re.MULTILINE))) > len(names)


def defined_names(stub: str, kata: Kata) -> list[str]:
    """Return the names that a kata's file defines at its top level, in order; of a TOML file its keys."""
    if kata.suffix == ".toml":
        return list(dict.fromkeys(re.findall(r"^(\w+) *=", stub, re.MULTILINE)))
    names = []
    for node in ast.parse(stub).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            names.append(node.name)
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            parts = (part for part in ast.walk(node) if isinstance(part, ast.Name))
            names += [part.id for part in parts if isinstance(part.ctx, ast.Store)]
    return names


def answer_source(cell: str, kata: Kata) -> bytes:
    """Return the student's file that an answer cell holds, the same on both ways of grading.

    Of a TOML kata it is the text of the string `facts`; or the whole cell, if the file was pasted without it. Lines
    that Jupyter knows and Python does not (`%timeit`, `!pip`, `AND?`) are taken for comments.
    """
    text = cell.strip("\n") + "\n"
    if kata.suffix == ".toml":
        text = _string_called(kata.slug, text) or text
    else:
        text = forgive(text)
    # Bytes, as the student's file is read later; a lone surrogate in the notebook becomes a question mark.
    return text.encode("utf-8", "replace")


def _string_called(name: str, text: str) -> str | None:
    """Return the string that a name is assigned, each of its lines with the number that it has in the cell."""
    # Found by its form: parsing a whole cell would be a student's way to the memory of the judge's process.
    literal = rf"^{name}[ \t]*=[ \t]*([rR]?(?:'''(?s:\\.|[^\\])*?'''|\"\"\"(?s:\\.|[^\\])*?\"\"\"))"
    found = re.search(literal, text, re.MULTILINE)
    if found is None:
        return None
    try:
        value = ast.literal_eval(found[1])
    except (SyntaxError, ValueError, MemoryError):
        return None
    return "\n" * text.count("\n", 0, found.start(1)) + str(value)
