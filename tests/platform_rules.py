"""What Gradescope, PrairieLearn, GitHub Classroom and Classroom 50 take, written down from their own documents.

Gradescope: Autograder Specifications, "Output format". PrairieLearn: "External grading", "Grading results".
GitHub Classroom: autograding-grading-reporter, src/notify-classroom.js and src/helpers/test-helpers.js.
Classroom 50: collect_scores.py, validate_result.
"""

import base64
import json

VISIBILITY = {"enum": ["hidden", "after_due_date", "after_published", "visible"]}
FORMAT = {"enum": ["text", "html", "simple_format", "md", "ansi"]}
NUMBER, TEXT = {"type": "number"}, {"type": "string"}
GRADESCOPE = {
    "type": "object",
    "additionalProperties": False,
    "required": ["score", "tests"],
    "properties": {
        "score": NUMBER,
        "execution_time": NUMBER,
        "output": TEXT,
        "output_format": FORMAT,
        "test_output_format": FORMAT,
        "test_name_format": FORMAT,
        "visibility": VISIBILITY,
        "stdout_visibility": VISIBILITY,
        "extra_data": {"type": "object"},
        "tests": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    "score": NUMBER,
                    "max_score": NUMBER,
                    "status": {"enum": ["passed", "failed"]},
                    "name": TEXT,
                    "name_format": FORMAT,
                    "number": TEXT,
                    "output": TEXT,
                    "output_format": FORMAT,
                    "tags": {"type": "array", "items": TEXT},
                    "visibility": VISIBILITY,
                    "extra_data": {"type": "object"},
                },
            },
        },
    },
}
PRAIRIELEARN = {
    "type": "object",
    "if": {"properties": {"gradable": {"const": False}}, "required": ["gradable"]},
    "then": {"properties": {"format_errors": {"type": ["string", "array"]}}},
    "else": {"required": ["score"]},
    "properties": {
        "gradable": {"type": "boolean"},
        "score": {"type": "number", "minimum": 0, "maximum": 1},
        "message": TEXT,
        "output": TEXT,
        "tests": {
            "type": "array",
            "items": {
                "type": "object",
                # All or nothing: one test without points takes them from every test.
                "required": ["name", "points", "max_points"],
                "properties": {
                    "name": TEXT,
                    "description": TEXT,
                    "points": NUMBER,
                    "max_points": NUMBER,
                    "message": TEXT,
                    "output": TEXT,
                },
            },
        },
    },
}
PRAIRIELEARN_BYTES = 1024 * 1024
PRAIRIELEARN_OPTIONS = {
    "comment",
    "enabled",
    "image",
    "entrypoint",
    "serverFilesCourse",
    "timeout",
    "enableNetworking",
    "environment",
}
"""Of externalGradingOptions; any other key is refused."""


class Reporter:
    """What GitHub Classroom's reporter makes of the runners' results: its table, its total and its end."""

    def __init__(self, runners: str, environment: dict[str, str]) -> None:
        encoded = [environment[f"{name.strip().upper()}_RESULTS"] for name in runners.split(",")]
        results = [json.loads(base64.b64decode(one)) for one in encoded]
        self.tests = [test for one in results for test in one["tests"]]
        self.table = [
            (sum(t["status"] == "pass" for t in one["tests"]) / len(one["tests"])) * (one["max_score"] or 0)
            for one in results
        ]
        counted = [one for one in results if one["max_score"]]
        self.total = sum(test["score"] for one in counted for test in one["tests"])
        self.most = sum(one["max_score"] for one in counted)
        statuses = {one["status"] for one in results}
        self.failed = "fail" in statuses or "error" in statuses

    @property
    def tells_points(self) -> bool:
        return bool(self.most)


def check_classroom50(result: dict, *, classroom: str, assignment: str) -> None:
    """Raise AssertionError where Classroom 50's collector would refuse a result."""
    assert result["schema"] == "classroom50/result/v1"
    assert (result["classroom"], result["assignment"]) == (classroom, assignment)
    assert result["submission"].startswith("submit/")
    assert all(isinstance(result[name], str) and result[name] for name in ("commit", "release", "review", "datetime"))
    for row in (result, *result["tests"]):
        assert all(type(row[name]) is int and row[name] >= 0 for name in ("score", "max-score"))
        assert row["score"] <= row["max-score"]
    for test in result["tests"]:
        assert test["test-name"]
        assert type(test["passed"]) is bool
    assert result["score"] == sum(test["score"] for test in result["tests"])
    assert result["max-score"] == sum(test["max-score"] for test in result["tests"])
