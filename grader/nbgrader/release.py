"""Steps for nbgrader's own conversions that know how the kit marks holes and hides checks.

The configuration of a course names them.
"""

from typing import Any

from nbgrader import utils
from nbgrader.converters import GenerateAssignment, GenerateFeedback
from nbgrader.preprocessors import ClearHiddenTests, ClearSolutions

from grader.build import BEGIN, make_stub


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
    """Takes hidden checks out of the feedback, which nbgrader would show with their source."""

    def preprocess_cell(self, cell: Any, resources: Any, cell_index: int) -> tuple[Any, Any]:
        """Clear one cell; a student's own cell may say "BEGIN HIDDEN TESTS" without harm."""
        if utils.is_grade(cell) and utils.is_locked(cell):
            return super().preprocess_cell(cell, resources, cell_index)  # type: ignore[no-any-return]
        return cell, resources


RELEASE_STEPS = [
    ClearKataSolutions if step is ClearSolutions else step
    for step in GenerateAssignment.class_traits()["preprocessors"].default()
]
# First, so that nothing of a hidden check is drawn.
FEEDBACK_STEPS = [HideChecks, *GenerateFeedback.class_traits()["preprocessors"].default()]
