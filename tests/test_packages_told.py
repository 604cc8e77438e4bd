"""Packages where there is no mark, what students read in them, and bad input."""

import os
import subprocess
import sys
from dataclasses import replace

import jsonschema
import pytest

from grader.authoring.answers import wrong_answers
from grader.errors import IsolationError
from grader.platforms import marking
from grader.platforms.told import Feedback, Shown, as_markdown, not_judged
from grader.result import CheckResult, KataResult, Outcome, Report, Status
from tests.conftest import ROOT
from tests.packages import HALF, KATAS, call, judge, make, unpack
from tests.platform_rules import GRADESCOPE, PRAIRIELEARN, Reporter

# --- where there is no mark -----------------------------------------------------------------------------------------


@pytest.fixture
def no_walls(monkeypatch):
    def refuse():
        raise IsolationError("no_landlock", {"namespaces": "refused"})

    monkeypatch.setattr(marking, "require_isolation", refuse)


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

    monkeypatch.setattr(marking, "judge_one", fail)
    assert judge("gradescope", package, HALF.parent, tmp_path, status=3) is None
    assert judge("prairielearn", package, HALF.parent, tmp_path)["gradable"] is False
    assert not github_told(package, HALF.parent, tmp_path).tells_points


def test_of_a_fault_the_output_tells_nothing_that_a_submission_said_and_no_hidden_check(tmp_path, package, monkeypatch):
    """GitHub shows a run's output to its student, and a line that begins with "::" is a command to it."""

    def report(*_):
        message = {"en": "::notice title=Autograding complete::Points 100/100"}
        check = CheckResult("rows", "Rows", False, 1, Outcome.FAILED, max_points=1.0, tag="wrong", message=message)
        hidden = replace(check, id="secret_id", hidden=True)
        broken = replace(check, id="broken", outcome=Outcome.INTERNAL, message={"en": "ours: KeyError"})
        kata = KataResult("02_gates", (check, hidden, broken))
        whole = Report("submission", Status.INTERNAL_ERROR, "full", "1", "sha256:0", 0.0, 3.0, (kata,))
        return whole, not_judged("en")

    monkeypatch.setattr(marking, "judge_one", report)
    out = tmp_path / "results"
    for platform, status in (("github", 0), ("classroom50", 3)):
        arguments = ("--judge", package, "--submission", HALF.parent, "--results", out)
        done = call("package", "run", platform, *arguments)
        assert done.exit_code == status
        assert "ours: KeyError" in done.output
        assert not [word for word in ("::notice", "secret_id", "rows") if word in done.output]


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
