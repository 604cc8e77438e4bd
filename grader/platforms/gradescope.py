"""Gradescope: a zip with setup.sh and run_autograder; results in /autograder/results/results.json.

Source: Gradescope, Autograder Specifications (gradescope-autograders.readthedocs.io, "specs").
"""

import json
from typing import Any

from grader.bank.kata import Kata
from grader.platforms.files import check_files, fill, install_files
from grader.platforms.settings import VISIBILITIES, Settings
from grader.platforms.told import Feedback, Shown

PROGRAMS = ("setup.sh", "run_autograder")


def list_files(kata: Kata, settings: Settings) -> dict[str, bytes]:
    """Return the zip's files; they have to lie at its root."""
    programs = {name: fill(f"gradescope/{name}") for name in PROGRAMS}
    return {**programs, **install_files(kata), **check_files(kata, settings)}


def results(feedback: Feedback, settings: Settings) -> dict[str, bytes]:
    """Return results.json; nothing where nothing was judged.

    Without the file Gradescope says that the autograder failed and gives no mark. A file without a score would count
    as 0 points.
    """
    if not feedback.judged:
        return {}
    top: dict[str, Any] = {
        "score": feedback.points,
        "execution_time": feedback.seconds,
        "output": feedback.summary,
        "output_format": "text",
        # Instructors see it anyway.
        "stdout_visibility": "hidden",
        "extra_data": {"kata": feedback.kata, "kit": feedback.kit, "isolation": feedback.isolation},
        "tests": [_test(number, check, settings) for number, check in enumerate(feedback.checks, start=1)],
    }
    if not feedback.readable:
        top["tests"] = [{"name": feedback.title, "score": 0, "max_score": feedback.max_points, "status": "failed"}]
    return {"results.json": json.dumps(top, ensure_ascii=False, indent=1).encode()}


def _test(number: int, check: Shown, settings: Settings) -> dict[str, Any]:
    return {
        "name": check.name,
        "name_format": "text",
        "number": str(number),
        "score": check.points,
        "max_score": check.max_points,
        "status": "passed" if check.passed else "failed",
        "output": check.text,
        # No Markdown, no HTML: a message can hold what a submission answered.
        "output_format": "text",
        "visibility": settings.hidden if check.hidden else VISIBILITIES[0],
    }
