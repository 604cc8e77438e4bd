"""GitHub: an action for GitHub Classroom's reporter, and an autograder.py for Classroom 50, with one judge.

GitHub Classroom reads what its reporter makes of the runners' results. The reporter's table counts passed tests, its
total adds up points; both are the same only where a runner has one test, so every check is a runner of its own.
Classroom 50 reads result.json. Both want whole numbers: points are told in hundredths.

Source: classroom-resources/autograding-grading-reporter, src/; Classroom 50's wiki, "Advanced Autograding".
"""

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from grader.bank.kata import Kata
from grader.platforms.files import check_files, fill, install_files, python_version
from grader.platforms.settings import Settings
from grader.platforms.told import Feedback, as_markdown

HUNDREDTHS = 100
PROGRAMS = ("judge/install.sh",)
SCHEMA = "classroom50/result/v1"
_GIVEN = {
    "classroom": "CLASSROOM",
    "assignment": "ASSIGNMENT",
    "submission": "SUBMISSION_TAG",
    "commit": "COMMIT_URL",
    "release": "RELEASE_URL",
    "review": "REVIEW_URL",
}
"""Field of result.json -> the variable in which Classroom 50's runner says it."""


def list_files(kata: Kata, settings: Settings, *, repository: str) -> dict[str, bytes]:
    """Return judge/ (a private repository of its own, or the folder of a Classroom 50 assignment) and the workflow.

    Args:
        kata: the kata.
        settings: for every run.
        repository: "organisation/name" of the private repository.
    """
    version = python_version()
    judge = {
        "action.yml": fill("github/action.yml", version=version, kata=kata.name),
        "autograder.py": fill("github/autograder.py"),
        "runtime.json": json.dumps({"runs-on": "ubuntu-latest", "python": version, "apt": ["bubblewrap"]}).encode(),
        **install_files(kata),
        **check_files(kata, settings),
    }
    workflow = fill("github/classroom.yml", repository=repository)
    return {
        **{f"judge/{name}": content for name, content in judge.items()},
        "assignment/.github/workflows/classroom.yml": workflow,
    }


def results(feedback: Feedback, settings: Settings) -> dict[str, bytes]:
    """Return what the action hands on: lines for $GITHUB_ENV and $GITHUB_OUTPUT, and the page of $GITHUB_STEP_SUMMARY.

    Without a mark there is one runner with no points, so that GitHub Classroom is told of an error and of no total.
    """
    del settings  # whoever may see a run sees all of it
    if feedback.judged and feedback.readable:
        runners = [_runner(check.name, check.passed, check.points, check.max_points) for check in feedback.checks]
    else:
        runners = [_error(feedback)]
    names = [f"check{number}" for number in range(1, len(runners) + 1)]
    lines = [f"{name.upper()}_RESULTS={_encoded(runner)}" for name, runner in zip(names, runners, strict=True)]
    return {
        "environment.txt": "\n".join([*lines, ""]).encode(),
        "outputs.txt": f"runners={','.join(names)}\n".encode(),
        "summary.md": as_markdown(feedback).encode(),
    }


def _runner(name: str, passed: bool, points: float, max_points: float) -> dict[str, Any]:
    status = "pass" if passed else "fail"
    test = {"name": name, "status": status, "score": whole(points), "line_no": 0}
    return {"version": 3, "status": status, "max_score": whole(max_points), "tests": [test]}


def _error(feedback: Feedback) -> dict[str, Any]:
    # Reporter: a result without tests is a TypeError, and one without max_score is left out of the total.
    test = {"name": feedback.title, "status": "error", "message": feedback.summary, "score": 0, "line_no": 0}
    return {"version": 3, "status": "error", "message": feedback.summary, "max_score": 0, "tests": [test]}


def _encoded(runner: dict[str, Any]) -> str:
    return base64.b64encode(json.dumps(runner).encode()).decode()


def whole(points: float) -> int:
    """Return points in hundredths."""
    return round(points * HUNDREDTHS)


def classroom50(feedback: Feedback, settings: Settings, given: Mapping[str, str]) -> dict[str, bytes]:
    """Return result.json and the page of the release; nothing where nothing was judged.

    Args:
        feedback: of the submission.
        settings: unused, as the release shows everything.
        given: the environment variables of Classroom 50's runner.

    Without result.json and with an exit status that is not 0 the runner itself reports an error, without a score.
    """
    del settings
    if not feedback.judged:
        return {}
    rows = [(check.name, check.passed, check.points, check.max_points) for check in feedback.checks]
    if not feedback.readable:
        # Of what could not be read all points are missed; the score has to be the sum of the tests'.
        rows = [(feedback.title, False, 0.0, feedback.max_points)]
    result = {
        "schema": SCHEMA,
        **{field: given.get(name, "") for field, name in _GIVEN.items()},
        "datetime": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "score": sum(whole(points) for _, _, points, _ in rows),
        "max-score": sum(whole(most) for _, _, _, most in rows),
        "tests": [
            {"test-name": name, "passed": passed, "score": whole(points), "max-score": whole(most)}
            for name, passed, points, most in rows
        ],
    }
    result["review"] = result["review"] or result["commit"]
    return {
        "result.json": json.dumps(result, ensure_ascii=False, indent=1).encode(),
        "release-body.md": as_markdown(feedback).encode(),
    }
