"""Steps for nbgrader's own conversions that know how the kit marks holes and hides checks.

The configuration of a course names them.
"""

from typing import Any

from nbgrader import utils
from nbgrader.converters import Autograde, GenerateAssignment, GenerateFeedback
from nbgrader.preprocessors import (
    CheckCellMetadata,
    ClearHiddenTests,
    ClearSolutions,
    DeduplicateIds,
    NbGraderPreprocessor,
)
from traitlets import List, Unicode

from grader.authoring.stub import BEGIN, make_stub
from grader.nbgrader.ids import SCHEMA


# nbgrader publishes no types.
class ClearKataSolutions(ClearSolutions):  # type: ignore[misc]
    """Puts the kata's stub where the solution is, "### STUB" lines and all; other solution cells as nbgrader does."""

    def preprocess_cell(self, cell: Any, resources: Any, cell_index: int) -> tuple[Any, Any]:
        """Clear one cell."""
        if utils.is_solution(cell) and BEGIN in cell.source:
            cell.source = make_stub(cell.source, file=resources["nbgrader"]["notebook"]).rstrip("\n")
            return cell, resources
        return super().preprocess_cell(cell, resources, cell_index)  # type: ignore[no-any-return]


class HideChecks(ClearHiddenTests):  # type: ignore[misc]
    """Takes hidden checks out of the feedback, which nbgrader would show with their source, and the set-up's texts.

    Some hundred lines of checks and messages stand in the set-up cell, between the student and her marks.
    """

    # The HTML exporter sets it for each of its steps, and warns of one that does not take it.
    display_data_priority = List(Unicode(), config=True)

    def preprocess_cell(self, cell: Any, resources: Any, cell_index: int) -> tuple[Any, Any]:
        """Clear one cell; a student's own cell may say "BEGIN HIDDEN TESTS" without harm."""
        if utils.is_grade(cell) and utils.is_locked(cell):
            return super().preprocess_cell(cell, resources, cell_index)  # type: ignore[no-any-return]
        if utils.is_locked(cell) and "= open_kata(" in cell.source:
            cell.source = cell.source.partition("\n")[0]
        return cell, resources


class MendMetadata(NbGraderPreprocessor):  # type: ignore[misc]
    """Takes a cell that has lost its id for the student's own.

    A copied cell ends up with empty metadata, nbgrader takes that for an old format and stops for the whole class
    (jupyter/nbgrader#1083).
    """

    def preprocess_cell(self, cell: Any, resources: Any, cell_index: int) -> tuple[Any, Any]:
        """Mend one cell."""
        del cell_index
        found = cell.metadata.get("nbgrader")
        if isinstance(found, dict) and isinstance(found.get("grade_id"), str) and found["grade_id"]:
            found["schema_version"] = SCHEMA
        else:
            cell.metadata.pop("nbgrader", None)
        return cell, resources


RELEASE_STEPS = [
    ClearKataSolutions if step is ClearSolutions else step
    for step in GenerateAssignment.class_traits()["preprocessors"].default()
]
# First, so that nothing of a hidden check is drawn.
FEEDBACK_STEPS = [HideChecks, *GenerateFeedback.class_traits()["preprocessors"].default()]
CLEANING_STEPS = [
    part
    for step in Autograde.class_traits()["sanitize_preprocessors"].default()
    for part in ([MendMetadata, step] if step in (DeduplicateIds, CheckCellMetadata) else [step])
]
