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

MAX_NOTEBOOK_BYTES = 8 * 1024 * 1024
"""Pictures in outputs make notebooks large; the answer cell is held to a file's limit."""


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
    is_locked: bool


def answer_id(kata: Kata) -> str:
    """Return the grade_id of a kata's answer cell."""
    return f"{kata.slug}_answer"


def answer_mark(kata: Kata) -> str:
    """Return the first line of the answer cell, "# gates.py"."""
    return f"# {kata.file_name}"


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
        BadNotebook: "notebook_no_answer", if no cell holds it.
    """
    place = find_answer_cell(cells, kata)
    if place is None:
        raise BadNotebook("notebook_no_answer")
    return answer_source(cells[place].source, kata)


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
    patterns = (rf"^(?:async +def +|def +|class +)?{name}\b" for name in names)
    return 2 * sum(re.search(pattern, source, re.MULTILINE) is not None for pattern in patterns) > len(names)


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


_MAGIC = re.compile(r"^([ \t]*)(?=%{1,2}\w|!)", re.MULTILINE)


def answer_source(cell: str, kata: Kata) -> bytes:
    """Return the student's file that an answer cell holds, the same on both ways of grading.

    Of a TOML kata it is the text of the string `facts`; or the whole cell, if the file was pasted without it. Lines
    that Jupyter knows and Python does not (`%timeit`, `!pip`) are taken for comments, where the cell is no Python as it
    stands.
    """
    text = cell.strip("\n") + "\n"
    if kata.suffix == ".toml":
        text = _string_called(kata.slug, text) or text
    # Bytes, as the student's file is read later; a lone surrogate in the notebook becomes a question mark.
    elif _MAGIC.search(text) and not _is_python(text.encode("utf-8", "replace")):
        text = _MAGIC.sub(r"\1pass  # ", text)
    return text.encode("utf-8", "replace")


def _string_called(name: str, text: str) -> str | None:
    """Return the string that a name is assigned, each of its lines with the number that it has in the cell."""
    if not _is_python(text.encode("utf-8", "replace")):
        return None
    for node in ast.parse(text).body:
        value = node.value if isinstance(node, ast.Assign) else None
        names = [target.id for target in getattr(node, "targets", []) if isinstance(target, ast.Name)]
        if name in names and isinstance(value, ast.Constant) and isinstance(value.value, str):
            return "\n" * (value.lineno - 1) + value.value
    return None


def _is_python(text: bytes) -> bool:
    try:
        ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
