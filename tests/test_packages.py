"""Packages for other platforms: what is in them, and each run from an empty folder as its platform would."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
import yaml

from grader.authoring.answers import EDITS
from grader.platforms.forms import RESULTS
from tests.conftest import PATIENCE_S, ROOT
from tests.packages import GATES, HALF, KATAS, judge, unpack
from tests.platform_rules import (
    GRADESCOPE,
    PRAIRIELEARN,
    PRAIRIELEARN_BYTES,
    PRAIRIELEARN_OPTIONS,
    Reporter,
    check_classroom50,
)
from tests.wheelhouse import write_wheels

RUNNER50 = {
    "CLASSROOM": "cs",
    "ASSIGNMENT": "gates",
    "SUBMISSION_TAG": "submit/2026-06-01T14-32-05Z-a1b2c3d",
    "COMMIT_URL": "https://github.com/cs/cs-gates-ana/commit/a1b2c3d",
    "RELEASE_URL": "https://github.com/cs/cs-gates-ana/releases/tag/x",
    "REVIEW_URL": "",
}


@pytest.fixture(scope="module")
def outside(tmp_path_factory):
    """The environment of a platform's container without a network: pip finds wheels, apt-get brings nothing."""
    folder = tmp_path_factory.mktemp("outside")
    wheels = write_wheels(folder / "wheels")
    (folder / "apt-get").write_text("#!/bin/sh\nexit 0\n")
    (folder / "apt-get").chmod(0o755)
    return {
        "PATH": f"{folder}:/usr/local/bin:/usr/bin:/bin",
        "HOME": str(folder),
        "KATA_PYTHON": sys.executable,
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(wheels),
        "PIP_NO_COMPILE": "1",
    }


def bash(script, environment, **more):
    done = subprocess.run(["bash", *script], env={**environment, **more}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done


def report_of(files, tmp_path):
    """What `kata grade` says of the same file, by check."""
    out = tmp_path / "graded"
    line = [sys.executable, "-m", "grader", "grade", str(files), "--kata", "02", "--out", str(out)]
    subprocess.run(line, cwd=ROOT, capture_output=True, check=True)
    (kata,) = json.loads((out / "results.jsonl").read_text("utf-8"))["katas"]
    return kata


# --- from an empty folder, as the platform does ---------------------------------------------------------------------


def test_gradescope_runs_its_package_and_takes_the_result(tmp_path, outside):
    root = tmp_path / "autograder"
    unpack("gradescope", root / "source", "--hidden", "after_published")
    for name in ("submission", "results"):
        (root / name).mkdir()
    (root / "submission" / "gates.py").write_bytes(HALF.read_bytes())
    bash([root / "source" / "setup.sh"], outside, KATA_ROOT=str(root))
    done = bash([root / "source" / "run_autograder"], outside, KATA_ROOT=str(root))
    result = json.loads((root / "results" / "results.json").read_text("utf-8"))
    jsonschema.validate(result, GRADESCOPE)
    marked = report_of(HALF, tmp_path)
    assert result["score"] == marked["score"]
    assert [(test["score"], test["max_score"]) for test in result["tests"]] == [
        (check["points"], check["max_points"]) for check in marked["checks"]
    ]
    assert [test["visibility"] for test in result["tests"]] == [
        "after_published" if check["hidden"] else "visible" for check in marked["checks"]
    ]
    assert "theta_sign" in done.stdout, "instructors read the whole report"
    assert result["stdout_visibility"] == "hidden"
    assert result["extra_data"]["isolation"] in ("full", "kernel-rules")


def test_prairielearn_runs_its_package_and_takes_the_result(tmp_path, outside):
    course = unpack("prairielearn", tmp_path / "course", "--image", "ana/kata:1")
    question = course / "questions" / "kata_02_gates"
    bash([course / "image" / "install.sh"], outside)
    grade = tmp_path / "grade"
    (grade / "student").mkdir(parents=True)
    (question / "tests").rename(grade / "tests")
    (grade / "student" / "gates.py").write_bytes(HALF.read_bytes())
    # PrairieLearn makes the entrypoint executable and starts it; the folder for results is the grader's to make.
    bash([grade / "tests" / "grade.sh"], outside, KATA_ROOT=str(grade), KATA_HOME=str(course / "image"))
    raw = (grade / "results" / "results.json").read_bytes()
    result = json.loads(raw)
    jsonschema.validate(result, PRAIRIELEARN)
    assert len(raw) < PRAIRIELEARN_BYTES
    marked = report_of(HALF, tmp_path)
    assert result["score"] == pytest.approx(marked["score"] / marked["max_score"], abs=1e-9)
    assert [test["points"] for test in result["tests"]] == [check["points"] for check in marked["checks"]]


@pytest.fixture(scope="module")
def github_package(tmp_path_factory):
    return unpack("github", tmp_path_factory.mktemp("github") / "package", "--organization", "my-course")


def test_github_runs_its_action_and_the_reporter_tells_the_same_marks_twice(tmp_path, outside, github_package):
    package = github_package
    workflow = yaml.safe_load((package / "assignment" / ".github" / "workflows" / "classroom.yml").read_text("utf-8"))
    (job,) = workflow["jobs"].values()
    _, judge, reporter = job["steps"]
    assert judge["uses"] == "my-course/kata-02-gates@main"
    assert reporter["with"]["runners"] == f"${{{{ steps.{judge['id']}.outputs.runners }}}}"
    action = yaml.safe_load((package / "judge" / "action.yml").read_text("utf-8"))
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    (checkout / "gates.py").write_bytes(HALF.read_bytes())
    files = {name: str(tmp_path / name) for name in ("GITHUB_ENV", "GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    paths = {"GITHUB_ACTION_PATH": str(package / "judge"), "GITHUB_WORKSPACE": str(checkout)}
    for step in action["runs"]["steps"]:
        if "run" in step:
            # GitHub's own shell for `shell: bash`.
            script = step["run"].replace("KATA_PYTHON=python", f"KATA_PYTHON={sys.executable}")
            bash(["--noprofile", "--norc", "-eo", "pipefail", "-c", script], outside, **files, **paths)
    environment = dict(line.split("=", 1) for line in Path(files["GITHUB_ENV"]).read_text("utf-8").splitlines())
    (runners,) = Path(files["GITHUB_OUTPUT"]).read_text("utf-8").splitlines()
    told = Reporter(runners.removeprefix("runners="), environment)
    marked = report_of(HALF, tmp_path)
    assert told.total == round(marked["score"] * 100)
    assert told.most == round(marked["max_score"] * 100)
    assert sum(told.table) == told.total, "the table counts tests, the total adds points"
    assert told.failed
    assert "All four rows fire." in Path(files["GITHUB_STEP_SUMMARY"]).read_text("utf-8")


def test_classroom_50_runs_the_autograder_and_a_submission_cannot_stand_in_for_its_tools(
    tmp_path, outside, github_package
):
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    (checkout / "gates.py").write_bytes(HALF.read_bytes())
    canary = tmp_path / "canary"
    for name in ("pip", "venv", "grader", "sitecustomize", "pytest", "numpy", "conftest"):
        (checkout / f"{name}.py").write_text(f"open({str(canary)!r}, 'w')\nraise SystemExit(0)\n")
    # The runner starts it in the student's checkout.
    line = [sys.executable, str(github_package / "judge" / "autograder.py")]
    done = subprocess.run(
        line, cwd=checkout, env={**outside, **RUNNER50}, capture_output=True, text=True, timeout=PATIENCE_S, check=False
    )
    assert done.returncode == 0, done.stderr
    assert not canary.exists()
    result = json.loads((checkout / "result.json").read_text("utf-8"))
    check_classroom50(result, classroom="cs", assignment="gates")
    assert result["score"] == round(report_of(HALF, tmp_path)["score"] * 100)
    assert "All four rows fire." in (checkout / "release-body.md").read_text("utf-8")


def test_all_three_bring_the_same_judge(tmp_path):
    kits = []
    for platform, place in (("gradescope", "."), ("prairielearn", "image"), ("github", "judge")):
        folder = unpack(platform, tmp_path / platform) / place
        kits.append({path.name: path.read_bytes() for path in folder.glob("*.whl")})
        kits[-1] |= {name: (folder / name).read_bytes() for name in ("install.sh", "requirements.txt")}
    assert kits[0] == kits[1] == kits[2]
    assert "pytest==" in kits[0]["requirements.txt"].decode()


# --- what is in them ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("platform", ["gradescope", "prairielearn", "github"])
def test_a_package_holds_one_katas_checks_and_no_answer(tmp_path, platform):
    folder = unpack(platform, tmp_path / "package", kata="11")
    solutions = ROOT / "solutions"
    answers = {path.read_bytes() for path in solutions.rglob("*.py") if not path.name.endswith("_hidden.py")}
    answers -= {path.read_bytes() for path in solutions.rglob("support/*.py")}
    answers |= {path.read_bytes() for path in solutions.rglob(EDITS)}
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert not [path for path in files if path.read_bytes() in answers]
    katas = {path.parent.name for path in files if path.name == "kata.toml"}
    assert katas == {"11_fit_new"}
    assert {path.name for path in files if path.parent.parent.name == "solutions"} == {"test_fit_new_hidden.py"}


@pytest.mark.parametrize("kata", KATAS.values(), ids=lambda kata: kata.name)
def test_no_check_imports_what_another_kata_brings(kata):
    """Or a package with that kata alone could not judge."""
    for path in kata.files("judge"):
        if path.suffix != ".py":
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            module = node.module if isinstance(node, ast.ImportFrom) else None
            if module and module.startswith("perceptron."):
                assert module.split(".")[1] in ("shared", kata.slug), path


@pytest.mark.parametrize("number", ["02", "11", "16"])
def test_the_judge_of_a_package_gives_the_reference_full_marks(tmp_path, number):
    kata = KATAS[number]
    package = unpack("gradescope", tmp_path / "package", kata=number)
    handed = tmp_path / "handed"
    handed.mkdir()
    (handed / kata.file_name).write_bytes((kata.solution / kata.file_name).read_bytes())
    result = judge("gradescope", package, handed, tmp_path)
    assert result["score"] == kata.points


def test_points_of_a_course_count(tmp_path):
    (tmp_path / "course.toml").write_text('[[katas]]\nuse = "02_gates"\npoints = 10\n')
    line = [sys.executable, "-m", "grader", "package", "gradescope", "--kata", "02", "--to", "package"]
    subprocess.run([*line, "--bank", str(ROOT)], cwd=tmp_path, capture_output=True, check=True)
    result = judge("gradescope", tmp_path / "package", HALF.parent, tmp_path)
    assert sum(test["max_score"] for test in result["tests"]) == pytest.approx(10)


def test_a_question_of_prairielearn_has_the_keys_that_it_takes(tmp_path):
    course = unpack("prairielearn", tmp_path / "course", "--image", "ana/kata:1")
    question = course / "questions" / "kata_02_gates"
    info = json.loads((question / "info.json").read_text("utf-8"))
    options = info["externalGradingOptions"]
    assert (info["type"], info["gradingMethod"]) == ("v3", "External")
    assert set(options) <= PRAIRIELEARN_OPTIONS
    assert options["image"] == "ana/kata:1"
    assert 300 < options["timeout"] <= 600
    assert options["enableNetworking"] is False
    page = (question / "question.html").read_text("utf-8")
    lesson, _, editor = page.partition("<pl-file-editor")
    assert 'source-file-name="gates.py"' in editor
    assert "{{" not in lesson.replace("{{! A dollar in a lesson is no formula. }}", "")
    assert (question / "gates.py").read_bytes() == GATES.student_file.read_bytes()


def test_a_question_made_again_keeps_its_id(tmp_path):
    ids = set()
    for name in ("a", "b"):
        course = unpack("prairielearn", tmp_path / name, "--lang", "ko")
        ids.add(json.loads((course / "questions" / "kata_02_gates" / "info.json").read_text("utf-8"))["uuid"])
    assert len(ids) == 1


def test_students_read_the_language_that_was_chosen(tmp_path):
    package = unpack("gradescope", tmp_path / "package", "--lang", "ko")
    result = judge("gradescope", package, HALF.parent, tmp_path)
    assert "통과한 공개 검사: 0/5" in result["output"]
    assert all("가" <= "".join(sorted(test["output"]))[-1] <= "힣" for test in result["tests"])
    hidden = [test["name"] for test in result["tests"] if test["name"].startswith("숨은 검사: ")]
    assert len(hidden) == 5


def test_every_platform_that_is_run_is_in_the_table():
    assert set(RESULTS) == {"gradescope", "prairielearn", "github", "classroom50"}
