"""Choices that a check would give away are recorded, and what a training engine refuses is the student's result."""

import json

import pytest

from grader.bank.kata import load_katas
from grader.intake import Submission
from grader.judge.judge import Judge
from grader.result import Outcome, Status
from tests.conftest import FILES, write_bank
from tests.test_plugin import answer, run_pytest

PUBLIC = FILES["exercises/01_double/test_double.py"]
RECORDS = PUBLIC.replace("    look(student, 4)\n", "    look(student, 4)\n    student.record('WHY', 'HOW')\n")
NOTES = FILES["exercises/01_double/messages.toml"] + '\n[tags.well]\nnote = true\nen = "Well."\nko = "좋아요."\n'
RIGHT = "def double(x):\n    return 2 * x\n"


def grade_in(folder, source, **changes):
    katas = load_katas(write_bank(folder, changes))
    with Judge(katas) as judge:
        return judge.grade(Submission("s", {"01_double": source.encode()}))


def test_a_recorded_choice_passes_and_says_that_it_is_judged_later(tmp_path):
    report = grade_in(tmp_path, RIGHT, **{"exercises/01_double/test_double.py": RECORDS})
    check = report.katas[0].checks[1]
    assert (check.outcome, check.tag, check.points) == (Outcome.PASSED, "recorded", 0.5)
    assert check.message == {
        "en": "recorded, judged later: WHY, HOW",
        "ko": "기록했고 나중에 채점해요: WHY, HOW",
    }


def test_recorded_outweighs_another_note_and_both_are_told(tmp_path):
    both = RECORDS.replace("    student.record(", "    student.note('well')\n    student.record(")
    changes = {"exercises/01_double/test_double.py": both, "exercises/01_double/messages.toml": NOTES}
    check = grade_in(tmp_path, RIGHT, **changes).katas[0].checks[1]
    assert check.tag == "recorded"
    assert check.message["en"] == "Well.\nrecorded, judged later: WHY, HOW"


def test_a_recorded_choice_has_a_sign_of_its_own_in_the_row_of_marks(tmp_path):
    write_bank(tmp_path, {"exercises/01_double/test_double.py": RECORDS})
    answer(tmp_path, RIGHT)
    done = run_pytest(tmp_path, "exercises/01_double")
    assert "01_double  o ?  Double: 2 of 2 public checks" in done.stdout
    assert "\n  recorded, judged later: WHY, HOW" in done.stdout
    assert done.returncode == 0


@pytest.mark.parametrize("error", ["BadInput", "Unsupported"])
def test_what_the_engine_refuses_in_a_check_is_the_students_result_and_not_the_kits_fault(tmp_path, error):
    refuses = PUBLIC.replace("    look(student, 4)\n", f"    raise errors.{error}('not finite')\n")
    refuses = refuses.replace("from grader import expect", "from grader import errors, expect")
    report = grade_in(tmp_path, RIGHT, **{"exercises/01_double/test_double.py": refuses})
    check = report.katas[0].checks[1]
    assert report.status is Status.GRADED
    assert (check.outcome, check.tag) == (Outcome.FAILED, "not_trainable")
    assert "not finite" not in json.dumps(check.to_json())


def test_any_other_fault_of_ours_in_a_check_stays_ours(tmp_path):
    fails = PUBLIC.replace("    look(student, 4)\n", "    raise errors.InternalFault('ours')\n")
    fails = fails.replace("from grader import expect", "from grader import errors, expect")
    report = grade_in(tmp_path, RIGHT, **{"exercises/01_double/test_double.py": fails})
    assert report.katas[0].checks[1].outcome is Outcome.INTERNAL
