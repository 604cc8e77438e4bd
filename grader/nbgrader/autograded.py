"""The notebook that formgrader and feedback show for a graded submission, made without running anything.

nbgrader cleans a submission, runs it and stores it under autograded/. Here the student's cells are kept, locked cells
get the source of the release and cells that were deleted are put back, so that every score has its cell; where nbgrader
would show a traceback, the check's words stand. A notebook that cannot be read becomes the release's, without answer.
"""

import json
from typing import Any

from grader.intake.ipynb import BadNotebook, RawCell, answer_id, find_answer_cell, parse_notebook
from grader.nbgrader.ids import metadata
from grader.nbgrader.opening import Release, SourceCell
from grader.result import CheckResult, KataResult, Outcome
from grader.words.languages import in_language

KINDS = ("code", "markdown", "raw")


def make_autograded(content: bytes | None, release: Release, result: KataResult | None, language: str) -> str:
    """Return the text of the autograded notebook (nbformat 4.5).

    Args:
        content: what the student handed in; None if there is nothing to read.
        release: the notebook's cells as nbgrader keeps them.
        result: the verdicts, whose words become outputs; None if nothing of the submission could be judged.
        language: "en", "ko" or "both".
    """
    try:
        cells = parse_notebook(content) if content is not None else []
    except BadNotebook:
        cells = []
    words = {} if result is None else {release.checks[check.id]: check for check in result.checks}
    placed = _place(cells, release)
    made = [_make_cell(cell, source, words.get(source.name if source else ""), language) for cell, source in placed]
    for number, cell in enumerate(made, 1):
        # Ids of the student's may be missing, doubled or no ids at all.
        cell["id"] = f"cell-{number}"
    kernel = json.loads(release.kernelspec) if release.kernelspec else None
    metadata = {"kernelspec": kernel} if kernel else {}
    notebook = {"cells": made, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


def _place(cells: list[RawCell], release: Release) -> list[tuple[RawCell | None, SourceCell | None]]:
    """Say for each cell of the result what the student made of it and what the release has for it."""
    sources = {source.name: source for source in release.cells}
    owner = {cell.grade_id: number for number, cell in enumerate(cells)}
    answer = find_answer_cell(cells, release.kata)
    if answer is not None:
        owner[answer_id(release.kata)] = answer
    ids = {number: name for name, number in owner.items() if name in sources}
    placed: list[tuple[RawCell | None, SourceCell | None]] = [
        (cell, sources.get(ids.get(number, ""))) for number, cell in enumerate(cells)
    ]
    missing = [source for source in release.cells if source.name not in ids.values()]
    return [*placed, *((None, source) for source in missing)]


def _make_cell(
    cell: RawCell | None, source: SourceCell | None, check: CheckResult | None, language: str
) -> dict[str, Any]:
    if source is None:
        assert cell is not None
        return _new_cell(cell.kind if cell.kind in KINDS else "raw", cell.source, {})
    text = source.source if cell is None or source.locked else cell.source
    if cell is None and not source.locked:
        text = ""
    locked = {"deletable": False, "editable": False} if source.locked else {"deletable": False}
    made = _new_cell(source.kind, text, {**locked, "nbgrader": _metadata(source)})
    if check is not None and check.message and source.kind == "code":
        # As nbgrader's own rule for outputs has it: stderr means no points.
        stream = "stdout" if check.outcome is Outcome.PASSED else "stderr"
        output = {"output_type": "stream", "name": stream, "text": f"{in_language(check.message, language)}\n"}
        made["outputs"] = [output]
    return made


def _new_cell(kind: str, source: str, metadata: dict[str, Any]) -> dict[str, Any]:
    # A lone surrogate can stand in JSON and in no page.
    text = source.encode("utf-8", "replace").decode("utf-8")
    made = {"cell_type": kind, "metadata": metadata, "source": text.splitlines(keepends=True)}
    return {**made, "execution_count": None, "outputs": []} if kind == "code" else made


def _metadata(source: SourceCell) -> dict[str, Any]:
    """Nbgrader's metadata of a cell, from what the gradebook says."""
    made = metadata(source.name, solution=source.is_solution, locked=source.locked, points=source.points)
    more = {"checksum": source.checksum} if source.checksum else {}
    return {**made, "cell_type": source.kind, **more}


def comment_on(result: KataResult, language: str) -> str | None:
    """Return the comment for the answer cell: each message once, in the order of the checks; None if there is none.

    nbgrader renders comments as Markdown in feedback: four spaces before each line keep them as they are, and keep what
    came from the submission from being taken for HTML.
    """
    words = [check.message for check in result.checks if check.message and check.outcome is not Outcome.BLOCKED]
    texts = list(dict.fromkeys(in_language(message, language) for message in words))
    if not texts:
        return None
    return "\n\n".join("\n".join(f"    {line}" for line in text.splitlines()) for text in texts)
