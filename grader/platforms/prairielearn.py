"""PrairieLearn: a question that is graded externally, and the image that grades it; results in /grade/results.

The image holds the kit, the question's tests/ the checks: one image serves every kata of the same needs.

Source: PrairieLearn's documentation, "External grading" and the schema of a question's info.json.
"""

import json
import uuid
from typing import Any

from grader.bank.kata import Kata
from grader.platforms.files import check_files, fill, install_files, python_version, stub_of
from grader.platforms.settings import Settings
from grader.platforms.told import Feedback, Shown
from grader.sandbox import limits
from grader.words.languages import in_language, languages_of

_SPARE_S = 60
"""Beyond what the judge itself waits for a submission: to start, and to write."""
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "perceptron-kata/prairielearn")


def question_folder(kata: Kata) -> str:
    """Return the question's id in its course."""
    return f"kata_{kata.name}"


def programs(kata: Kata) -> tuple[str, ...]:
    """Return the files that are run."""
    return (f"questions/{question_folder(kata)}/tests/grade.sh", "image/install.sh")


def list_files(kata: Kata, settings: Settings, *, image: str) -> dict[str, bytes]:
    """Return a part of a course: questions/kata_NN_slug/, and image/ to build the grader from.

    Args:
        kata: the kata.
        settings: for every run.
        image: the name under which the course's owner puts the image on Docker Hub.
    """
    top = f"questions/{question_folder(kata)}"
    page = fill(
        "prairielearn/question.html",
        lesson=_lesson(kata, settings.language),
        file=kata.file_name,
        mode="toml" if kata.suffix == ".toml" else "python",
    )
    tests = {"grade.sh": fill("prairielearn/grade.sh"), **check_files(kata, settings)}
    return {
        f"{top}/info.json": _info(kata, settings, image),
        f"{top}/question.html": page,
        f"{top}/{kata.file_name}": stub_of(kata),
        **{f"{top}/tests/{name}": content for name, content in tests.items()},
        "image/Dockerfile": fill("prairielearn/Dockerfile", version=python_version()),
        **{f"image/{name}": content for name, content in install_files(kata).items()},
    }


def _lesson(kata: Kata, language: str) -> str:
    """Return the kata's README as HTML, in one language or in both."""
    # Here, because every other command would pay for it.
    from markdown_it import MarkdownIt

    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    pages = [markdown.render(kata.lesson(one).read_text("utf-8")) for one in languages_of(language)]
    # Two braces would begin a placeholder of PrairieLearn's.
    return "<hr>\n".join(pages).replace("{", "&#123;").replace("}", "&#125;")


def _info(kata: Kata, settings: Settings, image: str) -> bytes:
    info = {
        # The same question, made again, keeps its id: PrairieLearn knows the students' work by it.
        "uuid": str(uuid.uuid5(_NAMESPACE, kata.name)),
        "title": in_language(kata.title, settings.language).replace("\n", " / "),
        "topic": "Kata",
        "tags": ["code"],
        "type": "v3",
        "singleVariant": True,
        "gradingMethod": "External",
        "externalGradingOptions": {
            "image": image,
            "entrypoint": "/grade/tests/grade.sh",
            "timeout": int(limits.SUBMISSION_WALL_S) + _SPARE_S,
            "enableNetworking": False,
        },
    }
    return json.dumps(info, ensure_ascii=False, indent=2).encode() + b"\n"


def results(feedback: Feedback, settings: Settings) -> dict[str, bytes]:
    """Return results.json; where nothing was judged, one that costs the student no attempt."""
    del settings  # PrairieLearn shows every test to the student, at once
    if not feedback.judged or not feedback.readable:
        return _json({"gradable": False, "format_errors": [feedback.summary]})
    share = feedback.points / feedback.max_points if feedback.max_points else 0.0
    return _json(
        {
            "gradable": True,
            "score": min(1.0, share),
            "message": feedback.summary,
            # Points on every test, or PrairieLearn shows them on none.
            "tests": [_test(check) for check in feedback.checks],
        }
    )


def _test(check: Shown) -> dict[str, Any]:
    # "message" is rendered with ANSI colours; texts of the kit hold no control characters.
    text = {"message": check.text} if check.text else {}
    return {"name": check.name, "points": check.points, "max_points": check.max_points, **text}


def _json(data: dict[str, Any]) -> dict[str, bytes]:
    return {"results.json": json.dumps(data, ensure_ascii=False, indent=1).encode()}
