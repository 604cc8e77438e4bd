"""Packages for other platforms: what is in them, and each run from an empty folder as its platform would."""

import ast
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import jsonschema
import pytest
import yaml
from click.testing import CliRunner

from grader.authoring.answers import EDITS, wrong_answers
from grader.bank.kata import load_katas
from grader.cli import kata as command
from grader.errors import IsolationError
from grader.platforms import run
from grader.platforms.feedback import Feedback, Shown, as_markdown
from grader.platforms.table import RESULTS
from tests.conftest import ROOT
from tests.platform_rules import (
    GRADESCOPE,
    PRAIRIELEARN,
    PRAIRIELEARN_BYTES,
    PRAIRIELEARN_OPTIONS,
    Reporter,
    check_classroom50,
)
from tests.wheelhouse import write_wheels

KATAS = {kata.number: kata for kata in load_katas(ROOT)}
GATES = KATAS["02"]
HALF = ROOT / "examples" / "class" / "s04_wrong_weights" / "02_gates" / "gates.py"
"""Five known mistakes."""
RUNNER50 = {
    "CLASSROOM": "cs",
    "ASSIGNMENT": "gates",
    "SUBMISSION_TAG": "submit/2026-06-01T14-32-05Z-a1b2c3d",
    "COMMIT_URL": "https://github.com/cs/cs-gates-ana/commit/a1b2c3d",
    "RELEASE_URL": "https://github.com/cs/cs-gates-ana/releases/tag/x",
    "REVIEW_URL": "",
}


def call(*arguments):
    return CliRunner().invoke(command, [str(one) for one in arguments], catch_exceptions=False, standalone_mode=False)


def make(platform, target, *options, kata="02"):
    """Write a package, in a process of its own: its exit status is what counts."""
    line = [sys.executable, "-m", "grader", "package", platform, "--kata", kata, "--to", str(target), *options]
    return subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False)


def unpack(platform, folder, *options, kata="02"):
    done = make(platform, folder.with_suffix(".zip"), *options, kata=kata)
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(folder.with_suffix(".zip")) as archive:
        archive.extractall(folder)
    return folder


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
        line, cwd=checkout, env={**outside, **RUNNER50}, capture_output=True, text=True, timeout=120, check=False
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


def judge(platform, package, handed, tmp_path, *, status=0, file="results.json"):
    out = tmp_path / "results"
    done = call("package", "run", platform, "--judge", package, "--submission", handed, "--results", out)
    assert done.exit_code == status, done.output
    return json.loads((out / file).read_text("utf-8")) if (out / file).exists() else None


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


# --- where there is no mark -----------------------------------------------------------------------------------------


@pytest.fixture
def no_walls(monkeypatch):
    def refuse():
        raise IsolationError("no_landlock", {"namespaces": "refused"})

    monkeypatch.setattr(run, "require_isolation", refuse)


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    return unpack("gradescope", tmp_path_factory.mktemp("package") / "package")


@pytest.mark.usefixtures("no_walls")
def test_where_nothing_isolates_no_platform_is_told_a_mark(tmp_path, package):
    """And nothing that it would take for one: PrairieLearn makes 0 points of an exit status, Gradescope of no score."""
    assert judge("gradescope", package, HALF.parent, tmp_path, status=4) is None
    assert judge("classroom50", package, HALF.parent, tmp_path, status=4, file="result.json") is None
    learn = judge("prairielearn", package, HALF.parent, tmp_path)
    jsonschema.validate(learn, PRAIRIELEARN)
    assert learn["gradable"] is False
    assert "no mark" in learn["format_errors"][0]
    told = github_told(package, HALF.parent, tmp_path)
    assert told.failed
    assert not told.tells_points
    assert told.table == [0], "not NaN"
    assert "no mark" in told.tests[0]["message"]


def github_told(package, handed, tmp_path):
    judge("github", package, handed, tmp_path)
    lines = (tmp_path / "results" / "environment.txt").read_text("utf-8").splitlines()
    runners = (tmp_path / "results" / "outputs.txt").read_text("utf-8").strip().removeprefix("runners=")
    return Reporter(runners, dict(line.split("=", 1) for line in lines))


@pytest.mark.usefixtures("no_walls")
def test_a_result_that_was_handed_in_does_not_stand_for_one(tmp_path, package):
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "result.json").write_text('{"score": 600}')
    assert judge("classroom50", package, HALF.parent, tmp_path, status=4, file="result.json") is None


@pytest.mark.usefixtures("no_walls")
def test_a_package_made_for_it_judges_without_walls_and_says_so(tmp_path):
    package = unpack("gradescope", tmp_path / "package", "--no-isolation")
    result = judge("gradescope", package, HALF.parent, tmp_path)
    assert result["extra_data"]["isolation"] == "none"
    assert result["score"] == 0


@pytest.mark.parametrize("fault", [ZeroDivisionError("ours"), MemoryError()])
def test_a_fault_of_the_kit_is_no_mark_either(tmp_path, package, monkeypatch, fault):
    def fail(*_):
        raise fault

    monkeypatch.setattr(run, "judge_one", fail)
    assert judge("gradescope", package, HALF.parent, tmp_path, status=3) is None
    assert judge("prairielearn", package, HALF.parent, tmp_path)["gradable"] is False
    assert not github_told(package, HALF.parent, tmp_path).tells_points


def test_a_package_without_its_checks_is_no_mark(tmp_path):
    (tmp_path / "empty").mkdir()
    assert judge("prairielearn", tmp_path / "empty", HALF.parent, tmp_path)["gradable"] is False
    assert judge("gradescope", tmp_path / "empty", HALF.parent, tmp_path, status=2) is None


def test_what_cannot_be_read_is_told_to_the_student(tmp_path, package):
    """PrairieLearn then counts no attempt; the others know points only, so a student hands in again."""
    handed = tmp_path / "handed"
    handed.mkdir()
    (handed / "my_gates.py").write_text("AND = 1\n")
    learn = judge("prairielearn", package, handed, tmp_path)
    assert learn["gradable"] is False
    assert "gates.py" in learn["format_errors"][0]
    scope = judge("gradescope", package, handed, tmp_path)
    jsonschema.validate(scope, GRADESCOPE)
    assert scope["score"] == 0
    assert "gates.py" in scope["output"]
    fifty = judge("classroom50", package, handed, tmp_path, file="result.json")
    assert (fifty["score"], fifty["max-score"]) == (0, 600)
    told = github_told(package, handed, tmp_path)
    assert told.failed
    assert not told.tells_points


# --- what students read ---------------------------------------------------------------------------------------------


def feedback_with(text):
    check = Shown("rows[AND]", "AND `is` right <b>", hidden=False, passed=False, points=0, max_points=1, text=text)
    return Feedback("02_gates", "Gates", 1.0, checks=(check,), summary="Public checks passed: 0 of 1.")


@pytest.mark.parametrize("text", ["```\n# <script>alert(1)</script>", "`" * 40 + "\n@everyone", "~~~\n[a](http://b)"])
def test_what_a_submission_answers_closes_no_fence_of_a_page(text):
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark").parse(as_markdown(feedback_with(text)))
    fenced = [token.content for token in tokens if token.type == "fence"]
    assert f"{text}\n" in fenced
    assert not [token for token in tokens if token.type == "html_block"]
    inline = [child for token in tokens for child in token.children or ()]
    assert {child.type for child in inline} <= {"text", "strong_open", "strong_close", "text_special"}


def test_hidden_checks_tell_no_input_and_no_expected_value(tmp_path):
    """Of a hidden check: its title, and sentences that the kit has ready, without a value in them."""
    package = unpack("gradescope", tmp_path / "package", kata="01")
    kata = KATAS["01"]
    own = [*strings_of(kata.exercise / "messages.toml"), *strings_of(ROOT / "grader" / "texts" / "common.toml")]
    seen = 0
    for wrong in wrong_answers(kata)[:6]:
        handed = tmp_path / wrong.name
        handed.mkdir()
        (handed / kata.file_name).write_text(wrong.source, "utf-8")
        for test in judge("gradescope", package, handed, tmp_path)["tests"]:
            if test["name"].startswith("Hidden: ") and test["output"]:
                first, *others = test["output"].splitlines()
                assert first == f"A hidden check did not pass: {test['name'].removeprefix('Hidden: ')}."
                assert all(any(line in text for text in own) for line in others), others
                seen += 1
    assert seen


def strings_of(path):
    import tomllib

    def walk(value):
        if isinstance(value, dict):
            for inner in value.values():
                yield from walk(inner)
        elif isinstance(value, str):
            yield value

    return list(walk(tomllib.loads(path.read_text("utf-8"))))


# --- bad input ------------------------------------------------------------------------------------------------------


def test_bad_input_is_one_sentence_and_leaves_nothing(tmp_path):
    (tmp_path / "there.zip").write_text("mine")
    done = make("gradescope", tmp_path / "there.zip")
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert (tmp_path / "there.zip").read_text() == "mine"
    done = make("github", tmp_path / "new.zip", kata="99")
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["there.zip"]


def test_a_students_copy_makes_no_package(tmp_path):
    release = tmp_path / "release"
    subprocess.run(
        [sys.executable, "-m", "grader", "release", "--to", release], cwd=ROOT, check=True, capture_output=True
    )
    done = subprocess.run(
        [sys.executable, "-m", "grader", "package", "github", "--kata", "02", "--to", "p.zip"],
        cwd=release,
        env={**os.environ, "KATA_LANG": "en"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "solutions" in done.stderr


def test_every_platform_that_is_run_is_in_the_table():
    assert set(RESULTS) == {"gradescope", "prairielearn", "github", "classroom50"}
